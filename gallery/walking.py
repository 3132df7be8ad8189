"""Walking along what was found (`scopes.Found`), whichever its order, and from any place.

Lists by likes or trend have two parts: first what has any, the most first, then the rest, the
newest first. Few pictures have any, so that the first part has a small index of its own.
Lists by colour go outwards ring by ring (`gallery.colors`), the newest first in each.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace

from django.db.models import Exists, OuterRef, Q

from gallery import colors, documents, listing, search
from gallery.listing import BadCursor, Page, cursor_at, read_cursor
from gallery.models import Asset, SearchEntry, Sort
from gallery.models.asset_queries import AssetQuerySet
from gallery.scopes import Found

#: The column of an order other than by time.
COLUMNS = {Sort.LIKES.value: "like_count", Sort.TRENDING.value: "trend"}
#: How many places of the index are looked at at once, at most.
MAX_BLOCK = 4_000
#: And how many more than are wanted, because some may not be shown.
SPARE = 8
#: What is added to the rows of a list: columns, prefetches.
Dress = Callable[[AssetQuerySet], AssetQuerySet]
_FIRST = uuid.UUID(int=0)
_EARLIEST = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_LATEST = dt.datetime.max.replace(tzinfo=dt.UTC)
#: The ring, and the place in the index (`models/search_entry.py`); None before the first.
Spot = tuple[int, int | None]


@dataclass(frozen=True)
class Place:
    """Where somebody stands in a list: behind this picture. `rank` is 0 in lists by time.

    In lists by colour it is the ring.
    """

    rank: int
    moment: dt.datetime
    pk: uuid.UUID


def page(
    found: Found,
    dress: Dress,
    *,
    cursor: str | None,
    limit: int,
) -> Page:
    """The `limit` pictures after `cursor`, with what `dress` adds to them. Raises `BadCursor`."""
    if found.sieve is None and found.sort == Sort.NEWEST:
        return listing.page(dress(found.rows), cursor=cursor, limit=limit, walks=found.walks)
    place = _read(cursor, found.sort) if cursor else None
    rows = _ahead(found, dress, place, limit + 1, newest_first=True)
    items = rows[:limit]
    return Page(items, _cursor_after(items[-1], found) if len(rows) > limit else None)


def neighbours(found: Found, asset: Asset) -> tuple[Asset | None, Asset | None]:
    """The pictures before and after `asset` in the list."""
    if found.sieve is None and found.sort == Sort.NEWEST:
        return listing.neighbours(found.rows, asset, walks=found.walks)
    place = Place(_rank(asset, found), asset.created_at, asset.pk)
    before = _ahead(found, _bare, place, 1, newest_first=False)
    after = _ahead(found, _bare, place, 1, newest_first=True)
    return before[0] if before else None, after[0] if after else None


def cursor_before(moment: dt.datetime, sort: str = Sort.NEWEST) -> str:
    """The cursor of the page that begins with the newest picture made before `moment`."""
    # Nothing was made before 1970, and cursors count from then on.
    plain = cursor_at(max(moment, _EARLIEST), _FIRST)
    return plain if sort == Sort.NEWEST else _with_rank(0, plain)


def _bare(rows: AssetQuerySet) -> AssetQuerySet:
    return rows.only("pk", "created_at")


def _ahead(
    found: Found, dress: Dress, place: Place | None, count: int, *, newest_first: bool
) -> list[Asset]:
    """The next `count` pictures from `place` on, in the list's order or against it."""
    column = COLUMNS.get(found.sort)
    if found.near and found.sieve is None:
        return _by_color(found, dress, place, count, newest_first=newest_first)
    if column is None:
        return _by_time(found, dress, place, count, newest_first=newest_first)
    none = Q(**{column: 0})
    walks = [walk.filter(none) for walk in found.walks]
    rest = replace(found, walks=walks, base=found.base.filter(none))
    in_rest = place is not None and place.rank == 0
    if newest_first:
        rows = [] if in_rest else _by_rank(found, dress, column, place, count, sign="-")
        left, start = count - len(rows), place if in_rest else None
        return rows + (_by_time(rest, dress, start, left, newest_first=True) if left else [])
    rows = _by_time(rest, dress, place, count, newest_first=False) if in_rest else []
    left, start = count - len(rows), None if in_rest else place
    return rows + (_by_rank(found, dress, column, start, left, sign="") if left else [])


def _by_rank(
    found: Found, dress: Dress, column: str, place: Place | None, count: int, *, sign: str
) -> list[Asset]:
    rows = dress(found.base).filter(**{f"{column}__gt": 0})
    if found.sieve:
        rows = search.matching(rows, found.sieve.within(documents.LIKED))
    if place:
        rows = rows.filter(_beyond(column, place, "lt" if sign else "gt"))
    return list(rows.order_by(f"{sign}{column}", f"{sign}created_at", f"{sign}pk")[:count])


def _beyond(column: str, place: Place, step: str) -> Q:
    """`step` is "lt" towards fewer likes, or "gt"; in the form that walks an index: `listing`."""
    beside = Q(**{f"created_at__{step}": place.moment}) | Q(**{f"pk__{step}": place.pk})
    same = Q(**{f"created_at__{step}e": place.moment}) & beside
    return Q(**{f"{column}__{step}e": place.rank}) & (Q(**{f"{column}__{step}": place.rank}) | same)


def _by_time(
    found: Found, dress: Dress, place: Place | None, count: int, *, newest_first: bool
) -> list[Asset]:
    if found.sieve:
        return _searched(found, dress, place, count, newest_first=newest_first)
    at = (place.moment, place.pk) if place else None
    return listing.ahead(dress(found.base), at, count, walks=found.walks, newest_first=newest_first)


def _by_color(
    found: Found, dress: Dress, place: Place | None, count: int, *, newest_first: bool
) -> list[Asset]:
    """Where no index helps they are put in order here: nobody is shown very many in person."""
    told = found.rows.order_by().values_list("color", "created_at", "pk")
    places = (Place(_ring(color, found), moment, pk) for color, moment, pk in told)
    keys = [_nearest_first(each) for each in places]
    here = _nearest_first(place) if place else None
    if newest_first:
        ahead = sorted(key for key in keys if here is None or key > here)
    else:
        ahead = sorted((key for key in keys if here is None or key < here), reverse=True)
    return _in_order(dress, [uuid.UUID(int=-key[2]) for key in ahead[:count]])


def _nearest_first(place: Place) -> tuple[int, dt.timedelta, int]:
    return place.rank, _LATEST - place.moment, -place.pk.int


def _searched(
    found: Found, dress: Dress, place: Place | None, count: int, *, newest_first: bool
) -> list[Asset]:
    """Along the index, block by block, keeping what may be shown: mostly one block."""
    spot = _spot(place, found) if place else (0, None)
    block = count + SPARE
    kept: list[uuid.UUID] = []
    while True:
        places = _along(found, spot, block, newest_first=newest_first)
        shown = _shown(found, [pk for _spot, pk in places])
        kept += [pk for _spot, pk in places if pk in shown]
        if len(kept) >= count or len(places) < block:
            break
        spot, block = places[-1][0], min(4 * block, MAX_BLOCK)
    return _in_order(dress, kept[:count])


def _along(
    found: Found, spot: Spot, count: int, *, newest_first: bool
) -> list[tuple[Spot, uuid.UUID]]:
    """The next `count` places of the index: ring by ring, if there is a colour to be near to."""
    first, beyond = spot
    sieves = _sieves(found)
    if newest_first:
        ahead = [each for each in sieves if each[0] >= first]
    else:
        ahead = [each for each in sieves[::-1] if each[0] <= first]
    places: list[tuple[Spot, uuid.UUID]] = []
    for ring, made in ahead:
        start, left = beyond if ring == first else None, count - len(places)
        walked = search.walk(made, beyond=start, count=left, newest_first=newest_first)
        places += [((ring, place), pk) for place, pk in walked]
        if len(places) == count:
            break
    return places


def _sieves(found: Found) -> list[tuple[int, search.Sieve]]:
    """One for each ring; one for everything where no colour says what is near."""
    made = found.sieve or search.Sieve()
    if not found.near:
        return [(0, made)]
    whole = colors.cells_around(found.near)
    rings = enumerate(colors.rings(found.near))
    return [(ring, made.within(*cells, instead_of=whole)) for ring, cells in rings if cells]


def _shown(found: Found, pks: list[uuid.UUID]) -> set[uuid.UUID]:
    """Those of them that are in the list.

    Each is looked up by its id. Asked for "those of the owner with one of these ids", SQLite
    reads all that the owner has, as long as nobody told it (ANALYZE) that this is much.
    """
    same = found.base.filter(pk=OuterRef("pk")).order_by()
    rows = Asset.objects.filter(Exists(same), pk__in=pks)
    return set(rows.values_list("pk", flat=True)) if pks else set()


def _in_order(dress: Dress, pks: list[uuid.UUID]) -> list[Asset]:
    """These pictures, of which it is known that they may be shown."""
    rows = dress(Asset.objects.all()).in_bulk(pks) if pks else {}
    return [rows[pk] for pk in pks if pk in rows]


def _spot(place: Place, found: Found) -> Spot:
    """Where the picture's entry stands, or would stand."""
    entry = SearchEntry.objects.filter(asset=place.pk).values_list("pk", flat=True).first()
    stands = documents.place_of(place.moment, place.pk) if entry is None else entry
    return place.rank if found.near else 0, stands


def _rank(asset: Asset, found: Found) -> int:
    if found.near:
        return _ring(asset.color, found)
    return getattr(asset, COLUMNS[found.sort]) if found.sort in COLUMNS else 0


def _ring(color: str, found: Found) -> int:
    return colors.ring_of(color, found.near or color)


def _cursor_after(asset: Asset, found: Found) -> str:
    plain = cursor_at(asset.created_at, asset.pk)
    return plain if found.sort == Sort.NEWEST else _with_rank(_rank(asset, found), plain)


def _with_rank(rank: int, plain: str) -> str:
    # Three bytes are four letters, without padding.
    return base64.urlsafe_b64encode(min(rank, 2**24 - 1).to_bytes(3, "big")).decode() + plain


def _read(cursor: str, sort: str) -> Place:
    if sort == Sort.NEWEST:
        return Place(0, *read_cursor(cursor))
    try:
        raw = base64.b64decode(cursor[:4], altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadCursor(cursor) from error
    if len(raw) != 3:
        raise BadCursor(cursor)
    return Place(int.from_bytes(raw, "big"), *read_cursor(cursor[4:]))
