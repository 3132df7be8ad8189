"""Markup drawn from stencils: a template is filled in once for each kind, not each time.

A page of the gallery shows hundreds of cards that differ in fourteen values. Where something is
different in the markup itself (liked or not, blurred or not) the card is of another `Kind`, and
has another stencil: `gallery/_card.html` as Django renders it, with a mark wherever a value goes.
Texts are escaped as they are put in.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from functools import lru_cache
from html import escape
from typing import Any, NamedTuple

from django.contrib.auth.models import AnonymousUser
from django.template.loader import render_to_string
from django.urls import get_script_prefix
from django.utils.html import conditional_escape
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
#: The others are numbers and names that we gave, without anything to escape.
_TEXTS = ("title", "alt", "color", "src", "srcset")
_PLAIN = [name for name in _WORDS if name not in _TEXTS]


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
        values = {name: escape(getattr(card, name)) for name in _TEXTS}
        plain = {name: getattr(card, name) for name in _PLAIN}
        drawn.append(_stencil(kind) % {**shared, **plain, **values})
    return mark_safe("".join(drawn))  # noqa: S308  all that could be markup was escaped above


def mark(name: str) -> str:
    """What stands in a template's context for a value that is put in later."""
    return f"{_EDGE}{name}{_EDGE}"


def cut(template: str, context: dict[str, object]) -> str:
    """The template as it is in this language, with `%(name)s` wherever `mark("name")` stood."""
    rendered = render_to_string(template, context).replace("%", "%%")
    return _MARK.sub(r"%(\1)s", rendered.replace(str(_ID), "%(pk)s"))


def fill(stencil: str, values: Mapping[str, Any]) -> SafeString:
    """The stencil with these in place of its marks, escaped unless they are markup."""
    escaped = {name: conditional_escape(value) for name, value in values.items()}
    return mark_safe(stencil % escaped)  # noqa: S308  see the line above


@lru_cache(maxsize=512)
def _stencil(kind: Kind) -> str:
    return cut(TEMPLATE, blank(kind))


def blank(kind: Kind) -> dict[str, object]:
    """What the template is rendered with: a card of that kind, all of marks."""
    words = {name: mark(name) for name in _WORDS} | {"pk": str(_ID)}
    words |= {} if kind.stacked else {"stacked": "", "stack": ""}
    return {
        "card": Card(**words, liked=kind.liked, veiled=kind.veiled),
        "user": User() if kind.signed_in else AnonymousUser(),
        "filters": mark("filters"),
        "listed": mark("listed"),
        "seen": mark("seen") if kind.counts else None,
        "eager": kind.eager,
        "first": kind.first,
    }
