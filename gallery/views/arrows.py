"""Which list the arrows on a picture's page walk along: the one that somebody came from.

What the address names is walked only if the picture can be in it and whoever asks may see it;
else the list where one would look for the picture.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from accounts.models import Team
from gallery import arranging, scopes, stacking, walking
from gallery.models import Asset, Collection, Scope, Sort
from gallery.query import MAX_QUERY
from gallery.scopes import Found


@dataclass(frozen=True)
class Arrows:
    """Addresses of the pictures before and after ("" at either end), and of the list itself."""

    before: str
    after: str
    back: str
    title: str


def around(request: HttpRequest, asset: Asset) -> Arrows:
    """`?collection=`, or `?scope=`, `?team=`, `?q=`, `?sort=`, `?stack=` and `?stacks=`."""
    if collected := _in_collection(request, asset):
        return collected
    asked, found = _list(request, asset)
    return _arrows(
        walking.neighbours(found, asset),
        asked,
        back=f"{reverse('gallery')}?{urlencode(asked)}",
        title=_("Gallery"),
    )


def _in_collection(request: HttpRequest, asset: Asset) -> Arrows | None:
    """In the order of the collection; None unless the picture lies in it and they may open it."""
    try:
        wanted = uuid.UUID(request.GET.get("collection", ""))
    except ValueError:
        return None
    collection = Collection.objects.visible_to(request.user).filter(pk=wanted).first()
    if collection is None:
        return None
    beside = arranging.neighbours(collection, request.user, asset)
    if beside is None:
        return None
    asked = {"collection": str(collection.pk)}
    back, title = collection.get_absolute_url(), collection.name
    return _arrows(beside, asked, back=back, title=title)


def _arrows(
    beside: tuple[Asset | None, Asset | None], asked: dict[str, str], *, back: str, title: str
) -> Arrows:
    before, after = (
        f"{one.get_absolute_url()}?{urlencode(asked)}" if one else "" for one in beside
    )
    return Arrows(before, after, back, title)


def similar(request: HttpRequest, asset: Asset) -> str:
    """The address of the pictures beside it in the gallery whose colours are like its own."""
    asked, _teams = _where(request, asset)
    asked |= {"q": f"color:#{asset.color}", "sort": str(Sort.COLOR)}
    return f"{reverse('gallery')}?{urlencode(asked)}"


def _list(request: HttpRequest, asset: Asset) -> tuple[dict[str, str], Found]:
    """The gallery as it was asked for, if the picture can be in it; and how the address says it."""
    asked, teams = _where(request, asset)
    query = request.GET.get("q", "").strip()[:MAX_QUERY]
    asked |= {"q": query} if query else {}
    sort = request.GET.get("sort")
    sort = sort if sort in Sort.values else Sort.NEWEST
    asked |= {"sort": str(sort)} if sort != Sort.NEWEST else {}
    found = scopes.find(request.user, asked["scope"], query, teams, sort)
    return _stacked(request, asset, asked, found)


def _where(request: HttpRequest, asset: Asset) -> tuple[dict[str, str], list[Team]]:
    """Scope and team of the list, and the teams that this means."""
    scope, teams = _usual_scope(request, asset), [share.team for share in asset.shares]
    if _can_be_in(request, asset, request.GET.get("scope"), teams):
        scope = Scope(request.GET["scope"])
    if scope != Scope.TEAM:
        return {"scope": str(scope)}, []
    one = [team for team in teams if str(team.pk) == request.GET.get("team")]
    asked = {"scope": str(scope)} | ({"team": str(one[0].pk)} if one else {})
    return asked, one or list(Team.objects.of(request.user).order_by("pk"))


def _stacked(
    request: HttpRequest, asset: Asset, asked: dict[str, str], found: Found
) -> tuple[dict[str, str], Found]:
    """Within the stack that was opened, or from stack to stack where they are folded."""
    if asset.stack is not None and request.GET.get("stack") == str(asset.stack):
        return asked | {"stack": str(asset.stack)}, stacking.only(found, asset.stack)
    if "stacks" in request.GET:
        return asked | {"stacks": "1"}, stacking.fold(found)
    return asked, found


def _can_be_in(request: HttpRequest, asset: Asset, scope: str | None, teams: list[Team]) -> bool:
    if scope == Scope.SHARED:
        return _given(request, asset)
    return (scope == Scope.PUBLIC and asset.listed) or (scope == Scope.TEAM and bool(teams))


def _usual_scope(request: HttpRequest, asset: Asset) -> Scope:
    if asset.owner_id == request.user.pk:
        return Scope.MINE
    if asset.shares:
        return Scope.TEAM
    return Scope.SHARED if _given(request, asset) else Scope.PUBLIC


def _given(request: HttpRequest, asset: Asset) -> bool:
    """Whether its owner shared it with whoever asks in person."""
    user = request.user
    return bool(user.pk) and asset.direct_shares.filter(person=user.pk).exists()
