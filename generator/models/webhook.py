"""Where people have news of their tasks sent, and what signs it."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, Team, User
from accounts.rights import TeamRight, roles_with
from accounts.sealing import seal, unseal
from generator.webhooks.signing import new_secret

if TYPE_CHECKING:
    from generator.models.generation import Generation

PURPOSE = "webhook"
MAX_URL = 500
#: How long a secret that was replaced signs as well.
OVERLAP = dt.timedelta(hours=24)
#: Without a single success for so long, a webhook whose delivery is given up is switched off.
PATIENCE = dt.timedelta(days=3)


class WebhookEvent(models.TextChoices):
    """What can be told. A test is sent by hand and cannot be subscribed to."""

    SUCCEEDED = "generation.succeeded", _("A job succeeded")
    FAILED = "generation.failed", _("A job failed")
    CANCELLED = "generation.cancelled", _("A job was cancelled")


class WebhookQuerySet(models.QuerySet["Webhook"]):
    def managed_by(self, user: User | AnonymousUser) -> Self:
        """Those `user` may see and change: their own, and those of teams where they may."""
        if not user.is_authenticated:
            return self.none()
        teams = Team.objects.of(user, TeamRight.MANAGE_WEBHOOKS)
        return self.filter(Q(owner=user, team=None) | Q(team__in=teams))

    def live(self) -> Self:
        """Those that are told anything now: switched on, by somebody who still may."""
        may = Membership.objects.filter(
            user=OuterRef("owner"),
            team=OuterRef("team"),
            team__closed_at=None,
            role__in=roles_with(TeamRight.MANAGE_WEBHOOKS),
        )
        still = Q(team=None) | Exists(may)
        return self.filter(still, enabled=True, owner__is_active=True)

    def about(self, generation: Generation) -> Self:
        """The owner's, and those of the team that pays."""
        mine = Q(owner=generation.owner_id, team=None)
        team = generation.payer.team_id
        return self.filter(mine | Q(team=team) if team else mine)


class Webhook(models.Model):
    """An address that is told of tasks: a person's own, or those that a team pays for.

    `owner` made it, or was the last to change it: what is sent is what that person may see, and
    nothing is sent once they left the team, lost the right or closed their account.
    """

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="webhooks"
    )
    team = models.ForeignKey(
        Team, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    url = models.CharField(max_length=MAX_URL)
    description = models.CharField(max_length=120, blank=True)
    # A list of WebhookEvent values.
    events = models.JSONField(default=list)
    enabled = models.BooleanField(default=True)
    # Sealed; the old one signs as well until its moment.
    secret = models.CharField(max_length=300)
    old_secret = models.CharField(max_length=300, blank=True)
    old_secret_until = models.DateTimeField(null=True)
    # Since when not a single delivery succeeded; null while they do.
    failing_since = models.DateTimeField(null=True)
    # When we switched it off, why, and whether its owner was told.
    stopped_at = models.DateTimeField(null=True)
    stopped_because = models.CharField(max_length=120, blank=True)
    told_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = WebhookQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        indexes = (
            models.Index(
                fields=["id"],
                condition=Q(stopped_at__isnull=False, told_at=None),
                name="webhook_untold",
            ),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(enabled=False) | Q(stopped_at=None),
                name="webhook_stopped_is_off",
            ),
        )

    def __str__(self) -> str:
        return self.url

    @classmethod
    def new(cls, owner: User, url: str, events: list[str], *, team: Team | None = None) -> Webhook:
        """Not saved yet, with a secret of its own."""
        sealed = seal(new_secret(), PURPOSE)
        return cls(owner=owner, team=team, url=url, events=events, secret=sealed)

    def reveal(self) -> str:
        """The secret, to be shown once."""
        return unseal(self.secret, PURPOSE)

    @property
    def old_secret_signs(self) -> bool:
        """Whether the secret before this one signs as well."""
        return bool(self.old_secret_until and self.old_secret_until > timezone.now())

    def secrets(self) -> list[str]:
        """What signs now, the newest first. Raises `accounts.sealing.Unreadable`."""
        found = [self.reveal()]
        if self.old_secret_signs:
            found.append(unseal(self.old_secret, PURPOSE))
        return found

    def rotate(self, by: User) -> str:
        """Sign with a new secret, which is returned, and for a day with the present one too."""
        secret = new_secret()
        Webhook.objects.filter(pk=self.pk).update(
            old_secret=models.F("secret"),
            old_secret_until=timezone.now() + OVERLAP,
            secret=seal(secret, PURPOSE),
            owner=by,
        )
        self.refresh_from_db()
        return secret

    def change(self, by: User, **columns: object) -> None:
        """Write `columns`; who changes it answers for it. Switching it on forgets its failures."""
        if columns.get("enabled"):
            columns |= {"stopped_at": None, "stopped_because": "", "failing_since": None}
            columns["told_at"] = None
        Webhook.objects.filter(pk=self.pk).update(owner=by, **columns)
        self.refresh_from_db()

    def note_success(self) -> None:
        """Remember that somebody listens there."""
        Webhook.objects.filter(pk=self.pk, failing_since__isnull=False).update(failing_since=None)

    def note_failure(self) -> None:
        """Remember since when nobody does."""
        Webhook.objects.filter(pk=self.pk, failing_since=None).update(failing_since=Now())

    def stop(self, reason: str, *, failing_for: dt.timedelta | None = None) -> bool:
        """Switch it off, if it failed at least for so long; whether this call did it."""
        rows = Webhook.objects.filter(pk=self.pk, enabled=True)
        if failing_for:
            rows = rows.filter(failing_since__lte=Now() - failing_for)
        stopped = rows.update(enabled=False, stopped_at=Now(), stopped_because=reason[:120])
        return stopped == 1
