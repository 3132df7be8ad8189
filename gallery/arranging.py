"""What lies in a collection, and in which order: adding, taking out, moving, walking along it.

An item's position is a number with gaps, so a move writes one row; when two neighbours leave no
number between them, the collection is numbered anew. Whoever writes holds the collection's row.
"""

from __future__ import annotations

import base64
import binascii
import struct
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F, Max, Q
from django.utils.translation import gettext as _

from gallery.listing import BadCursor, Page
from gallery.models import Asset, Collection, CollectionItem
from gallery.models.asset_queries import AssetQuerySet, Viewer
from gallery.models.collection import MAX_ITEMS

GAP = 1 << 20
#: The order of `pictures`, and its opposite.
FORWARDS = (F("place").asc(), F("item").asc())
BACKWARDS = (F("place").desc(), F("item").desc())
_PLACE = struct.Struct(">qq")


class Full(ValueError):
    """It holds as many pictures as it can; `str()` says so to people."""

    def __init__(self) -> None:
        super().__init__(_("A collection holds %d pictures at most.") % MAX_ITEMS)


@dataclass(frozen=True)
class Added:
    """Which pictures lie in the collection now, of those asked for; `new` were not before."""

    seen: frozenset[uuid.UUID]
    new: int

    @property
    def held(self) -> int:
        return len(self.seen)


def pictures(collection: Collection, viewer: Viewer) -> AssetQuerySet:
    """Those in it that `viewer` may see; adds `place` and `item`, the columns of its order."""
    return placed(Asset.objects.visible_to(viewer).suiting(viewer), collection)


def placed(rows: AssetQuerySet, collection: Collection) -> AssetQuerySet:
    """Those of `rows` that lie in it, with the columns of its order."""
    held = rows.filter(collection_items__collection=collection)
    return held.annotate(place=F("collection_items__position"), item=F("collection_items__id"))


def hidden(collection: Collection, viewer: Viewer) -> int:
    """How many it holds that `viewer` may not see; what lies in a bin is counted nowhere."""
    kept = collection.items.filter(asset__deleted_at=None).count()
    return kept - pictures(collection, viewer).count()


def page(rows: AssetQuerySet, *, cursor: str | None, limit: int) -> Page:
    """The next `limit` of `pictures(…)` after `cursor`. Raises `BadCursor`."""
    if cursor:
        place, item = _read(cursor)
        later = Q(place__gt=place) | Q(item__gt=item)
        rows = rows.filter(Q(place__gte=place) & later)
    found = list(rows.order_by(*FORWARDS)[: limit + 1])
    items = found[:limit]
    return Page(items, _cursor(items[-1]) if len(found) > limit else None)


def neighbours(
    collection: Collection, viewer: Viewer, asset: Asset
) -> tuple[Asset | None, Asset | None] | None:
    """What `viewer` sees in it right before and right after `asset`; None if that is not in it."""
    here = collection.items.filter(asset=asset).values_list("position", "pk").first()
    if here is None:
        return None
    place, item = here
    seen = pictures(collection, viewer).only("pk")
    before = seen.filter(Q(place__lte=place) & (Q(place__lt=place) | Q(item__lt=item)))
    after = seen.filter(Q(place__gte=place) & (Q(place__gt=place) | Q(item__gt=item)))
    return before.order_by(*BACKWARDS).first(), after.order_by(*FORWARDS).first()


@transaction.atomic
def add(collection: Collection, user: Viewer, asset_ids: Iterable[uuid.UUID]) -> Added:
    """Put those that `user` may see at the end, in this order. Raises `Full` and adds none."""
    _hold(collection)
    wanted = list(dict.fromkeys(asset_ids))
    visible = Asset.objects.visible_to(user).filter(pk__in=wanted)
    seen = frozenset(visible.values_list("pk", flat=True))
    held = set(collection.items.filter(asset__in=seen).values_list("asset", flat=True))
    new = [pk for pk in wanted if pk in seen and pk not in held]
    if new and collection.items.count() + len(new) > MAX_ITEMS:
        raise Full
    last = _last(collection)
    CollectionItem.objects.bulk_create(
        CollectionItem(collection=collection, asset_id=pk, position=last + number * GAP)
        for number, pk in enumerate(new, 1)
    )
    return Added(seen=seen, new=len(new))


@transaction.atomic
def remove(collection: Collection, asset_ids: Sequence[uuid.UUID]) -> int:
    """Take these out; says how many were in it. Whatever was its cover is so no more."""
    _hold(collection)
    Collection.objects.filter(pk=collection.pk, cover__in=asset_ids).update(cover=None)
    gone, _rows = collection.items.filter(asset__in=asset_ids).delete()
    return gone


@transaction.atomic
def move_before(collection: Collection, asset_id: uuid.UUID, other: uuid.UUID | None) -> bool:
    """Put a picture right before `other`, or at the end; False unless both are in it."""
    _hold(collection)
    items = collection.items
    moved = items.filter(asset=asset_id).first()
    follower = items.filter(asset=other).first() if other else None
    if moved is None or (other and follower is None):
        return False
    if follower is None:
        position = _last(collection) + GAP
    elif follower == moved:
        return True
    else:
        position = _between(collection, moved, follower)
    items.filter(pk=moved.pk).update(position=position)
    return True


def step(collection: Collection, viewer: Viewer, asset_id: uuid.UUID, *, up: bool) -> bool:
    """Swap a picture with the one before or after it that `viewer` sees; False at the ends."""
    seen = pictures(collection, viewer)
    here = seen.filter(pk=asset_id).first()
    if here is None:
        return False
    place: int = here.place  # type: ignore[attr-defined]
    if up:
        other = seen.filter(Q(place__lt=place)).order_by(*BACKWARDS).first()
        return other is not None and move_before(collection, asset_id, other.pk)
    other = seen.filter(Q(place__gt=place)).order_by(*FORWARDS).first()
    if other is None:
        return False
    after: int = other.place  # type: ignore[attr-defined]
    follower = collection.items.filter(position__gt=after).order_by("position").first()
    return move_before(collection, asset_id, follower.asset_id if follower else None)


def _between(collection: Collection, moved: CollectionItem, follower: CollectionItem) -> int:
    """A free position right before `follower`; makes room when there is none."""
    others = collection.items.exclude(pk=moved.pk)
    before = others.filter(position__lt=follower.position).aggregate(last=Max("position"))["last"]
    low = follower.position - 2 * GAP if before is None else before
    if follower.position - low > 1:
        return (low + follower.position) // 2
    _number_anew(collection)
    follower.refresh_from_db(fields=["position"])
    return follower.position - GAP // 2


def _number_anew(collection: Collection) -> None:
    items = list(collection.items.order_by("position", "id").only("pk"))
    for number, item in enumerate(items, 1):
        item.position = number * GAP
    CollectionItem.objects.bulk_update(items, ["position"], batch_size=500)


def _last(collection: Collection) -> int:
    last: int | None = collection.items.aggregate(last=Max("position"))["last"]
    return last or 0


def _hold(collection: Collection) -> None:
    """Let nobody else arrange it until the transaction ends."""
    Collection.objects.select_for_update(no_key=True).get(pk=collection.pk)


def _cursor(asset: Asset) -> str:
    place, item = asset.place, asset.item  # type: ignore[attr-defined]
    return base64.urlsafe_b64encode(_PLACE.pack(place, item)).decode()


def _read(cursor: str) -> tuple[int, int]:
    try:
        raw = base64.b64decode(cursor, altchars=b"-_", validate=True)
        place, item = _PLACE.unpack(raw)
    except (binascii.Error, ValueError, struct.error) as error:
        raise BadCursor(cursor) from error
    if base64.urlsafe_b64encode(raw).decode() != cursor:
        raise BadCursor(cursor)
    return place, item
