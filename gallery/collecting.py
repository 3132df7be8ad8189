"""Collections as lists show them: pages by keyset, each with the picture that stands for it."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import Team, TeamRight, User
from gallery.listing import cursor_at, read_cursor
from gallery.models import Asset, Collection, CollectionRole, CollectionShare, Visibility
from gallery.models.asset_queries import Viewer
from gallery.models.collection import MAX_COLLECTIONS, CollectionQuerySet

#: Collections that a picker offers; into others one puts pictures from where they are.
OFFERED = 200


class TooManyCollections(ValueError):
    """Somebody has as many as one may have; `str()` says so to people."""

    def __init__(self) -> None:
        super().__init__(_("You have %d collections, and no more are possible.") % MAX_COLLECTIONS)


@dataclass(frozen=True)
class CollectionCard:
    """A collection, and the picture that stands for it; None when there is none to be seen."""

    collection: Collection
    front: Asset | None


@dataclass(frozen=True)
class CollectionPage:
    """One page, and the cursor of the next one (None on the last)."""

    items: list[CollectionCard]
    next_cursor: str | None


def page(
    rows: CollectionQuerySet, viewer: Viewer, *, cursor: str | None, limit: int
) -> CollectionPage:
    """The `limit` newest after `cursor`, in a constant number of queries. Raises `BadCursor`."""
    if cursor:
        moment, pk = read_cursor(cursor)
        rows = rows.filter(Q(created_at__lte=moment) & (Q(created_at__lt=moment) | Q(pk__lt=pk)))
    found = list(rows.for_cards(viewer).order_by("-created_at", "-pk")[: limit + 1])
    items, last = found[:limit], found[limit - 1 : limit]
    following = cursor_at(last[0].created_at, last[0].pk) if len(found) > limit else None
    return CollectionPage(cards(items), following)


def cards(collections: Iterable[Collection]) -> list[CollectionCard]:
    """Each with its picture; they come from `CollectionQuerySet.for_cards`."""
    found = list(collections)
    wanted = [each.front_id for each in found if each.front_id]
    rows = Asset.objects.filter(pk__in=wanted).defer("recipe").prefetch_related("variants")
    fronts: dict[uuid.UUID | None, Asset] = {asset.pk: asset for asset in rows}
    return [CollectionCard(each, fronts.get(each.front_id)) for each in found]


@transaction.atomic
def begin(
    owner: User, name: str, description: str = "", visibility: str = Visibility.PRIVATE
) -> Collection:
    """A new one without pictures. Raises `TooManyCollections`."""
    # Two that are begun at once are counted one after the other.
    User.objects.select_for_update(no_key=True).get(pk=owner.pk)
    if Collection.objects.of(owner).count() >= MAX_COLLECTIONS:
        raise TooManyCollections
    return Collection.objects.create(
        owner=owner, name=name, description=description, visibility=visibility
    )


def choices(user: Viewer, asset: Asset) -> dict[str, list[Collection]]:
    """For a picker: those that the picture lies in, as far as they are kept for `user`, and those
    it could be put into."""
    inside = Collection.objects.kept_for(user).filter(items__asset=asset).for_viewer(user)
    holding = list(inside.order_by("name", "pk"))
    others = Collection.objects.editable_by(user).exclude(pk__in=[each.pk for each in holding])
    return {"holding": holding, "possible": list(others.order_by("name", "pk")[:OFFERED])}


def teams_to_share_with(user: User) -> list[Team]:
    """The teams that `user` may share a collection with."""
    return list(Team.objects.of(user, TeamRight.SHARE).order_by("name", "pk"))


def people_to_share_with(user: User) -> list[User]:
    """Those who are in a team with `user`: of others nobody needs to learn that they are here."""
    teams = Team.objects.of(user).values("pk")
    people = User.objects.filter(memberships__team__in=teams, is_active=True).exclude(pk=user.pk)
    return sorted(people.distinct(), key=lambda person: (person.display_name.lower(), person.pk))


def share(
    collection: Collection,
    role: CollectionRole,
    *,
    team: Team | None = None,
    person: User | None = None,
) -> CollectionShare:
    """Let a team or a person open it, as `role` from now on."""
    share, _created = CollectionShare.objects.update_or_create(
        collection=collection, team=team, person=person, defaults={"role": role}
    )
    return share
