"""Saved searches for programs, and the query language of GET /v1/assets."""

from __future__ import annotations

import pytest

from accounts.models import User
from gallery.models import Like, SavedSearch
from tests.factories import make_asset, make_team
from tests.generator.api.programs import Program

pytestmark = pytest.mark.django_db


def test_a_search_is_saved_listed_renamed_and_forgotten(alices: Program) -> None:
    team = make_team(alices.user)
    wish = {"name": "Foxes", "q": "fox -owl", "scope": "team", "teamId": team.pk, "sort": "likes"}
    made = alices.post("/v1/searches", wish)
    assert made.status_code == 201
    assert {**made.json(), **wish} == made.json()
    one = f"/v1/searches/{made.json()['id']}"
    assert alices.patch(one, {"name": "All foxes"}).json()["name"] == "All foxes"
    assert [each["name"] for each in alices.get("/v1/searches").json()["items"]] == ["All foxes"]
    assert alices.delete(one).status_code == 204
    assert alices.get("/v1/searches").json() == {"items": []}


@pytest.mark.parametrize(
    "wrong", [{"name": ""}, {"q": "x" * 201}, {"scope": "all"}, {"sort": "odd"}, {"teamId": 1}]
)
def test_what_cannot_be_saved_is_named_by_its_field(
    alices: Program, wrong: dict[str, object]
) -> None:
    answer = alices.post("/v1/searches", {"name": "Mine", **wrong})
    assert (answer.status_code, list(answer.json()["errors"])) == (422, list(wrong))
    assert not SavedSearch.objects.exists()


def test_a_name_is_given_once(alices: Program) -> None:
    for name in ("one", "two"):
        alices.post("/v1/searches", {"name": name})
    again = alices.post("/v1/searches", {"name": "one"})
    assert list(again.json()["errors"]) == ["name"]
    two = SavedSearch.objects.get(name="two")
    renamed = alices.patch(f"/v1/searches/{two.pk}", {"name": "one"})
    assert (renamed.status_code, list(renamed.json()["errors"])) == (422, ["name"])


def names(program: Program, query: str) -> list[str]:
    return [each["name"] for each in program.get(f"/v1/assets?{query}").json()["items"]]


def test_programs_search_as_people_do(alices: Program, bob: User) -> None:
    for name in ("Fox", "Owl"):
        make_asset(alices.user, name=name, prompt=name)
    Like.objects.add(make_asset(alices.user, name="Liked", prompt="fox"), bob)
    assert names(alices, "q=fox&sort=likes") == ["Liked", "Fox"]
    assert names(alices, "q=-fox") == ["Owl"]
    wrong = alices.get("/v1/assets?q=before:soon")
    assert wrong.status_code == 422
    assert "before:soon" in wrong.json()["errors"]["q"][0]
