"""Teams: people who share a gallery and a wallet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AnonymousUser
from django.db import models, transaction
from django.db.models import Count, OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models.monthly_use import MonthlyUse
from accounts.models.wallet import Wallet
from accounts.rights import Role, TeamRight, roles_with

if TYPE_CHECKING:
    from accounts.models.user import User


#: Teams that one person may own at once.
MAX_TEAMS = 50


class TooManyTeams(Exception):
    """The person owns `MAX_TEAMS` already; `str()` says so to people."""

    def __init__(self) -> None:
        super().__init__(gettext("You own %d teams already. Delete one first.") % MAX_TEAMS)


class LastOwner(Exception):
    """Somebody must own the team; nothing was changed."""


class TeamQuerySet(models.QuerySet["Team"]):
    def open(self) -> Self:
        return self.filter(closed_at=None)

    def of(self, user: User | AnonymousUser, right: TeamRight = TeamRight.SEE) -> Self:
        """The teams in which `user` holds `right` now."""
        if not user.is_authenticated:
            return self.none()
        holds = Membership.objects.filter(user=user, role__in=roles_with(right))
        return self.open().filter(pk__in=holds.values("team"))

    @transaction.atomic
    def found(self, name: str, founder: User) -> Team:
        """A new team with an empty wallet, owned by `founder`; or `TooManyTeams`."""
        # Two that are founded at once are counted one after the other.
        get_user_model().objects.select_for_update(no_key=True).get(pk=founder.pk)
        if founder.memberships.filter(role=Role.OWNER).count() >= MAX_TEAMS:
            raise TooManyTeams
        team = self.create(name=name)
        Wallet.objects.create(team=team)
        Membership.objects.create(team=team, user=founder, role=Role.OWNER)
        return team


class Team(models.Model):
    """People who share a gallery and a wallet. A closed one is nobody's; its ledger stays."""

    name = models.CharField(_("name"), max_length=80)
    # What happens to the pictures that somebody shared with it, when that person leaves.
    keeps_pictures = models.BooleanField(default=True)
    # Whether an editor decides which of its pictures everyone may see.
    reviews_publications = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    closed_at = models.DateTimeField(null=True, editable=False)

    objects = TeamQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name

    @transaction.atomic
    def close(self) -> bool:
        """End it: nobody is in it any more. Its wallet and entries stay for the accounts."""
        if not Team.objects.filter(pk=self.pk, closed_at=None).update(closed_at=timezone.now()):
            return False
        self.memberships.all().delete()
        _stop_work()
        self.refresh_from_db(fields=["closed_at"])
        return True

    def owner_like(self, wanted: User | None) -> User | None:
        """That person, if they own the team; else the owner who has been in it longest."""
        owners = list(self.memberships.filter(role=Role.OWNER).select_related("user"))
        people = [each.user for each in owners]
        return wanted if wanted in people else next(iter(people), None)


class MembershipQuerySet(models.QuerySet["Membership"]):
    def with_use(self) -> Self:
        """Adds `used`: what each spent of their team's credits this month, None for nothing."""
        use = MonthlyUse.objects.this_month().filter(
            wallet__team=OuterRef("team"), user=OuterRef("user")
        )
        return self.annotate(used=Subquery(use.values("used")))

    def with_size(self) -> Self:
        """Adds `size`: how many people are in that team."""
        people = Membership.objects.filter(team=OuterRef("team")).order_by().values("team")
        return self.annotate(size=Subquery(people.annotate(n=Count("pk")).values("n")))


class Membership(models.Model):
    """Somebody in a team, as what, and how much of its credits they may spend in a month."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships"
    )
    role = models.CharField(_("role"), max_length=12, choices=Role)
    # Credits a month; null is no limit.
    monthly_limit = models.PositiveIntegerField(_("limit"), null=True, blank=True)
    joined_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        ordering = ("joined_at", "pk")
        constraints = (
            models.UniqueConstraint(fields=["team", "user"], name="membership_once"),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="membership_role_known"),
        )

    def __str__(self) -> str:
        return f"{self.user} ({self.role}) in {self.team}"

    def may(self, right: TeamRight) -> bool:
        return self.role in roles_with(right)

    @transaction.atomic
    def take_role(self, role: Role) -> None:
        """Be `role` from the next request on; `LastOwner` when nobody would own the team."""
        self._keep_an_owner(role)
        Membership.objects.filter(pk=self.pk).update(role=role)
        self.role = role
        if not self.may(TeamRight.INVITE):
            self._take_back_invitations()
        _stop_work()

    def limit_to(self, credits: int | None) -> None:
        """Let them spend so much in a month, from the next charge on; None is no limit."""
        Membership.objects.filter(pk=self.pk).update(monthly_limit=credits)
        self.monthly_limit = credits

    @property
    def is_last_owner(self) -> bool:
        others = Membership.objects.filter(team=self.team_id, role=Role.OWNER).exclude(pk=self.pk)
        return self.role == Role.OWNER and not others.exists()

    @transaction.atomic
    def end(self, *, keep: bool | None = None, heir: User | None = None) -> None:
        """Leave, or be removed; `LastOwner` when nobody would own the team.

        With `keep`, the pictures that this person shared with the team belong to `heir` from
        now on, an owner who stays (the longest-serving one unless it says another); otherwise
        the team sees them no more. None is what the team has settled on.
        """
        self._keep_an_owner(None)
        team, leaver = self.team, self.user
        self._take_back_invitations()
        self.delete()
        keeps = team.keeps_pictures if keep is None else keep
        hand_over = import_string(settings.HANDS_OVER_PICTURES)
        hand_over(team, leaver, team.owner_like(heir) if keeps else None)
        _stop_work()

    def _take_back_invitations(self) -> None:
        """Or whoever was removed comes back, as an owner, by a link they made before."""
        theirs = self.team.invitations.filter(invited_by=self.user_id, revoked_at=None)
        theirs.update(revoked_at=timezone.now())

    def _keep_an_owner(self, role: Role | None) -> None:
        # Two owners who leave at once must not each see the other: the team's row is the lock.
        Team.objects.select_for_update(no_key=True).get(pk=self.team_id)
        others = Membership.objects.filter(team=self.team_id, role=Role.OWNER).exclude(pk=self.pk)
        if role != Role.OWNER and not others.exists():
            raise LastOwner


def _stop_work() -> None:
    """Cancel what the team pays for those who may not spend now; the sweeper finds the rest."""
    transaction.on_commit(import_string(settings.STOPS_LOST_WALLETS), robust=True)
