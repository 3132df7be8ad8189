"""Finding pictures by words and facts: FTS5 on SQLite, tsvector and GIN on PostgreSQL.

Both hold the same documents (`gallery.documents`) and are asked the same `Sieve`, so both find
the same. A search walks its index in the order of the gallery and may find too much; whoever
calls asks `AssetQuerySet` for what may be shown of it.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import connection
from django.db.models import Q
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext as _

from accounts.models import Team, User
from gallery import colors, documents, query, shapes
from gallery.models import Word
from gallery.models.asset_queries import AssetQuerySet, Viewer
from gallery.query import Query, Term
from gallery.words import MAX_LETTERS, is_unspaced, token, words

#: A word of ASCII letters is completed from so many on; syllables say more.
MIN_PREFIX = 3
#: At most by so many known words; a beginning that more words have is searched as such.
MAX_COMPLETIONS = 40
#: People of one name that `by:` means, and the number that nobody has.
MAX_PEOPLE = 20
_NOBODY = 0
_WIDE = tuple(token(kind, "") for kind in "upt")


@dataclass(frozen=True)
class Phrase:
    """Words that stand side by side; of the last one perhaps the beginning alone."""

    words: tuple[str, ...]
    begun: bool = False


#: One of these.
Choice = tuple[Phrase, ...]


@dataclass(frozen=True)
class Sieve:
    """What a document must have, all of it, and must not have; places from `low` below `high`.

    `rest` holds for the picture itself, where no document can say it.
    """

    wanted: tuple[Choice, ...] = ()
    unwanted: tuple[Choice, ...] = ()
    low: int | None = None
    high: int | None = None
    rest: Q = field(default_factory=Q)

    def within(self, *tokens: str, instead_of: Iterable[str] = ()) -> Sieve:
        """The same among the documents that have one of these facts.

        `instead_of` are facts of which these are some: that one of those is wanted goes without
        saying then.
        """
        if not tokens:
            return self
        choice, wider = (tuple(Phrase((each,)) for each in some) for some in (tokens, instead_of))
        wanted = (each for each in self.wanted if each != wider)
        return replace(self, wanted=(choice, *wanted))

    def without(self, fact: str) -> Sieve:
        return replace(self, unwanted=(*self.unwanted, (Phrase((fact,)),)))


def sieve(asked: Query, viewer: Viewer, teams: Iterable[Team] = ()) -> Sieve:
    """What `viewer` means by it; adds to `asked.problems` what nobody can be found by."""
    made = Sieve()
    for term in asked.terms:
        if term.text not in asked.problems:
            made = _with(made, term, viewer, teams, asked.problems)
    return made


def _with(
    made: Sieve, term: Term, viewer: Viewer, teams: Iterable[Team], problems: dict[str, str]
) -> Sieve:
    moment = query.moment(term.value) if term.key in ("before", "after") else None
    if moment and term.key == "before":
        place = documents.start_of(moment)
        return replace(made, high=place if made.high is None else min(place, made.high))
    if moment:
        place = documents.start_of(moment)
        return replace(made, low=place if made.low is None else max(place, made.low))
    if term.key == "liked" and term.value.isdecimal():
        return _liked(made, int(term.value), negative=term.negative)
    negative = term.negative ^ (term.key == "liked" and term.value.lower() == "no")
    choice = _choice(term, viewer, teams, problems)
    if not choice:
        return made
    if negative:
        return replace(made, unwanted=(*made.unwanted, choice))
    return replace(made, wanted=(*made.wanted, choice))


def _liked(made: Sieve, count: int, *, negative: bool) -> Sieve:
    many = Q(like_count__gte=count)
    if negative or not count:
        return replace(made, rest=made.rest & (~many if negative else many))
    return replace(made.within(documents.liked_often(count)), rest=made.rest & many)


def _choice(term: Term, viewer: Viewer, teams: Iterable[Team], problems: dict[str, str]) -> Choice:
    if not term.key:
        return _spoken(term)
    facts: list[str] = []
    if term.key == "tag":
        facts = [documents.tagged(term.value)]
    elif term.key in ("style", "model"):
        facts = [token(term.key[0], term.value)]
    elif term.key == "ratio":
        facts = [token("r", shapes.read(term.value) or "")]
    elif term.key == "color":
        facts = colors.cells_around(colors.read(term.value) or "")
    else:
        facts = _people(term, viewer, teams, problems)
    return tuple(Phrase((fact,)) for fact in facts)


def _people(
    term: Term, viewer: Viewer, teams: Iterable[Team], problems: dict[str, str]
) -> list[str]:
    """The facts that `by:`, `team:` and `liked:` mean."""
    if term.key == "team":
        name = term.value.casefold()
        named = [team for team in teams if name in (str(team.pk), team.name.casefold())]
        if not named:
            problems[term.text] = _("You are in no team of this name.")
        return [documents.hangs_in(team.pk) for team in named]
    if term.key == "by" and term.value.lower() != "me":
        return _makers(term)
    if not viewer.is_authenticated:
        problems[term.text] = _("Sign in first.")
        return []
    return [documents.liked_by(viewer.pk) if term.key == "liked" else documents.owned_by(viewer.pk)]


def _makers(term: Term) -> list[str]:
    """Whoever has this name, or this number.

    A name that nobody has finds what that of somebody without pictures to be seen finds, which is
    nothing: whoever searches does not learn who has an account.
    """
    named = Q(name__iexact=term.value)
    if term.value.isascii() and term.value.isdecimal() and len(term.value) < 19:
        named |= Q(pk=int(term.value))
    people = User.objects.filter(named).order_by("pk").values_list("pk", flat=True)
    return [documents.owned_by(pk) for pk in people[:MAX_PEOPLE]] or [documents.owned_by(_NOBODY)]


def _spoken(term: Term) -> Choice:
    """The ways to complete what was typed; exactly that where it stands in quotes."""
    said = tuple(words(term.value, last=False))
    if not said or term.quoted:
        return (Phrase(said),) if said else ()
    begun = said[-1]
    if is_unspaced(begun):
        # A letter alone begins the pair that it stands in.
        return (Phrase(said, begun=len(begun) == 1),)
    if begun.isascii() and len(begun) < MIN_PREFIX:
        return (Phrase(said),)
    above = begun + chr(0x10FFFF)
    known = Word.objects.filter(text__gte=begun, text__lt=above).order_by("text")
    found = list(known.values_list("text", flat=True)[: MAX_COMPLETIONS + 1])
    if len(found) > MAX_COMPLETIONS or len(begun) == MAX_LETTERS:
        return (Phrase(said, begun=True),)
    return tuple(Phrase((*said[:-1], each)) for each in found) or (Phrase(said),)


def walk(
    made: Sieve, *, beyond: int | None = None, count: int, newest_first: bool = True
) -> list[tuple[int, uuid.UUID]]:
    """The next `count` places and pictures that the sieve holds, in that order."""
    low, high = made.low, made.high
    if beyond is not None and newest_first:
        high = beyond if high is None else min(beyond, high)
    elif beyond is not None:
        low = beyond + 1 if low is None else max(beyond + 1, low)
    bounded = replace(made, low=low, high=high)
    order = f"ORDER BY {_PLACE[connection.vendor]} {'DESC' if newest_first else 'ASC'}"
    rows = _among_few(bounded, order, count) if connection.vendor == "sqlite" else None
    if rows is None:
        rows = _rows("e.place, e.asset_id", bounded, order, count)
    return [(place, pk if isinstance(pk, uuid.UUID) else uuid.UUID(pk)) for place, pk in rows]


def _rows(columns: str, made: Sieve, order: str, count: int) -> list[tuple[Any, ...]]:
    source, params = _where(made)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns} {source} {order} LIMIT %s", [*params, count])
        return cursor.fetchall()


def _among_few(made: Sieve, order: str, count: int) -> list[tuple[Any, ...]] | None:
    """What the sieve holds, if fewer than `count` have its words at all; None if more do.

    FTS5 reads on and on through whose all the pictures are to find the few with a rare word.
    """
    wide = [choice for choice in made.wanted if all(map(_is_wide, choice))]
    narrow = tuple(choice for choice in made.wanted if choice not in wide)
    if not (wide and narrow):
        return None
    columns = "e.place, e.asset_id, e.document"
    rows = _rows(columns, replace(made, wanted=narrow), order, count)
    if len(rows) == count:
        return None
    asked = [{phrase.words[0] for phrase in choice} for choice in wide]
    return [row[:2] for row in rows if all(map(set(row[2].split()).__and__, asked))]


def _is_wide(phrase: Phrase) -> bool:
    """Whether a large part of all documents may have it: whose it is, where it hangs, public."""
    return not phrase.begun and len(phrase.words) == 1 and phrase.words[0].startswith(_WIDE)


def knows(word: str) -> bool:
    """Whether any picture has this word."""
    return bool(walk(Sieve(wanted=((Phrase((word,)),),)), count=1))


def matching(rows: AssetQuerySet, made: Sieve) -> AssetQuerySet:
    """Those of `rows` that the sieve holds; for lists that have an order of their own."""
    source, params = _where(made)
    return rows.filter(made.rest, pk__in=RawSQL(f"SELECT e.asset_id {source}", params))  # noqa: S611


#: FTS5 walks its own table from either end; `CROSS` keeps the order of the two.
_SOURCE = {
    "sqlite": "FROM gallery_searchindex CROSS JOIN gallery_searchentry e"
    " ON e.place = gallery_searchindex.rowid WHERE gallery_searchindex MATCH %s",
    "postgresql": "FROM gallery_searchentry e WHERE e.document @@ %s::tsquery",
}
_PLACE = {"sqlite": "gallery_searchindex.rowid", "postgresql": "e.place"}


def _where(made: Sieve) -> tuple[str, list[str | int]]:
    """FROM and WHERE of a search, and the parameters of both."""
    vendor = connection.vendor
    sql = _SOURCE[vendor]
    params: list[str | int] = [_tsquery(made) if vendor == "postgresql" else _match(made)]
    for sign, value in ((">=", made.low), ("<", made.high)):
        if value is not None:
            sql += f" AND {_PLACE[vendor]} {sign} %s"
            params.append(value)
    return sql, params


def _match(made: Sieve) -> str:
    """As FTS5 wants it. Every document has the gap, so there is always something to want."""
    every = made.wanted or ((Phrase((documents.GAP,)),),)
    text = " AND ".join(f"({' OR '.join(map(_fts5, choice))})" for choice in every)
    if made.unwanted:
        text = f"({text}) NOT ({' OR '.join(_fts5(p) for c in made.unwanted for p in c)})"
    return text


def _fts5(phrase: Phrase) -> str:
    return f'"{" ".join(phrase.words)}"' + (" *" if phrase.begun else "")


def _tsquery(made: Sieve) -> str:
    every = made.wanted or ((Phrase((documents.GAP,)),),)
    parts = [f"({' | '.join(map(_lexemes, choice))})" for choice in every]
    parts += [f"!({' | '.join(map(_lexemes, choice))})" for choice in made.unwanted]
    return " & ".join(parts)


def _lexemes(phrase: Phrase) -> str:
    quoted = [f"'{word}'" for word in phrase.words]
    return " <-> ".join(quoted) + (":*" if phrase.begun else "")
