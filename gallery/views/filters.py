"""What the address of a gallery page asks for: read once, and written back into its links."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from accounts.models import Team
from gallery import query, walking
from gallery.models import Sort
from gallery.query import MAX_QUERY, Query

#: So many years back a page offers to jump; older pictures are found by `before:`.
YEARS = 12


@dataclass(frozen=True)
class Filters:
    """Which pictures, with which words, in which order."""

    scope: str
    team: Team | None = None
    query: str = ""
    sort: str = Sort.NEWEST
    # Variations folded into one card, and the one stack that was opened.
    stacks: bool = False
    stack: int | None = None

    @property
    def params(self) -> dict[str, str]:
        """The address' parameters, without those that say the usual."""
        found = {"scope": str(self.scope)}
        found |= {"team": str(self.team.pk)} if self.team else {}
        found |= {"q": self.query} if self.query else {}
        found |= {"stack": str(self.stack)} if self.stack is not None else {}
        found |= {"stacks": "1"} if self.stacks else {}
        return found | ({"sort": str(self.sort)} if self.sort != Sort.NEWEST else {})

    def address(self, **other: str) -> str:
        """A link to the same list but for `other`; an empty value takes one away."""
        return "?" + urlencode({k: v for k, v in (self.params | other).items() if v})


@dataclass(frozen=True)
class Chip:
    """One thing asked for, how to ask for all but it, and what is wrong with it, if anything."""

    text: str
    address: str
    problem: str


def words(request: HttpRequest) -> str:
    """`?q=`, and what a form without scripts adds to it: `?add=style&value=ink drawing`."""
    asked = request.GET.get("q", "").strip()
    key, value = request.GET.get("add", ""), request.GET.get("value", "").strip().replace('"', "")
    if key in query.KEYS and value:
        spoken = f'{key}:"{value}"' if " " in value else f"{key}:{value}"
        asked = f"{asked} {spoken}".strip()
    return asked[:MAX_QUERY].strip()


def sort(request: HttpRequest) -> str:
    """`?sort=`; 404 for an order that there is not. Nearest to a colour needs one in `?q=`."""
    asked = request.GET.get("sort") or Sort.NEWEST
    if asked not in Sort.values:
        raise Http404
    if asked == Sort.COLOR and query.read(words(request)).color is None:
        return str(Sort.NEWEST)
    return str(asked)


def stack(request: HttpRequest) -> int | None:
    """`?stack=`: the one whose pictures are shown; 404 for what is none."""
    asked = request.GET.get("stack")
    if not asked:
        return None
    if len(asked) > 19 or not asked.isascii() or not asked.isdecimal() or int(asked) >= 2**63:
        raise Http404
    return int(asked)


def chips(filters: Filters, asked: Query) -> list[Chip]:
    """What was asked for, one by one."""
    return [
        Chip(term.text, filters.address(q=asked.without(term)), asked.problems.get(term.text, ""))
        for term in asked.terms
    ]


def place(request: HttpRequest, filters: Filters) -> str | None:
    """The cursor that the address stands at: `?cursor=`, or the end of the month `?at=2025-06`."""
    if cursor := request.GET.get("cursor"):
        return cursor
    begun = query.moment(request.GET.get("at", ""))
    if begun is None or filters.sort == Sort.COLOR:
        return None
    length = len(request.GET["at"].split("-"))
    if length == 3:
        return walking.cursor_before(begun + dt.timedelta(days=1), filters.sort)
    months = begun.year * 12 + begun.month - 1 + (12 if length == 1 else 1)
    if months // 12 > dt.MAXYEAR:
        return None
    after = begun.replace(year=months // 12, month=months % 12 + 1)
    return walking.cursor_before(after, filters.sort)


def orders(filters: Filters, asked: Query) -> list[tuple[Sort, str]]:
    """The orders one can choose, and where each leads: nearest to a colour where one is asked."""
    shown = [each for each in Sort if each != Sort.COLOR or asked.color]
    return [(each, filters.address(sort=each)) for each in shown]


def years() -> Iterator[int]:
    """The years that one can jump to, this one first."""
    this = timezone.now().year
    yield from range(this, this - YEARS, -1)


def examples() -> list[tuple[str, str]]:
    """What one can write into the box, and what it finds."""
    return [
        ('"red fox"', _("These words side by side")),
        ("-fog", _("Without this word; a minus goes before anything")),
        ("#night", _("Filed under this tag")),
        ("style:poster", _("Made in this style; model: is alike")),
        ("ratio:3:2", _("Of this shape; or square, wide, tall")),
        ("by:ann", _("Made by her; by:me by you")),
        ("team:studio", _("Hung in this team of yours")),
        ("liked:me", _("Liked by you; liked:5 five times or more")),
        ("before:2025-06", _("Made before that; after: from then on")),
        ("color:#336699", _("Of a colour like this")),
    ]
