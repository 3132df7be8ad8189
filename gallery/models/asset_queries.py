"""Who may see and change which pictures: the one place where it says so."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any, Self, TypeAlias

from django.contrib.auth.models import AnonymousUser
from django.db import models, transaction
from django.db.models import Exists, F, OuterRef, Prefetch, Q
from django.utils import timezone

from accounts.models import SensitivePictures, Team, TeamRight, User
from gallery import documents
from gallery.models.choices import Rating, Scope, Visibility
from gallery.models.like import Like
from gallery.models.publication_request import PublicationRequest, reviews_due
from gallery.models.review import under_review
from gallery.models.share import Share
from gallery.models.team_share import TeamShare
from gallery.models.viewing import is_moderator, policy_of

if TYPE_CHECKING:
    from gallery.models.asset import Asset

#: Whoever looks, signed in or not.
Viewer: TypeAlias = User | AnonymousUser
#: What `gallery.cards` shows of a picture, and what the next page of a list begins after.
CARD_COLUMNS = (
    *("id", "name", "prompt", "width", "height", "color", "rating", "listed"),
    *("stack", "like_count", "trend", "created_at"),
)


def _in_a_team_of(user: User, right: TeamRight, team: Team | None = None) -> Exists:
    """Whether it hangs in a team (or in this one) where `user` holds `right`."""
    teams = Team.objects.of(user, right)
    if team:
        teams = teams.filter(pk=team.pk)
    return Exists(TeamShare.objects.filter(asset=OuterRef("pk"), team__in=teams))


def _shared_with(user: User) -> Exists:
    """Whether its owner shared it with `user` in person."""
    return Exists(Share.objects.filter(asset=OuterRef("pk"), person=user))


def _shared_for_editing(user: User) -> Exists:
    """Whether its owner lets `user` change its words."""
    return Exists(Share.objects.filter(asset=OuterRef("pk"), person=user, may_edit=True))


def is_own(asset: Asset, user: Viewer) -> bool:
    """What `disposable_by` says of a picture that was read. Owners may do everything."""
    return asset.owner_id == user.pk and asset.deleted_at is None


class AssetQuerySet(models.QuerySet["Asset"]):
    @transaction.atomic
    def create(self, **columns: Any) -> Asset:  # type: ignore[override]  # one model is meant
        """As everywhere in Django; searches find it from then on."""
        asset = super().create(**columns)
        documents.write([asset], {}, {})
        return asset

    def update(self, **columns: Any) -> int:
        """As everywhere in Django; searches find them as they are then."""
        if not documents.COLUMNS & columns.keys():
            return super().update(**columns)
        with transaction.atomic():
            pks = list(self.order_by().values_list("pk", flat=True))
            count = super().update(**columns)
            documents.rewrite(pks)
        return count

    def visible_to(self, user: Viewer) -> Self:
        """The pictures `user` may look at. Binned ones are nobody's but their owner's bin."""
        rows = self.filter(deleted_at=None)
        if not user.is_authenticated:
            return rows.filter(listed=True).suiting(user)
        shared = Q(_in_a_team_of(user, TeamRight.SEE)) | Q(_shared_with(user))
        if is_moderator(user):
            # A moderator sees what waits for one.
            shared |= Q(visibility=Visibility.PUBLIC) | under_review()
        return rows.filter(Q(owner=user) | Q(listed=True) | shared)

    def suiting(self, viewer: Viewer) -> Self:
        """Without what `viewer` is not to be shown in lists (`gallery.models.viewing`).

        Their own always stay.
        """
        if policy_of(viewer) != SensitivePictures.HIDE:
            return self
        if not viewer.is_authenticated:
            return self.filter(rating=Rating.SAFE)
        return self.filter(~Q(rating=Rating.SENSITIVE) | Q(owner=viewer))

    def open_to_anybody(self) -> Self:
        """What may be shown anywhere, to nobody in particular: previews, feeds, other sites."""
        return self.filter(deleted_at=None, listed=True, rating=Rating.SAFE)

    def editable_by(self, user: Viewer) -> Self:
        """The pictures whose name, description and tags `user` may change."""
        if not user.is_authenticated:
            return self.none()
        shared = Q(_in_a_team_of(user, TeamRight.EDIT_PICTURES))
        shared |= Q(_shared_for_editing(user))
        return self.filter(Q(owner=user) | shared, deleted_at=None)

    def disposable_by(self, user: Viewer) -> Self:
        """The pictures that `user` may publish, share and delete: their own."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(deleted_at=None, owner=user)

    def publishable_by(self, user: Viewer) -> Self:
        """Those of their own that `user` may show to everyone without asking an editor first."""
        if not user.is_authenticated:
            return self.none()
        return self.disposable_by(user).exclude(Exists(reviews_due(user, OuterRef("pk"))))

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
        if scope == Scope.SHARED:
            return rows.filter(_shared_with(user)).suiting(user)
        return rows.filter(owner=user) if scope == Scope.MINE else self.none()

    def hung_in(self, team: Team) -> Self:
        """The gallery of a team, whoever asks; adds `moment` and `place`, its order's columns.

        They are columns of the share, whose index has them in this order.
        """
        hung = self.filter(deleted_at=None, team_shares__team=team)
        return hung.annotate(moment=F("team_shares__made_at"), place=F("team_shares__asset"))

    def given_to(self, user: User) -> Self:
        """What others shared with `user` in person; adds `moment` and `place`, as `hung_in`."""
        given = self.filter(deleted_at=None, direct_shares__person=user)
        return given.annotate(moment=F("direct_shares__made_at"), place=F("direct_shares__asset"))

    @transaction.atomic
    def move_to_bin(self) -> list[uuid.UUID]:
        """Hide them from everyone at once, and end what they were shared by beside teams.

        Says which. Whoever brings one back shares it anew: a link must not revive unseen.
        """
        wanted = self.filter(deleted_at=None).order_by("pk").values_list("pk", flat=True)
        rows = self.model._base_manager.filter(pk__in=list(wanted), deleted_at=None)
        # In one order, and held: of two that delete the same one, one does.
        locked = rows.select_for_update().order_by("pk").values_list("pk", flat=True)
        kept = list(locked)
        rows.filter(pk__in=kept).update(deleted_at=timezone.now())
        Share.objects.filter(asset__in=kept).end()
        PublicationRequest.objects.filter(asset__in=kept).withdraw()
        return kept

    def for_cards(self) -> Self:
        """With what `gallery.cards` reads of each picture, and no more."""
        return self.only(*CARD_COLUMNS)

    def for_viewer(self, user: Viewer) -> Self:
        """Everything a page or an answer shows of each picture, in a constant number of queries.

        Adds `liked`, `can_edit` and `can_dispose`, which say what `user` may do with it,
        `parent_seen`: whether `user` may see what it was remixed from,
        `shares`: those with teams that `user` is in, and
        `wishes`: what `user` asked editors for, who have not answered yet.
        """
        same = AssetQuerySet(self.model).filter(pk=OuterRef("pk"))
        above = AssetQuerySet(self.model).filter(pk=OuterRef("parent"))
        mine = Like.objects.filter(asset=OuterRef("pk"), user=user.pk)
        shares = TeamShare.objects.filter(team__in=Team.objects.of(user)).select_related("team")
        seen = Prefetch("team_shares", shares.order_by("team__name", "team"), to_attr="shares")
        asked = PublicationRequest.objects.asked_by(user).waiting()
        wishes = Prefetch("publication_requests", asked, to_attr="wishes")
        rows = self.select_related("owner").annotate(
            liked=Exists(mine),
            can_edit=Exists(same.editable_by(user)),
            can_dispose=Exists(same.disposable_by(user)),
            parent_seen=Exists(above.visible_to(user)),
        )
        return rows.prefetch_related("variants", "tags", seen, wishes)

    def newest_first(self) -> Self:
        return self.order_by("-created_at", "-pk")
