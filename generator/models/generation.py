"""One request on its way to pictures: the state machine.

Every transition is one conditional UPDATE on the status (and, for whoever works
on it, the lease token), in one transaction with its ledger entries:

    queued  -> running              scheduling.claim
    queued  -> failed               expire
    queued, running -> cancelled    cancel
    running -> queued               requeue (a try failed, a worker stops), rescue
    running -> succeeded, failed    settle, deliver's last picture, rescue after the last try

Succeeded, failed and cancelled are final. Refunds pay for pictures that were not
delivered, once.
"""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import ngettext

from accounts.models import MAX_PROJECT, Wallet
from generator import doorbell
from generator.contract import ImageRequest
from generator.models.clock import lease_end, moment_in
from generator.models.engine_model import EngineModel
from generator.models.generation_rows import GenerationQuerySet
from generator.models.preview import Preview
from generator.models.status import UNFINISHED, Status
from generator.models.webhook_delivery import WebhookDelivery

#: How a run ends. The row decides: a worker's own count may come from a rolled-back delivery.
ENDED = Case(When(delivered__gt=0, then=Value(Status.SUCCEEDED)), default=Value(Status.FAILED))


class LeaseLost(Exception):
    """Somebody else decided about this generation; whatever we made of it is unwanted."""


class Generation(models.Model):
    """What somebody asked for, who pays, and how far it is."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="generations"
    )
    payer = models.ForeignKey(Wallet, on_delete=models.PROTECT, related_name="+")
    # The owner's label, which the statement files it under as well.
    project = models.CharField(max_length=MAX_PROJECT, blank=True, default="")
    model = models.ForeignKey(EngineModel, on_delete=models.PROTECT, related_name="+")
    # Denormalised from the model: what a worker looks for.
    engine = models.CharField(max_length=40)
    # An ImageRequest, see `request`.
    spec = models.JSONField()
    # Generations with the same key may share a forward pass.
    batch_key = models.CharField(max_length=64)
    # Which door it came through ("web", "native", ...), and what that door must echo.
    dialect = models.CharField(max_length=20, default="web")
    wire = models.JSONField(default=dict)
    # One sentence when another model paints than was named; see choosing.
    note = models.CharField(max_length=300, blank=True)
    # The picture it remixes, and the generation it tries again.
    parent_asset = models.ForeignKey(
        "gallery.Asset", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    retry_of = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="+")

    status = models.CharField(max_length=10, choices=Status, default=Status.QUEUED)
    # Fair queueing's start tag; the lowest is served next.
    turn = models.BigIntegerField(default=0)
    attempt = models.PositiveSmallIntegerField(default=0)
    lease_token = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)

    count = models.PositiveSmallIntegerField(default=1)
    delivered = models.PositiveSmallIntegerField(default=0)
    unit_price = models.PositiveIntegerField(default=0)
    # What each delivered picture costs us, as the model said when it was ordered.
    provider_cost = models.PositiveBigIntegerField(default=0)
    refunded = models.PositiveIntegerField(default=0)

    step = models.PositiveIntegerField(default=0)
    steps = models.PositiveIntegerField(default=0)
    # Grows with every change anybody can see; watchers compare it.
    revision = models.PositiveIntegerField(default=0)
    # Why it failed: a stable code for programs and one sentence for people.
    error_code = models.CharField(max_length=40, blank=True)
    error = models.CharField(max_length=300, blank=True)

    created_at = models.DateTimeField(default=timezone.now, editable=False)
    queued_at = models.DateTimeField(default=timezone.now)
    # When another try makes sense: a provider asked for patience. Null: at once.
    not_before = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    objects = GenerationQuerySet.as_manager()

    class Meta:
        indexes = (
            models.Index(
                fields=["engine", "turn", "created_at"],
                condition=Q(status="queued"),
                name="generation_due",
            ),
            models.Index(
                fields=["status", "lease_until"],
                condition=Q(status="running"),
                name="generation_leases",
            ),
            models.Index(fields=["owner", "-created_at", "-id"], name="generation_mine"),
            models.Index(fields=["owner", "engine", "-turn"], name="generation_owner_turn"),
            models.Index(
                fields=["owner"], condition=Q(status="queued"), name="generation_owner_queued"
            ),
            # Holds all that the overview sums up, so that it looks at no row.
            models.Index(
                fields=[
                    *("finished_at", "status", "queued_at", "started_at"),
                    *("delivered", "provider_cost"),
                ],
                condition=Q(finished_at__isnull=False),
                name="generation_by_day",
            ),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(status__in=Status.values), name="generation_status_known"
            ),
            models.CheckConstraint(
                condition=Q(delivered__lte=F("count")), name="generation_delivered_within_count"
            ),
            models.CheckConstraint(
                condition=Q(refunded__lte=F("unit_price") * F("count")),
                name="generation_refund_within_cost",
            ),
            models.CheckConstraint(
                condition=Q(status="running", lease_token__isnull=False, lease_until__isnull=False)
                | (~Q(status="running") & Q(lease_token=None)),
                name="generation_lease_only_while_running",
            ),
        )

    def __str__(self) -> str:
        return f"{self.pk} ({self.status})"

    @property
    def request(self) -> ImageRequest:
        return ImageRequest.from_json(self.spec)

    @property
    def cost(self) -> int:
        """What was charged, in credits."""
        return self.unit_price * self.count

    @property
    def reference(self) -> str:
        """How the ledger names this generation."""
        return f"generation:{self.pk}"

    @property
    def callback(self) -> str:
        """Where the request itself asked to be told of the end; empty for most."""
        return str(self.wire.get("webhook") or "")

    @property
    def is_finished(self) -> bool:
        return self.status not in UNFINISHED

    @property
    def ended_with_nothing(self) -> bool:
        return self.status in {Status.FAILED, Status.CANCELLED}

    # Whoever holds the lease.

    def hold(self, **changes: Any) -> None:
        """Renew the lease and write `changes`; LeaseLost when it is no longer ours."""
        if not self._held().update(lease_until=lease_end(), **changes):
            raise LeaseLost(self.pk)

    def deliver(self) -> None:
        """Count one more picture; the last one settles. LeaseLost when not ours any more.

        Runs inside the transaction that records the picture, and comes first there:
        its UPDATE is the fence that keeps a late worker from publishing.
        """
        self.hold(delivered=F("delivered") + 1, revision=F("revision") + 1)
        self.delivered += 1
        if self.delivered == self.count:
            self.settle()

    @transaction.atomic
    def settle(self, code: str = "", reason: str = "") -> bool:
        """End a run: succeeded with what was delivered, failed when that is nothing."""
        return self._finish(self._held(), ENDED, code, reason)

    def requeue(self, code: str, reason: str, *, spent: bool = True, wait: float = 0.0) -> bool:
        """Give it back for another try, or settle it when the tries are used up.

        `spent=False` gives the attempt back too: nothing was tried, or nothing went wrong.
        After a `wait` (seconds) its time in the queue counts on, so that it ends some day.
        """
        if spent and self.attempt >= settings.MAX_ATTEMPTS:
            return self.settle(code, reason)
        if wait:
            return self._requeue(self._held(), spent=spent, not_before=moment_in(wait))
        return self._requeue(self._held(), spent=spent, queued_at=Now())

    # Everybody else.

    @transaction.atomic
    def cancel(self) -> bool:
        """Stop it and give back what was not delivered; False when it ended before."""
        rows = Generation.objects.filter(pk=self.pk, status__in=UNFINISHED)
        return self._finish(rows, Status.CANCELLED, "cancelled", "")

    @transaction.atomic
    def expire(self, reason: str) -> bool:
        """Fail what waited too long; False when somebody began or stopped it meanwhile."""
        rows = Generation.objects.filter(pk=self.pk, status=Status.QUEUED)
        return self._finish(rows, Status.FAILED, "expired", reason)

    @transaction.atomic
    def rescue(self, code: str, reason: str) -> bool:
        """Take it from a worker whose lease passed; False when that worker is back."""
        rows = Generation.objects.abandoned().filter(pk=self.pk, lease_token=self.lease_token)
        if self.attempt < settings.MAX_ATTEMPTS:
            return self._requeue(rows, spent=True, queued_at=Now())
        return self._finish(rows, ENDED, code, reason)

    def _held(self) -> models.QuerySet[Generation]:
        return Generation.objects.filter(
            pk=self.pk, status=Status.RUNNING, lease_token=self.lease_token
        )

    def _requeue(
        self, rows: models.QuerySet[Generation], *, spent: bool, **times: models.Expression
    ) -> bool:
        changed = rows.update(
            status=Status.QUEUED,
            attempt=F("attempt") if spent else F("attempt") - 1,
            lease_token=None,
            lease_until=None,
            step=0,
            revision=F("revision") + 1,
            **{"not_before": None, **times},
        )
        return changed == 1

    def _finish(
        self, rows: models.QuerySet[Generation], target: Status | Case, code: str, reason: str
    ) -> bool:
        """Move to a final status and refund, in the caller's transaction."""
        moved = rows.update(
            status=target,
            lease_token=None,
            lease_until=None,
            error_code=code,
            error=reason[:300],
            refunded=F("unit_price") * (F("count") - F("delivered")),
            finished_at=Now(),
            revision=F("revision") + 1,
        )
        if not moved:
            return False
        Preview.objects.filter(generation=self).delete()
        self.refresh_from_db(fields=["status", "refunded", "delivered", "finished_at", "error"])
        if self.refunded:
            # Not `reason`: it may quote the prompt, and the ledger never forgets. The job says it.
            self.payer.refund(self.refunded, reference=self.reference, reason=self._not_made())
        if WebhookDelivery.objects.announce(self):
            transaction.on_commit(doorbell.ring_couriers, robust=True)
        return True

    def _not_made(self) -> str:
        missing = self.count - self.delivered
        return ngettext("%d picture not made", "%d pictures not made", missing) % missing
