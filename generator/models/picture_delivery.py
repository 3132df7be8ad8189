"""A picture that its client wants to have sent somewhere, and how that went."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from generator.models.clock import moment_in
from generator.models.output import Output
from generator.models.status import UNFINISHED

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User

#: Seconds for which whoever sends it has it to themselves: longer than one try may take.
LEASE = 180.0
#: What one person may have on its way at once, so that slow addresses hold up nobody else.
MOST_AT_ONCE = 2
#: Seconds before the second try, the third, and so on.
PAUSES = (10.0, 60.0, 300.0, 1800.0, 7200.0)
#: How long one is told of after it ended.
KEPT = dt.timedelta(days=30)


class SendingState(models.TextChoices):
    WAITING = "waiting", "Waiting"
    SENT = "sent", "Sent"
    FAILED = "failed", "Failed"


def _made() -> models.QuerySet[Output]:
    """The row that says which picture it is, once that is made."""
    made = Output.objects.filter(generation=OuterRef("generation"), position=OuterRef("position"))
    return made.exclude(asset=None)


class PictureDeliveryQuerySet(models.QuerySet["PictureDelivery"]):
    def of(self, user: User | AnonymousUser) -> Self:
        """Those that `user` asked for."""
        return self.filter(owner_id=user.pk)

    def failed(self) -> Self:
        return self.filter(state=SendingState.FAILED)

    def due(self) -> Self:
        """Those whose picture is there and whose time has come, the oldest first."""
        ready = Q(asset__isnull=False) | Exists(_made())
        now = Q(not_before=None) | Q(not_before__lte=Now())
        free = Q(lease_until=None) | Q(lease_until__lt=Now())
        left = Q(attempts__lte=len(PAUSES), state=SendingState.WAITING, owner__is_active=True)
        waiting = self.filter(ready, now, free, left)
        return waiting.exclude(owner__in=self._busy()).order_by("pk")

    def _busy(self) -> models.QuerySet[PictureDelivery, int]:
        """Whose pictures are on their way already, as many as may be at once."""
        going = self.model.objects.filter(lease_until__gte=Now(), state=SendingState.WAITING)
        counted = going.order_by().values("owner").annotate(n=Count("pk"))
        return counted.filter(n__gte=MOST_AT_ONCE).values_list("owner", flat=True)

    def pointless(self) -> Self:
        """Those that wait for a picture that will never be."""
        ended = Q(generation=None) | ~Q(generation__status__in=UNFINISHED)
        waiting = self.filter(ended, state=SendingState.WAITING).order_by("pk")
        return waiting.exclude(Q(asset__isnull=False) | Exists(_made()))

    def worn_out(self) -> Self:
        """Those whose last try was never ended: whoever made it died of it."""
        last = self.filter(attempts__gt=len(PAUSES), lease_until__lt=Now())
        return last.filter(state=SendingState.WAITING).order_by("pk")

    def forget_old(self) -> int:
        """Drop those that ended long ago; says how many."""
        deleted, _rows = self.filter(ended_at__lt=timezone.now() - KEPT).delete()
        return deleted

    def take(self) -> PictureDelivery | None:
        """The next one that is due, for the caller alone for LEASE seconds; None when none is."""
        for delivery in self.due()[:20]:
            mine = self.filter(
                pk=delivery.pk, state=SendingState.WAITING, attempts=delivery.attempts
            )
            if mine.update(attempts=F("attempts") + 1, lease_until=moment_in(LEASE)):
                delivery.attempts += 1
                return delivery
        return None


class PictureDelivery(models.Model):
    """One picture for one address. Nothing is charged for it, whatever becomes of it.

    Picture `position` of `generation`, or `asset` where that was made before.
    """

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    generation = models.ForeignKey(
        "generator.Generation", null=True, on_delete=models.CASCADE, related_name="deliveries"
    )
    position = models.PositiveSmallIntegerField(default=0)
    asset = models.ForeignKey(
        "gallery.Asset", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    # Empty once it ended: the address may carry its own key.
    endpoint = models.TextField(blank=True)
    # What may be told of it.
    host = models.CharField(max_length=255)
    state = models.CharField(max_length=7, choices=SendingState, default=SendingState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    # When another try makes sense, and how long somebody is busy with one. Null: at once, nobody.
    not_before = models.DateTimeField(null=True)
    lease_until = models.DateTimeField(null=True)
    # One sentence: why it failed, or why the last try did.
    error = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    ended_at = models.DateTimeField(null=True)

    objects = PictureDeliveryQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)
        indexes = (
            models.Index(
                fields=["owner"], condition=Q(state="waiting"), name="picture_delivery_waiting"
            ),
            models.Index(fields=["id"], condition=Q(state="waiting"), name="picture_delivery_next"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=["generation", "position"], name="picture_delivery_once"
            ),
            models.CheckConstraint(
                condition=Q(state__in=SendingState.values), name="picture_delivery_state_known"
            ),
        )

    def __str__(self) -> str:
        # Not the address, which may be a secret.
        return f"{self.pk} to {self.host}"

    @property
    def told(self) -> str:
        """One sentence about one that failed."""
        number = self.position + 1
        words = _("Picture %(number)d was not sent to %(host)s. %(why)s")
        return words % {"number": number, "host": self.host, "why": self.error}

    def sent(self) -> bool:
        """It arrived; False when somebody else had it meanwhile."""
        return self._end(SendingState.SENT, "")

    def failed(self, reason: str) -> bool:
        """It never will."""
        return self._end(SendingState.FAILED, reason)

    def put_off(self, reason: str, wait: float = 0.0) -> bool:
        """Another try later, after `wait` seconds at least; the last one fails."""
        if self.attempts > len(PAUSES):
            return self.failed(reason)
        pause = max(wait, PAUSES[self.attempts - 1])
        later = moment_in(pause)
        changed = self._held().update(not_before=later, lease_until=None, error=reason[:300])
        return changed == 1

    def _end(self, state: SendingState, reason: str) -> bool:
        ended = self._held().update(
            state=state, error=reason[:300], endpoint="", lease_until=None, ended_at=Now()
        )
        return ended == 1

    def _held(self) -> models.QuerySet[PictureDelivery]:
        return PictureDelivery.objects.filter(
            pk=self.pk, state=SendingState.WAITING, attempts=self.attempts
        )
