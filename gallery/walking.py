"""Walking along what was found (`scopes.Found`), whichever its order, and from any place.

Lists by likes or trend have two parts: first what has any, the most first, then the rest, the
newest first. Few pictures have any, so that the first part has a small index of its own.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace

from django.db.models import Q

from gallery import documents, listing, search
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
_FIRST = uuid.UUID(int=0)


@dataclass(frozen=True)
class Place:
    """Where somebody stands in a list: behind this picture. `rank` is 0 in lists by time."""

    rank: int
    moment: dt.datetime
    pk: uuid.UUID


def page(
    found: Found,
    dress: Callable[[AssetQuerySet], AssetQuerySet],
    *,
    cursor: str | None,
    limit: int,
) -> Page:
    """The `limit` pictures after `cursor`, with what `dress` adds to them. Raises `BadCursor`."""
    if found.sieve is None and found.sort == Sort.NEWEST:
        return listing.page(dress(found.rows), cursor=cursor, limit=limit, walks=found.walks)
    place = _read(cursor, found.sort) if cursor else None
    rows = _ahead(found, dress(found.base), place, limit + 1, newest_first=True)
    items = rows[:limit]
    return Page(items, _cursor_after(items[-1], found.sort) if len(rows) > limit else None)


def neighbours(found: Found, asset: Asset) -> tuple[Asset | None, Asset | None]:
    """The pictures before and after `asset` in the list."""
    if found.sieve is None and found.sort == Sort.NEWEST:
        return listing.neighbours(found.rows, asset, walks=found.walks)
    place = Place(_rank(asset, found.sort), asset.created_at, asset.pk)
    bare = found.base.only("pk", "created_at")
    before = _ahead(found, bare, place, 1, newest_first=False)
    after = _ahead(found, bare, place, 1, newest_first=True)
    return before[0] if before else None, after[0] if after else None


def cursor_before(moment: dt.datetime, sort: str = Sort.NEWEST) -> str:
    """The cursor of the page that begins with the newest picture made before `moment`."""
    plain = cursor_at(moment, _FIRST)
    return plain if sort == Sort.NEWEST else _with_rank(0, plain)


def _ahead(
    found: Found, dressed: AssetQuerySet, place: Place | None, count: int, *, newest_first: bool
) -> list[Asset]:
    """The next `count` pictures of `dressed` from `place` on, in the list's order or against it."""
    column = COLUMNS.get(found.sort)
    if column is None:
        return _by_time(found, dressed, place, count, newest_first=newest_first)
    none = Q(**{column: 0})
    rest = replace(found, walks=[walk.filter(none) for walk in found.walks])
    unranked, in_rest = dressed.filter(none), place is not None and place.rank == 0
    if newest_first:
        rows = [] if in_rest else _by_rank(found, dressed, column, place, count, sign="-")
        left, start = count - len(rows), place if in_rest else None
        return rows + (_by_time(rest, unranked, start, left, newest_first=True) if left else [])
    rows = _by_time(rest, unranked, place, count, newest_first=False) if in_rest else []
    left, start = count - len(rows), None if in_rest else place
    return rows + (_by_rank(found, dressed, column, start, left, sign="") if left else [])


def _by_rank(
    found: Found, dressed: AssetQuerySet, column: str, place: Place | None, count: int, *, sign: str
) -> list[Asset]:
    rows = dressed.filter(**{f"{column}__gt": 0})
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
    found: Found, dressed: AssetQuerySet, place: Place | None, count: int, *, newest_first: bool
) -> list[Asset]:
    at = (place.moment, place.pk) if place else None
    if found.sieve:
        return _searched(found.sieve, dressed, at, count, newest_first=newest_first)
    return listing.ahead(dressed, at, count, walks=found.walks, newest_first=newest_first)


def _searched(
    made: search.Sieve,
    dressed: AssetQuerySet,
    at: tuple[dt.datetime, uuid.UUID] | None,
    count: int,
    *,
    newest_first: bool,
) -> list[Asset]:
    """Along the index, block by block, keeping what may be shown: mostly one block."""
    bare = dressed.prefetch_related(None).order_by().values_list("pk", flat=True)
    beyond, block = _place(*at) if at else None, count + SPARE
    found: list[uuid.UUID] = []
    while True:
        places = search.walk(made, beyond=beyond, count=block, newest_first=newest_first)
        shown = set(bare.filter(pk__in=[pk for _place, pk in places])) if places else set()
        found += [pk for _place, pk in places if pk in shown]
        if len(found) >= count or len(places) < block:
            break
        beyond, block = places[-1][0], min(4 * block, MAX_BLOCK)
    rows = dressed.in_bulk(found[:count]) if found else {}
    return [rows[pk] for pk in found[:count] if pk in rows]


def _place(moment: dt.datetime, pk: uuid.UUID) -> int:
    """Where the picture's entry stands, or would stand."""
    entry = SearchEntry.objects.filter(asset=pk).values_list("pk", flat=True).first()
    return documents.place_of(moment, pk) if entry is None else entry


def _rank(asset: Asset, sort: str) -> int:
    return getattr(asset, COLUMNS[sort]) if sort in COLUMNS else 0


def _cursor_after(asset: Asset, sort: str) -> str:
    plain = cursor_at(asset.created_at, asset.pk)
    return plain if sort == Sort.NEWEST else _with_rank(_rank(asset, sort), plain)


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
