"""Saved searches, for programs. What one finds is `GET /v1/assets` with what it says."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from ninja import Router, Schema
from pydantic import Field

from accounts.api import fields
from accounts.api.access import caller, may_change, may_read
from accounts.api.answers import answer, errors_declared, wrong_fields
from accounts.api.fields import Id
from accounts.api.reading import BODY_ERRORS, only_parameters
from accounts.models import Team
from gallery import saving
from gallery.models import SavedSearch, Scope, Sort
from gallery.query import MAX_QUERY

router = Router(tags=["Pictures"])
ONE = "/searches/{int:search_id}"
NAME = fields.text(saving.MAX_NAME, "What it is called.", required=True)
NEW = {
    "name": NAME,
    "q": fields.text(MAX_QUERY, "What is searched for.", low=0),
    "scope": fields.one_of(Scope.values, "Among which pictures."),
    "teamId": fields.whole(1, fields.MAX_ID, "With the scope `team`: among this one's alone."),
    "sort": fields.one_of(Sort.values, "In which order."),
}
RENAMED = {"name": NAME}


class SearchData(Schema):
    """A saved search."""

    id: int
    name: str
    q: str
    scope: str
    teamId: int | None
    sort: str
    url: str = Field(description="Its page in the gallery.")


class SearchList(Schema):
    items: list[SearchData]


def search_data(search: SavedSearch) -> dict[str, Any]:
    """A search as programs see it."""
    return {
        "id": search.pk,
        "name": search.name,
        "q": search.query,
        "scope": search.scope,
        "teamId": search.team_id,
        "sort": search.sort,
        "url": search.get_absolute_url(),
    }


@router.get("/searches", response={200: SearchList, **errors_declared(400)}, auth=may_read)
def list_searches(request: HttpRequest) -> HttpResponse:
    """Yours, by name; at most a hundred."""
    only_parameters(request)
    found = SavedSearch.objects.of(caller(request))
    return answer(request, {"items": [search_data(each) for each in found]})


@router.post(
    "/searches",
    response={201: SearchData, **errors_declared(*BODY_ERRORS)},
    auth=may_change,
    openapi_extra=fields.described(NEW),
)
def save_search(request: HttpRequest) -> HttpResponse:
    """Keep a search under a name."""
    told = fields.read_fields(request, NEW)
    said = told | {"team": told.get("teamId", "")}
    teams = list(Team.objects.of(caller(request)))
    try:
        made = saving.save(caller(request), saving.read(said, teams))
    except ValidationError as error:
        wrong = error.message_dict
        named = {"teamId" if name == "team" else name: wrong[name] for name in wrong}
        raise wrong_fields(named) from None
    return answer(request, search_data(made), 201)


@router.patch(
    ONE,
    response={200: SearchData, **errors_declared(404, *BODY_ERRORS)},
    auth=may_change,
    openapi_extra=fields.described(RENAMED),
)
def rename_search(request: HttpRequest, search_id: Id) -> HttpResponse:
    """Call it otherwise."""
    search = _one(request, search_id)
    try:
        saving.rename(search, fields.read_fields(request, RENAMED)["name"])
    except ValidationError as error:
        raise wrong_fields({"name": error.messages}) from None
    return answer(request, search_data(search))


@router.delete(ONE, response={204: None, **errors_declared(404, 422)}, auth=may_change)
def forget_search(request: HttpRequest, search_id: Id) -> HttpResponse:
    """The search alone; pictures stay."""
    _one(request, search_id).delete()
    return answer(request, None, 204)


def _one(request: HttpRequest, search_id: int) -> SavedSearch:
    return get_object_or_404(SavedSearch.objects.of(caller(request)), pk=search_id)
