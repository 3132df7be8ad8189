"""Who may see and change which pictures: the one place where it says so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self, TypeAlias

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Exists, F, OuterRef, Prefetch, Q

from accounts.models import SensitivePictures, Team, TeamRight, User
from gallery.models.choices import Rating, Scope
from gallery.models.like import Like
from gallery.models.team_share import TeamShare
from gallery.models.viewing import policy_of

if TYPE_CHECKING:
    from gallery.models.asset import Asset  # noqa: F401 (named by the base below)

#: Whoever looks, signed in or not.
Viewer: TypeAlias = User | AnonymousUser


def _in_a_team_of(user: User, right: TeamRight, team: Team | None = None) -> Exists:
    """Whether it hangs in a team (or in this one) where `user` holds `right`."""
    teams = Team.objects.of(user, right)
    if team:
        teams = teams.filter(pk=team.pk)
    return Exists(TeamShare.objects.filter(asset=OuterRef("pk"), team__in=teams))


class AssetQuerySet(models.QuerySet["Asset"]):
    def visible_to(self, user: Viewer) -> Self:
        """The pictures `user` may look at. Binned ones are nobody's but their owner's bin."""
        rows = self.filter(deleted_at=None)
        if not user.is_authenticated:
            return rows.filter(listed=True).suiting(user)
        shared = _in_a_team_of(user, TeamRight.SEE)
        return rows.filter(Q(owner=user) | Q(listed=True) | shared)

    def suiting(self, viewer: Viewer) -> Self:
        """Without what `viewer` is not to be shown in lists: see `gallery.models.viewing`."""
        if policy_of(viewer) != SensitivePictures.HIDE:
            return self
        return self.exclude(rating=Rating.SENSITIVE)

    def open_to_anybody(self) -> Self:
        """What may be shown anywhere, to nobody in particular: previews, feeds, other sites."""
        return self.filter(deleted_at=None, listed=True, rating=Rating.SAFE)

    def editable_by(self, user: Viewer) -> Self:
        """The pictures whose name, description and tags `user` may change."""
        if not user.is_authenticated:
            return self.none()
        shared = _in_a_team_of(user, TeamRight.EDIT_PICTURES)
        return self.filter(Q(owner=user) | shared, deleted_at=None)

    def disposable_by(self, user: Viewer) -> Self:
        """The pictures that `user` may publish, share and delete: their own."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(deleted_at=None, owner=user)

    def in_bin_of(self, user: Viewer) -> Self:
        """What `user` deleted and can still bring back."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(owner=user, deleted_at__isnull=False)

    def shown_to(self, user: Viewer, scope: str, team: Team | None = None) -> Self:
        """What `user` finds under `scope`: "mine", "public", or "team" (all of theirs, or one)."""
        rows = self.filter(deleted_at=None)
        if scope == Scope.PUBLIC:
            return rows.filter(listed=True).suiting(user)
        if not user.is_authenticated:
            return self.none()
        if scope == Scope.TEAM:
            return rows.filter(_in_a_team_of(user, TeamRight.SEE, team)).suiting(user)
        return rows.filter(owner=user) if scope == Scope.MINE else self.none()

    def hung_in(self, team: Team) -> Self:
        """The gallery of a team, whoever asks; adds `moment` and `place`, its order's columns.

        They are columns of the share, whose index has them in this order.
        """
        hung = self.filter(deleted_at=None, team_shares__team=team)
        return hung.annotate(moment=F("team_shares__made_at"), place=F("team_shares__asset"))

    def for_cards(self, user: Viewer) -> Self:
        """What a card shows of each picture; adds `liked`: does `user` like it."""
        mine = Like.objects.filter(asset=OuterRef("pk"), user=user.pk)
        return self.prefetch_related("variants").annotate(liked=Exists(mine))

    def for_viewer(self, user: Viewer) -> Self:
        """Everything a page or an answer shows of each picture, in a constant number of queries.

        Adds `liked`, `can_edit` and `can_dispose`, which say what `user` may do with it, and
        `shares`: those with teams that `user` is in.
        """
        same = AssetQuerySet(self.model).filter(pk=OuterRef("pk"))
        shares = TeamShare.objects.filter(team__in=Team.objects.of(user)).select_related("team")
        seen = Prefetch("team_shares", shares.order_by("team__name", "team"), to_attr="shares")
        return (
            self.for_cards(user)
            .select_related("owner")
            .prefetch_related("tags", seen)
            .annotate(
                can_edit=Exists(same.editable_by(user)),
                can_dispose=Exists(same.disposable_by(user)),
            )
        )

    def newest_first(self) -> Self:
        return self.order_by("-created_at", "-pk")
