"""Pages of somebody's tasks by keyset, with the gallery's kind of cursor."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.db.models import Q

from accounts.models import User
from gallery.listing import cursor_at, read_cursor
from generator.api.schemas import TaskQuery
from generator.dialects.native import STATUSES
from generator.models import Generation


@dataclass(frozen=True)
class Page:
    """Ids, newest first, and the cursor of the next page (None on the last)."""

    ids: list[uuid.UUID]
    next_cursor: str | None


def tasks(user: User, query: TaskQuery) -> Page:
    """The page that `query` asks for. Raises `BadCursor`."""
    rows = Generation.objects.of(user)
    if query.status:
        named = [ours for ours, theirs in STATUSES.items() if theirs == query.status]
        rows = rows.filter(status__in=named)
    if query.cursor:
        moment, pk = read_cursor(query.cursor)
        rows = rows.filter(Q(created_at__lte=moment) & (Q(created_at__lt=moment) | Q(pk__lt=pk)))
    places = rows.order_by("-created_at", "-pk").values_list("created_at", "pk")
    found = list(places[: query.limit + 1])
    page = found[: query.limit]
    more = len(found) > query.limit
    return Page([pk for _, pk in page], cursor_at(*page[-1]) if more else None)
