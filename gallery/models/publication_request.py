"""Wishes to show a team's picture to everyone, which somebody else has to allow."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Team, TeamRight
from gallery.models.team_share import TeamShare

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User


class RequestState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    APPROVED = "approved", _("Approved")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")


def reviews_due(user: User, asset: OuterRef | uuid.UUID) -> models.QuerySet[TeamShare]:
    """The teams `asset` hangs in whose editors must say yes before `user` publishes it.

    What an editor of a team approved stays approved there: the picture cannot change.
    """
    reviewing = Team.objects.open().filter(reviews_publications=True)
    own = Team.objects.of(user, TeamRight.APPROVE)
    approved = PublicationRequest.objects.filter(
        asset=OuterRef("asset"), team=OuterRef("team"), state=RequestState.APPROVED
    )
    hung = TeamShare.objects.filter(asset=asset, team__in=reviewing).exclude(team__in=own)
    return hung.exclude(Exists(approved))


class PublicationRequestQuerySet(models.QuerySet["PublicationRequest"]):
    def waiting(self) -> Self:
        """Undecided ones of pictures that still hang in the team."""
        hung = TeamShare.objects.filter(asset=OuterRef("asset"), team=OuterRef("team"))
        undecided = self.filter(state=RequestState.WAITING, asset__deleted_at=None)
        return undecided.filter(Exists(hung))

    def asked_by(self, user: User | AnonymousUser) -> Self:
        """What `user` wished, whatever became of it; visitors wish nothing."""
        return self.filter(asked_by=user) if user.is_authenticated else self.none()

    def for_editor(self, user: User) -> Self:
        """Those that `user` may decide."""
        return self.filter(team__in=Team.objects.of(user, TeamRight.APPROVE))

    def withdraw(self) -> int:
        """Wish no longer; what was decided stays decided."""
        waiting = self.filter(state=RequestState.WAITING)
        return waiting.update(state=RequestState.WITHDRAWN, decided_at=timezone.now())


class PublicationRequest(models.Model):
    """Somebody wishes that everyone may see `asset`; an editor of `team` says yes or no."""

    asset = models.ForeignKey(
        "gallery.Asset", on_delete=models.CASCADE, related_name="publication_requests"
    )
    team = models.ForeignKey(
        "accounts.Team", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+"
    )
    asked_at = models.DateTimeField(default=timezone.now, editable=False)
    state = models.CharField(max_length=9, choices=RequestState, default=RequestState.WAITING)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    # What the editor says to whoever asked.
    note = models.CharField(max_length=500, blank=True)

    objects = PublicationRequestQuerySet.as_manager()

    class Meta:
        indexes = (
            models.Index(
                fields=["team", "asked_at", "id"],
                condition=Q(state=RequestState.WAITING),
                name="publication_waiting_oldest",
            ),
        )
        constraints = (
            models.UniqueConstraint(
                fields=["asset", "team"],
                condition=Q(state=RequestState.WAITING),
                name="publication_waits_once",
            ),
            models.CheckConstraint(
                condition=Q(state__in=RequestState.values), name="publication_state_known"
            ),
        )

    def __str__(self) -> str:
        return f"{self.asset_id} by team {self.team_id}: {self.state}"

    def decide(self, editor: User, state: RequestState, note: str = "") -> bool:
        """Approve or decline it; False when that was done meanwhile."""
        waiting = PublicationRequest.objects.waiting().for_editor(editor).filter(pk=self.pk)
        decided = {"decided_by": editor, "decided_at": timezone.now(), "note": note}
        return waiting.update(state=state, **decided) == 1
