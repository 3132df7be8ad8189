"""What somebody typed into the search box, taken apart; no database.

`a red fox -"in fog" style:poster by:ann before:2025-06 #night`: words that must all be there
(as beginnings of words), phrases in quotes (word by word), facts by name, a tag by `#`, and a
minus before whatever must not be there.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from gallery import colors, shapes

MAX_QUERY = 200
#: What comes after so many terms is not searched for.
MAX_TERMS = 16
#: The facts one can name. `colour` is another way to write `color`.
KEYS = ("model", "style", "ratio", "by", "team", "tag", "liked", "before", "after", "color")
#: Facts that cannot be turned round: say the other one instead.
_ONE_WAY = ("before", "after")
_TERM = re.compile(r'(-?)(?:([a-zA-Z]+):(?!\s|$))?("[^"]*"?|\S+)')
_LIKED = re.compile(r"me|yes|no|\d{1,8}", re.ASCII | re.IGNORECASE)
_DATE = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?", re.ASCII)


@dataclass(frozen=True)
class Term:
    """One thing asked for: `key` is "" for words and phrases. `text` is how it was written."""

    text: str
    key: str
    value: str
    negative: bool = False
    quoted: bool = False


@dataclass(frozen=True)
class Query:
    """All that was asked for, and what of it makes no sense: the reason by its text."""

    terms: tuple[Term, ...] = ()
    problems: dict[str, str] = field(default_factory=dict)

    @property
    def color(self) -> str | None:
        """The colour that is asked for, the first if there are several: `rrggbb`."""
        wanted = (term for term in self.terms if term.key == "color" and not term.negative)
        return next((color for term in wanted if (color := colors.read(term.value))), None)

    def without(self, term: Term) -> str:
        """The query that asks for everything but `term`."""
        return " ".join(each.text for each in self.terms if each is not term)


def read(text: str) -> Query:
    """Take `text` apart. Never fails: what makes no sense is named among the problems."""
    plain = text[:MAX_QUERY].replace("\0", " ")
    terms = tuple(_terms(plain))[:MAX_TERMS]
    problems = {term.text: told for term in terms if (told := _problem(term))}
    return Query(terms, problems)


def _terms(text: str) -> list[Term]:
    found = []
    for match in _TERM.finditer(text):
        minus, key, value = match[1], (match[2] or "").lower(), match[3]
        key = "color" if key == "colour" else key
        if key and key not in KEYS:
            # "note: a fox" and "16:9" are words of prompts.
            key, value = "", f"{match[2]}:{value}"
        if not key and value.startswith("#") and len(value) > 1:
            key, value = "tag", value[1:]
        quoted = value.startswith('"')
        if plain := value.strip('"').strip() if quoted else value:
            found.append(Term(match[0], key, plain, bool(minus), quoted))
    return found


def _problem(term: Term) -> str:
    if term.negative and term.key in _ONE_WAY:
        return _("Say “after:” for what is not before, and the other way round.")
    if term.key in ("before", "after") and moment(term.value) is None:
        return _("Write a date such as 2025, 2025-06 or 2025-06-30.")
    if term.key == "ratio" and shapes.read(term.value) is None:
        return _("Write a shape such as 3:2, or square, wide or tall.")
    if term.key == "color" and colors.read(term.value) is None:
        return _("Write a colour such as #336699.")
    if term.key == "liked" and not _LIKED.fullmatch(term.value):
        return _("Say liked:me for what you like, or liked:5 for five likes or more.")
    return ""


def moment(text: str) -> dt.datetime | None:
    """When a year, month or day begins (UTC); None when it is none."""
    found = _DATE.fullmatch(text)
    if not found:
        return None
    try:
        return dt.datetime(int(found[1]), int(found[2] or 1), int(found[3] or 1), tzinfo=dt.UTC)
    except ValueError:
        return None
