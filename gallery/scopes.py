"""What a list of pictures is about: whose, of which team, with which words, in which order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from accounts.models import Team
from gallery import documents, search
from gallery.models import Asset, Scope, Sort
from gallery.models.asset_queries import AssetQuerySet, Viewer
from gallery.query import Query, read
from gallery.search import Sieve

#: Somebody in more teams than that has their list sorted as a whole: SQLite joins no more
#: than 500 lists into one, and merging so many is no longer quicker.
MAX_WALKS = 50


@dataclass(frozen=True)
class Found:
    """The pictures, and the ways in which `listing` can walk through them.

    `rows` is the whole list on its own. `base` are the pictures of the scope and `sieve` what
    the search index is asked to find of them; `walks` are lists that together are the scope.
    """

    rows: AssetQuerySet
    walks: Sequence[AssetQuerySet] = ()
    base: AssetQuerySet = field(default_factory=Asset.objects.none)
    sieve: Sieve | None = None
    sort: str = Sort.NEWEST
    asked: Query = field(default_factory=Query)

    @property
    def near(self) -> str | None:
        """The colour that the nearest of come first."""
        return self.asked.color if self.sort == Sort.COLOR else None


def find(
    user: Viewer,
    scope: str,
    query: str = "",
    teams: Sequence[Team] = (),
    sort: str = Sort.NEWEST,
) -> Found:
    """The pictures of `scope` that `user` may see and that `query` asks for.

    `teams` are those of `user` whose pictures are meant under "team". What of the query makes
    no sense is in `asked.problems`, and nothing is found then. Without a colour to be near to,
    the newest come first.
    """
    one = teams[0] if len(teams) == 1 else None
    base = Asset.objects.shown_to(user, scope, one)
    walks = _walks(user, scope, teams)
    asked = read(query)
    if sort == Sort.COLOR and asked.color is None:
        sort = Sort.NEWEST
    if not asked.terms:
        return Found(base, walks, base, sort=sort, asked=asked)
    own = Team.objects.of(user) if any(term.key == "team" for term in asked.terms) else ()
    made = search.sieve(asked, user, own)
    if asked.problems:
        return Found(base.none(), base=base.none(), sort=sort, asked=asked)
    made = made.within(*_facts(user, scope, teams))
    rows = search.matching(base, made)
    if scope == Scope.SHARED:
        # No document says with whom a picture is shared, and nobody is shown very many.
        walks = [search.matching(walk, made) for walk in walks]
        return Found(rows, walks, rows, sort=sort, asked=asked)
    return Found(rows, (), base.filter(made.rest), made, sort, asked)


def _walks(user: Viewer, scope: str, teams: Sequence[Team]) -> list[AssetQuerySet]:
    if scope == Scope.SHARED and user.is_authenticated:
        return [Asset.objects.given_to(user).suiting(user)]
    if scope != Scope.TEAM or len(teams) > MAX_WALKS:
        return []
    return [Asset.objects.hung_in(team).suiting(user) for team in teams]


def _facts(user: Viewer, scope: str, teams: Sequence[Team]) -> list[str]:
    """What the documents of the scope have; `base` still says which of them may be shown."""
    if scope == Scope.PUBLIC:
        return [documents.PUBLIC]
    if scope == Scope.TEAM:
        return [documents.hangs_in(team.pk) for team in teams]
    return [documents.owned_by(user.pk)] if scope == Scope.MINE and user.pk else []
