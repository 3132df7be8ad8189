"""A page of pictures says of each what the picture alone says, in a constant number of queries."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Role, User
from gallery.models import Asset, Like
from tests.factories import join, make_asset, make_team, share
from tests.generator.api.programs import Program

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("query", ["", "&q=fox", "&sort=likes"])
def test_lists_and_single_pictures_say_the_same(alices: Program, bob: User, query: str) -> None:
    north, south = (make_team(alices.user, name=name) for name in ("North", "A south"))
    join(north, bob, Role.EDITOR)
    for number in range(3):
        share(make_asset(alices.user, name=str(number)), north, south)
    Asset.objects.get(name="1").set_tags(["night", "animals"])
    Like.objects.add(Asset.objects.get(name="2"), bob)
    for program in (alices, Program(bob)):
        listed = program.get(f"/v1/assets?scope=team{query}").json()["items"]
        assert len(listed) == 3
        for item in listed:
            alone = program.get(f"/v1/assets/{item['id']}").json()
            assert _unsigned(item) == _unsigned(alone)


def _unsigned(item: dict[str, object]) -> str:
    """Without what was signed at another second."""
    return str({**item, "url": 0, "thumbnails": len(str(item["thumbnails"]).split("key="))})


def test_a_page_costs_the_same_queries_with_many_pictures(alices: Program) -> None:
    counts = []
    # The key notes that it was used once in a while.
    alices.get("/v1/assets")
    for _round in range(2):
        make_asset(alices.user).set_tags(["fox"])
        with CaptureQueriesContext(connection) as asked:
            alices.get("/v1/assets?q=fox")
        counts.append(len(asked))
    assert counts[0] == counts[1]
