"""Pages of pictures by keyset: as fast at a depth of 500,000 as at the top.

A cursor names the last row of the page before: its time in microseconds and its id.
It is a bookmark, no secret, so it is only encoded; reading checks every part of it.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from django.db import DEFAULT_DB_ALIAS
from django.db.models import BigAutoField, DateTimeField, Q, QuerySet, UUIDField

from accounts.models import User
from accounts.prepared import Kinds, Prepared, somebody
from gallery.models import Asset, Scope
from gallery.models.asset_queries import AssetQuerySet

Order = Literal["created_at", "deleted_at"]
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_MICROSECOND = dt.timedelta(microseconds=1)


class BadCursor(ValueError):
    """The cursor was not made by us."""


@dataclass(frozen=True)
class Page:
    """One page, and the cursor of the next one (None on the last)."""

    items: list[Asset]
    next_cursor: str | None


def page(
    queryset: AssetQuerySet,
    *,
    cursor: str | None,
    limit: int,
    order: Order = "created_at",
    walks: Sequence[AssetQuerySet] = (),
) -> Page:
    """The `limit` newest rows after `cursor`. Raises `BadCursor`.

    `walks` are lists (`AssetQuerySet.hung_in`) that together hold the rows of `queryset`:
    each has an index of its own to walk along, where the whole would have to be sorted.
    """
    place = read_cursor(cursor) if cursor else None
    if walks:
        older = _older(*place, "moment", "place") if place else Q()
        queryset = queryset.filter(pk__in=_next(walks, older, limit + 1, newest_first=True))
    elif place:
        queryset = queryset.filter(_older(*place, order))
    rows = list(queryset.order_by(f"-{order}", "-pk")[: limit + 1])
    items = rows[:limit]
    return Page(items, cursor_after(items[-1], order) if len(rows) > limit else None)


def own(user: User, *, cursor: str | None, limit: int) -> Page:
    """What `page` finds among `user`'s own pictures. Raises `BadCursor`.

    It is what programs ask for most, so its SQL is written once.
    """
    place = zip(("moment", "pk"), read_cursor(cursor), strict=True) if cursor else ()
    asked = {"viewer": user.pk, **dict(place)}
    rows = _own(limit + 1, deep=bool(cursor)).rows(**asked)
    items = [Asset.from_db(DEFAULT_DB_ALIAS, _columns(), row) for row in rows[:limit]]
    return Page(items, cursor_after(items[-1]) if len(rows) > limit else None)


@lru_cache(maxsize=512)
def _own(count: int, *, deep: bool) -> Prepared:
    def ask(viewer: int, **place: Any) -> QuerySet[Asset, tuple[Any, ...]]:
        rows = Asset.objects.shown_to(somebody(viewer), Scope.MINE)
        rows = rows.filter(_older(**place)) if deep else rows
        return rows.order_by("-created_at", "-pk").values_list(*_columns())[:count]

    kinds: Kinds = {"viewer": BigAutoField(), "moment": DateTimeField(), "pk": UUIDField()}
    return Prepared(ask, kinds)


@lru_cache
def _columns() -> list[str]:
    return [column.attname for column in Asset._meta.concrete_fields]


def ahead(
    queryset: AssetQuerySet,
    place: tuple[dt.datetime, uuid.UUID] | None,
    count: int,
    *,
    walks: Sequence[AssetQuerySet] = (),
    newest_first: bool,
) -> list[Asset]:
    """The next `count` rows from `place` on, the newest first or against that order."""
    step, sign = (_older, "-") if newest_first else (_newer, "")
    if walks:
        beyond = step(*place, "moment", "place") if place else Q()
        queryset = queryset.filter(pk__in=_next(walks, beyond, count, newest_first=newest_first))
    elif place:
        queryset = queryset.filter(step(*place))
    return list(queryset.order_by(f"{sign}created_at", f"{sign}pk")[:count])


def neighbours(
    queryset: AssetQuerySet, asset: Asset, *, walks: Sequence[AssetQuerySet] = ()
) -> tuple[Asset | None, Asset | None]:
    """The next newer and the next older of `queryset` around `asset`; `walks` as for `page`."""
    place = (asset.created_at, asset.pk)
    if walks:
        newer = _next(walks, _newer(*place, "moment", "place"), 1, newest_first=False)
        older = _next(walks, _older(*place, "moment", "place"), 1, newest_first=True)
        found = queryset.only("pk").in_bulk([*newer, *older])
        return found.get(newer[0]) if newer else None, found.get(older[0]) if older else None
    above = queryset.filter(_newer(*place)).order_by("created_at", "pk").only("pk").first()
    below = queryset.filter(_older(*place)).order_by("-created_at", "-pk").only("pk").first()
    return above, below


def _next(
    walks: Sequence[AssetQuerySet], ahead: Q, count: int, *, newest_first: bool
) -> list[uuid.UUID]:
    """The first `count` pictures of all walks that are `ahead`, by merging them."""
    keys = [walk.filter(ahead).values_list("moment", "place") for walk in walks]  # type: ignore[misc]
    merged = keys[0].union(*keys[1:], all=True) if len(keys) > 1 else keys[0]
    sign = "-" if newest_first else ""
    # A picture comes once from each team that it hangs in.
    found = merged.order_by(f"{sign}moment", f"{sign}place")[: count * len(walks)]
    return list(dict.fromkeys(pk for _moment, pk in found))[:count]


def cursor_after(asset: Asset, order: Order = "created_at") -> str:
    """The cursor of the page that begins after `asset`."""
    return cursor_at(getattr(asset, order), asset.pk)


def cursor_at(moment: dt.datetime, pk: uuid.UUID) -> str:
    """The cursor that stands at this place; lists of other things use it too."""
    microseconds = (moment - _EPOCH) // _MICROSECOND
    return base64.urlsafe_b64encode(microseconds.to_bytes(8, "big") + pk.bytes).decode()


def read_cursor(cursor: str) -> tuple[dt.datetime, uuid.UUID]:
    """Where a cursor points. Raises `BadCursor`."""
    try:
        raw = base64.b64decode(cursor, altchars=b"-_", validate=True)
        if len(raw) != 24 or base64.urlsafe_b64encode(raw).decode() != cursor:
            raise BadCursor(cursor)
        moment = _EPOCH + int.from_bytes(raw[:8], "big") * _MICROSECOND
    except (binascii.Error, ValueError, OverflowError) as error:
        raise BadCursor(cursor) from error
    return moment, uuid.UUID(bytes=raw[8:])


def _older(moment: dt.datetime, pk: uuid.UUID, order: str = "created_at", tie: str = "pk") -> Q:
    # "a <= x AND (a < x OR id < y)": both databases walk the index from there; the usual
    # "a < x OR (a = x AND id < y)" reads every row above it.
    earlier = Q(**{f"{order}__lt": moment}) | Q(**{f"{tie}__lt": pk})
    return Q(**{f"{order}__lte": moment}) & earlier


def _newer(moment: dt.datetime, pk: uuid.UUID, order: str = "created_at", tie: str = "pk") -> Q:
    later = Q(**{f"{order}__gt": moment}) | Q(**{f"{tie}__gt": pk})
    return Q(**{f"{order}__gte": moment}) & later
