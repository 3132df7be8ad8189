"""Cards drawn from stencils: a template is filled in once for each kind of card, not for each card.

A page of the gallery shows hundreds of cards that differ in fourteen values. Where something is
different in the markup itself (liked or not, blurred or not) the card is of another `Kind`, and
has another stencil: `gallery/_card.html` as Django renders it, with a mark wherever a value goes.
Values are escaped as they are put in.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import lru_cache
from html import escape
from typing import NamedTuple

from django.contrib.auth.models import AnonymousUser
from django.template.loader import render_to_string
from django.urls import get_script_prefix
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from accounts.models import User
from gallery.cards import Card

TEMPLATE = "gallery/_card.html"
#: A mark is a name between two of these, which are no characters (Unicode keeps them unused).
_EDGE = "\ufdd0"
_MARK = re.compile(f"{_EDGE}([a-z_]+){_EDGE}")
#: The id is part of addresses, so its mark must be one; it is nobody's.
_ID = uuid.UUID(int=0)
_WORDS = [field.name for field in fields(Card) if field.type == "str"]


class Kind(NamedTuple):
    """Everything that the markup of a card depends on, besides the values of its marks."""

    liked: bool
    veiled: bool
    stacked: bool
    # Loaded at once, because it is seen at once; `first` before all others.
    eager: bool
    first: bool
    # The last of a chunk says how many cards there are by now.
    counts: bool
    signed_in: bool
    language: str
    prefix: str


@dataclass(frozen=True)
class Around:
    """What all cards of a page share: where they lie, and who looks."""

    signed_in: bool
    # Parameters of the list that the pages of its pictures go on with.
    filters: str = ""
    # And of the gallery that the stacks are in.
    listed: str = ""
    # So many at the beginning are seen at once.
    eager: int = 0
    # How many cards there are by now; None where nothing asks.
    seen: int | None = None


def draw(cards: Sequence[Card], around: Around) -> SafeString:
    """The markup of the cards, one after the other."""
    shared = {"filters": escape(around.filters), "listed": escape(around.listed)}
    shared["seen"] = str(around.seen)
    language, prefix, last = get_language() or "", get_script_prefix(), len(cards) - 1
    drawn = []
    for place, card in enumerate(cards):
        eager, counts = place < around.eager, around.seen is not None and place == last
        kind = Kind(
            card.liked,
            card.veiled,
            bool(card.stacked),
            eager,
            eager and not place,
            counts,
            around.signed_in,
            language,
            prefix,
        )
        values = {name: escape(getattr(card, name)) for name in _WORDS}
        drawn.append(_stencil(kind) % (shared | values))
    return mark_safe("".join(drawn))  # noqa: S308  every value was escaped above


@lru_cache(maxsize=512)
def _stencil(kind: Kind) -> str:
    """The template with `%(name)s` where a value goes."""
    rendered = render_to_string(TEMPLATE, blank(kind)).replace("%", "%%")
    return _MARK.sub(r"%(\1)s", rendered.replace(str(_ID), "%(pk)s"))


def blank(kind: Kind) -> dict[str, object]:
    """What the template is rendered with: a card of that kind, all of marks."""
    words = {name: f"{_EDGE}{name}{_EDGE}" for name in _WORDS} | {"pk": str(_ID)}
    words |= {} if kind.stacked else {"stacked": "", "stack": ""}
    return {
        "card": Card(**words, liked=kind.liked, veiled=kind.veiled),
        "user": User() if kind.signed_in else AnonymousUser(),
        "filters": f"{_EDGE}filters{_EDGE}",
        "listed": f"{_EDGE}listed{_EDGE}",
        "seen": f"{_EDGE}seen{_EDGE}" if kind.counts else None,
        "eager": kind.eager,
        "first": kind.first,
    }
