"""Invitations into a team, by e-mail or by a link that can be passed on."""

from __future__ import annotations

import datetime as dt
import secrets
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone

from accounts.models.api_key import hash_token
from accounts.models.team import Membership, Team
from accounts.rights import Role

if TYPE_CHECKING:
    from accounts.models.user import User

VALID_FOR = dt.timedelta(days=14)


class InvitationIsForSomebodyElse(Exception):
    """The invitation is bound to another e-mail address."""


class InvitationIsOver(Exception):
    """Used up, taken back or too old; or its team, or who made it, is here no more."""


class TeamInvitationQuerySet(models.QuerySet["TeamInvitation"]):
    def open(self) -> Self:
        """What still lets somebody in; nothing that came from an account that is closed now."""
        mine = self.unspent().filter(team__closed_at=None)
        return mine.exclude(invited_by__is_active=False)

    def unspent(self) -> Self:
        """What is left of them, as far as their own rows say, so that an UPDATE can ask again."""
        return self.filter(revoked_at=None, expires_at__gt=timezone.now(), used__lt=F("uses"))

    def pending(self) -> Self:
        """What a team should know of: neither used up nor revoked, though perhaps past its day."""
        return self.filter(revoked_at=None, used__lt=F("uses"))

    def find(self, token: str) -> TeamInvitation | None:
        """The invitation that `token` spells, open or not, or None."""
        return self.select_related("team").filter(hash=hash_token(token)).first()


class TeamInvitation(models.Model):
    """A way into `team` as `role`, `uses` times; for one address only when it names one."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="invitations")
    role = models.CharField(max_length=12, choices=Role)
    email = models.EmailField(blank=True)
    hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    uses = models.PositiveIntegerField(default=1)
    used = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    objects = TeamInvitationQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.CheckConstraint(
                condition=Q(used__lte=F("uses"), uses__gt=0), name="team_invitation_uses"
            ),
            models.CheckConstraint(
                condition=Q(role__in=Role.values), name="team_invitation_role_known"
            ),
            models.CheckConstraint(
                condition=Q(email="") | Q(uses=1), name="team_invitation_to_a_person_once"
            ),
        )

    def __str__(self) -> str:
        return self.email or f"link {self.pk}"

    @property
    def left(self) -> int:
        """How often it can still be used."""
        return self.uses - self.used

    @property
    def is_past(self) -> bool:
        return self.expires_at <= timezone.now()

    @classmethod
    def issue(
        cls,
        team: Team,
        role: Role,
        *,
        invited_by: User,
        email: str = "",
        uses: int = 1,
        valid_for: dt.timedelta = VALID_FOR,
    ) -> tuple[TeamInvitation, str]:
        """Make an invitation; returns it with the token that goes into the link."""
        token = secrets.token_urlsafe(24)
        invitation = cls.objects.create(
            team=team,
            role=role,
            email=email.lower(),
            hash=hash_token(token),
            invited_by=invited_by,
            uses=uses,
            expires_at=timezone.now() + valid_for,
        )
        return invitation, token

    def renew(self, valid_for: dt.timedelta = VALID_FOR) -> str:
        """Open it anew for so long; returns the new token, and the old one opens nothing."""
        token = secrets.token_urlsafe(24)
        kept = TeamInvitation.objects.filter(pk=self.pk, revoked_at=None, used__lt=F("uses"))
        if not kept.update(hash=hash_token(token), expires_at=timezone.now() + valid_for):
            raise InvitationIsOver
        self.refresh_from_db(fields=["hash", "expires_at"])
        return token

    def check_for(self, user: User) -> None:
        """Raises InvitationIsForSomebodyElse or InvitationIsOver unless `user` may use it now."""
        if self.email and self.email != user.email.lower():
            raise InvitationIsForSomebodyElse
        if not TeamInvitation.objects.open().filter(pk=self.pk).exists():
            raise InvitationIsOver

    @transaction.atomic
    def accept(self, user: User) -> Membership:
        """Let `user` in; a member stays as they are and uses nothing. Raises like `check_for`."""
        # Held, so that the team is not closed meanwhile.
        Team.objects.select_for_update(no_key=True).filter(pk=self.team_id).first()
        self.check_for(user)
        membership, is_new = Membership.objects.get_or_create(
            team=self.team, user=user, defaults={"role": self.role}
        )
        if is_new:
            # The condition counts: two people may hold the last use of one link.
            mine = TeamInvitation.objects.unspent().filter(pk=self.pk)
            if not mine.update(used=F("used") + 1):
                raise InvitationIsOver
        return membership

    def revoke(self) -> None:
        TeamInvitation.objects.filter(pk=self.pk, revoked_at=None).update(revoked_at=timezone.now())
        self.refresh_from_db(fields=["revoked_at"])
