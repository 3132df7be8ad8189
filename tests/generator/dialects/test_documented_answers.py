"""Every row of every table of answer fields in the five documents is in what we answer."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from accounts.models import User
from gallery.asset_data import asset_data
from generator.dialects import Picture, Result, aithriving, modelslab, native, picfinder, stubber
from tests.documents import Row, table
from tests.factories import make_asset
from tests.generator.dialects.reading import SMALLEST, read

pytestmark = pytest.mark.django_db

ROWS = table("answer_fields")
NOW = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)


def _picfinder(result: Result) -> dict[str, Any]:
    picture = replace(result.pictures[0], data=b"")
    image = picfinder.image(picture, str(uuid.UUID(int=7)), "A fox")
    return picfinder.images([image], 18)


WRITE: dict[str, Callable[[Result], dict[str, Any]]] = {
    "goneural": native.write,
    "picfinder": _picfinder,
    "stubber": stubber.write,
    "aithriving": aithriving.write,
    "modelslab": modelslab.write,
}
KINDS: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "object": (dict,),
    "array": (list,),
    "null": (type(None),),
}


def result(owner: User, service: str) -> Result:
    """A task of `service` with its one picture."""
    asset = asset_data(make_asset(owner), owner)
    return Result(
        id=str(uuid.UUID(int=5)),
        status="succeeded",
        request=read(service, dict(SMALLEST[service])),
        owner_id=owner.pk,
        cost=1,
        refunded=0,
        count=1,
        step=4,
        steps=4,
        place=None,
        error_code="",
        error="",
        created_at=NOW,
        finished_at=NOW,
        wallet_id=1,
        pictures=(Picture(position=0, url=asset["url"], asset=asset, data=b"png"),),
    )


def said(owner: User, service: str) -> Any:
    return json.loads(json.dumps(WRITE[service](result(owner, service))))


def at(answer: Any, path: str) -> Any:
    for part in path.split("."):
        answer = answer[int(part)] if part.isdigit() else answer[part]
    return answer


def kinds(row: Row) -> tuple[type, ...]:
    return tuple(kind for name in row["kind"].split(" or ") for kind in KINDS[name])


@pytest.mark.parametrize("row", ROWS, ids=[f"{row['service']}-{row['name']}" for row in ROWS])
def test_a_documented_answer_field_is_there_and_of_its_kind(alice: User, row: Row) -> None:
    found = at(said(alice, row["service"]), row["name"])
    assert type(found) in kinds(row)


def test_pictures_of_picfinder_have_no_other_field(alice: User) -> None:
    image = at(said(alice, "picfinder"), "newImages.images.0")
    prefix = "newImages.images.0."
    documented = {row["name"] for row in ROWS if row["name"].startswith(prefix)}
    assert {prefix + name for name in image} == documented
