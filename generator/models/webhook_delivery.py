"""The outbox: what must be told to whom, how often that was tried, and what was answered."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from generator.models.clock import moment_in
from generator.models.picture_delivery import PictureDelivery, SendingState
from generator.models.status import Status
from generator.models.webhook import MAX_URL, Webhook, WebhookEvent
from generator.webhooks.schedule import TRIES

if TYPE_CHECKING:
    from generator.models.generation import Generation

TEST_EVENT = "webhook.test"
#: Seconds after which a courier that says nothing is taken to be dead.
LEASE = 60
#: What one person may have on its way at once, so that slow receivers hold up nobody else.
MOST_AT_ONCE = 2
#: Characters of an answer that the log keeps.
MAX_EXCERPT = 1000
#: What never left, because nobody may send it any more.
STALE = dt.timedelta(days=3)
KEPT = dt.timedelta(days=30)

_EVENTS = {
    Status.SUCCEEDED: WebhookEvent.SUCCEEDED,
    Status.FAILED: WebhookEvent.FAILED,
    Status.CANCELLED: WebhookEvent.CANCELLED,
}


class WebhookState(models.TextChoices):
    PENDING = "pending", _("Waiting")
    DELIVERED = "delivered", _("Delivered")
    FAILED = "failed", _("Given up")


class WebhookDeliveryQuerySet(models.QuerySet["WebhookDelivery"]):
    def announce(self, generation: Generation) -> int:
        """Write down whom to tell that `generation` ended; in the transaction that ends it."""
        event = _EVENTS[Status(generation.status)]
        told = Webhook.objects.live().about(generation).only("owner", "events")
        rows = [
            WebhookDelivery(webhook=webhook, owner_id=webhook.owner_id)
            for webhook in told
            if event in webhook.events
        ]
        if url := generation.callback:
            rows.append(WebhookDelivery(url=url, owner_id=generation.owner_id))
        for row in rows:
            row.generation, row.event, row.due_at = generation, event, Now()
        return len(WebhookDelivery.objects.bulk_create(rows)) if rows else 0

    def due(self) -> Self:
        """What can leave now, the oldest first; not more of one person's than may be on its way."""
        on_its_way = self.model.objects.filter(lease_token__isnull=False, due_at__gt=Now())
        counted = on_its_way.values("owner").annotate(n=Count("pk"))
        busy = counted.filter(n__gte=MOST_AT_ONCE).values("owner")
        live = Q(webhook__in=Webhook.objects.live())
        # Links of a request that names its own receiver may lead to where its pictures go first.
        sending = PictureDelivery.objects.filter(
            generation=OuterRef("generation"), state=SendingState.WAITING, error=""
        )
        allowed = live | Q(~Exists(sending), webhook=None, owner__is_active=True)
        rows = self.filter(allowed, state=WebhookState.PENDING, due_at__lte=Now(), tries__lt=TRIES)
        return rows.exclude(owner__in=busy).order_by("due_at")

    def claim(self) -> WebhookDelivery | None:
        """Take the next one that is due, under a lease; None when nothing is."""
        for pk in list(self.due().values_list("pk", flat=True)[:5]):
            token = uuid.uuid4()
            # Whoever takes it moves the moment, so that nobody else finds it due.
            waiting = self.filter(pk=pk, state=WebhookState.PENDING, due_at__lte=Now())
            taken = waiting.update(lease_token=token, due_at=moment_in(LEASE), tries=F("tries") + 1)
            if taken:
                rows = self.select_related("webhook", "generation__owner", "owner")
                return rows.filter(pk=pk, lease_token=token).first()
        return None

    def give_up_stale(self) -> int:
        """End what nobody may send any more, or nobody could and live; returns how many.

        Whoever makes the last try ends it, except who dies of it.
        """
        over = Q(due_at__lt=Now() - STALE) | Q(due_at__lt=Now(), tries__gte=TRIES)
        return self.filter(over, state=WebhookState.PENDING).update(
            state=WebhookState.FAILED, due_at=None, lease_token=None, finished_at=Now()
        )

    def forget_old(self) -> int:
        """Delete what ended a month ago, with its log; returns how many."""
        old = self.filter(finished_at__lt=Now() - KEPT).values_list("pk", flat=True)[:1000]
        deleted, by_model = self.filter(pk__in=list(old)).delete()
        return by_model.get(self.model._meta.label, 0) if deleted else 0


class WebhookDelivery(models.Model):
    """One event for one receiver. Its id is the `webhook-id`, the same in every try."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # Null for what the request itself named a receiver for; then `url` says where.
    webhook = models.ForeignKey(
        Webhook, null=True, on_delete=models.CASCADE, related_name="deliveries"
    )
    url = models.CharField(max_length=MAX_URL, blank=True)
    # In whose name it is sent.
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    # Null for a test. The body is written anew for each try, so that links in it still open.
    generation = models.ForeignKey(
        "generator.Generation", null=True, on_delete=models.CASCADE, related_name="+"
    )
    event = models.CharField(max_length=40)
    state = models.CharField(max_length=10, choices=WebhookState, default=WebhookState.PENDING)
    # Tries since it was written, or sent again by hand.
    tries = models.PositiveSmallIntegerField(default=0)
    # When to try next; while one is under way, when its courier is taken to be dead.
    due_at = models.DateTimeField(null=True)
    lease_token = models.UUIDField(null=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    finished_at = models.DateTimeField(null=True)

    objects = WebhookDeliveryQuerySet.as_manager()

    class Meta:
        indexes = (
            models.Index(
                fields=["due_at"], condition=Q(state="pending"), name="webhook_delivery_due"
            ),
            models.Index(fields=["webhook", "-created_at", "-id"], name="webhook_delivery_log"),
            models.Index(
                fields=["finished_at"],
                condition=Q(finished_at__isnull=False),
                name="webhook_delivery_old",
            ),
        )
        constraints = (
            models.UniqueConstraint(
                fields=["generation", "webhook", "event"],
                condition=Q(generation__isnull=False, webhook__isnull=False),
                name="webhook_delivery_once",
            ),
            models.UniqueConstraint(
                fields=["generation"],
                condition=Q(webhook=None),
                name="webhook_delivery_callback_once",
            ),
            models.CheckConstraint(
                condition=Q(state="pending", due_at__isnull=False)
                | (~Q(state="pending") & Q(due_at=None, lease_token=None)),
                name="webhook_delivery_due_while_pending",
            ),
            models.CheckConstraint(
                condition=Q(webhook=None, generation__isnull=False) & ~Q(url="")
                | Q(webhook__isnull=False, url=""),
                name="webhook_delivery_has_one_address",
            ),
        )

    def __str__(self) -> str:
        return f"{self.event} {self.message_id} ({self.state})"

    @property
    def message_id(self) -> str:
        """How the receiver knows it again."""
        return f"msg_{self.pk.hex}"

    @property
    def address(self) -> str:
        return self.webhook.url if self.webhook else self.url

    @classmethod
    def test(cls, webhook: Webhook) -> WebhookDelivery:
        """A first message by hand, to see whether it arrives."""
        return cls.objects.create(
            webhook=webhook, owner_id=webhook.owner_id, event=TEST_EVENT, due_at=Now()
        )

    def finish(self, state: WebhookState) -> bool:
        """Deliver it or give it up; False when another courier has it by now."""
        return self._settle(state=state, due_at=None, finished_at=Now())

    def put_off(self, seconds: float) -> bool:
        """Try again after so many seconds; False when another courier has it by now."""
        return self._settle(due_at=moment_in(seconds))

    def _settle(self, **columns: object) -> bool:
        mine = WebhookDelivery.objects.filter(pk=self.pk, lease_token=self.lease_token)
        return mine.update(lease_token=None, **columns) == 1

    def send_again(self) -> bool:
        """Send it now, under the same id; False while a courier has it."""
        rows = WebhookDelivery.objects.filter(pk=self.pk, lease_token=None)
        again = rows.update(state=WebhookState.PENDING, due_at=Now(), tries=0, finished_at=None)
        return again == 1


class WebhookAttempt(models.Model):
    """One try: what was answered, or why nothing was."""

    delivery = models.ForeignKey(WebhookDelivery, on_delete=models.CASCADE, related_name="attempts")
    made_at = models.DateTimeField(default=timezone.now, editable=False)
    # An HTTP status; null when nobody answered.
    status = models.PositiveSmallIntegerField(null=True)
    # Why it counts as failed, in one sentence; empty when it does not.
    failure = models.CharField(max_length=120, blank=True)
    milliseconds = models.PositiveIntegerField(default=0)
    # The beginning of what was answered.
    excerpt = models.CharField(max_length=MAX_EXCERPT, blank=True)

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.status or self.failure} at {self.made_at}"
