"""What a list of pictures is about: whose, of which team, with which words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from accounts.models import Team
from gallery.models import Asset, Scope
from gallery.models.asset_queries import AssetQuerySet, Viewer
from gallery.search import matching

#: Somebody in more teams than that has their list sorted as a whole: SQLite joins no more
#: than 500 lists into one, and merging so many is no longer quicker.
MAX_WALKS = 50


@dataclass(frozen=True)
class Found:
    """The pictures, and the walks that `listing.page` can take through them."""

    rows: AssetQuerySet
    walks: Sequence[AssetQuerySet] = ()


def find(user: Viewer, scope: str, query: str = "", teams: Sequence[Team] = ()) -> Found:
    """The pictures of `scope` that `user` may see and that have the words of `query`.

    `teams` are those of `user` whose pictures are meant under "team".
    """
    one = teams[0] if len(teams) == 1 else None
    rows = matching(Asset.objects.shown_to(user, scope, one), query)
    if scope != Scope.TEAM or not teams or len(teams) > MAX_WALKS:
        return Found(rows)
    return Found(rows, [matching(Asset.objects.hung_in(team), query) for team in teams])
