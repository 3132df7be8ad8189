"""A task answers as the document of goneural shows it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from generator.catalog import RATIOS
from generator.scheduling import claim
from tests.generator.api.programs import TASKS, Program
from tests.generator.orders import run_all

#: Name -> types, from the document's "Response body parameters".
DOCUMENTED = {
    "id": (str,),
    "status": (str,),
    "type": (str,),
    "seed": (int,),
    "input": (dict,),
    "output": (dict,),
    "creditUsed": (int,),
    "refunded": (bool,),
    "userId": (int,),
    "finishedAt": (str, type(None)),
    "createdAt": (str, type(None)),
    "asset": (dict, type(None)),
    "assetId": (str, type(None)),
    "meta": (dict, type(None)),
}
#: The same for "asset", from its example; note that `likes` is text.
DOCUMENTED_ASSET = {
    "id": str,
    "type": str,
    "userId": int,
    "user": dict,
    "name": str,
    "description": str,
    "isPublic": bool,
    "likes": str,
    "tags": list,
    "permissions": dict,
}

#: So that nothing takes long to paint.
SMALL = {"ratio": None, "width": 256, "height": 256}


@pytest.fixture
def queued(alices: Program) -> dict[str, Any]:
    task: dict[str, Any] = alices.submit(seed=42, **SMALL).json()
    return task


@pytest.fixture
def finished(alices: Program, queued: dict[str, Any]) -> dict[str, Any]:
    run_all()
    task: dict[str, Any] = alices.get(f"/v1/tasks/{queued['id']}").json()
    return task


@pytest.mark.parametrize("name", DOCUMENTED)
def test_a_queued_task_has_each_documented_field(queued: dict[str, Any], name: str) -> None:
    assert type(queued[name]) in DOCUMENTED[name]


@pytest.mark.parametrize("name", DOCUMENTED)
def test_a_finished_task_has_each_documented_field(finished: dict[str, Any], name: str) -> None:
    assert type(finished[name]) in DOCUMENTED[name]


@pytest.mark.parametrize("name", DOCUMENTED_ASSET)
def test_the_asset_has_each_documented_field(finished: dict[str, Any], name: str) -> None:
    assert type(finished["asset"][name]) is DOCUMENTED_ASSET[name]


def test_the_answer_to_a_submission_is_202_and_queued(alices: Program) -> None:
    answer = alices.submit()
    assert (answer.status_code, answer.json()["status"]) == (202, "queued")


def test_a_running_task_is_in_progress(alices: Program, queued: dict[str, Any]) -> None:
    claim("blank", 1)
    assert alices.get(f"/v1/tasks/{queued['id']}").json()["status"] == "in_progress"


def test_a_finished_task_has_succeeded_and_names_its_picture(finished: dict[str, Any]) -> None:
    assert finished["status"] == "succeeded"
    assert finished["asset"]["id"] == finished["assetId"]


def test_the_seed_comes_back(finished: dict[str, Any]) -> None:
    assert finished["seed"] == 42


def test_a_seed_wider_than_ours_comes_back_as_it_was_sent(alices: Program) -> None:
    assert alices.submit(seed=10**20 + 1).json()["seed"] == 10**20 + 1


def test_an_omitted_seed_is_chosen(alices: Program) -> None:
    seeds = {alices.submit().json()["seed"] for _ in range(3)}
    assert len(seeds) > 1


def test_null_means_omitted(alices: Program) -> None:
    answer = alices.post(TASKS, {"prompt": "x", "ratio": RATIOS[0].goneural, "negativePrompt": None,
                                 "seed": None, "count": None})  # fmt: skip
    assert answer.status_code == 202


def test_unknown_fields_are_passed_over(alices: Program) -> None:
    assert alices.submit(webhook="https://example.org", userId=1).status_code == 202


def test_input_and_output_are_records_of_text(finished: dict[str, Any]) -> None:
    values = [*finished["input"].values(), *finished["output"].values()]
    assert {type(value) for value in values} == {str}


def test_output_is_an_empty_object_until_there_is_a_picture(queued: dict[str, Any]) -> None:
    assert queued["output"] == {}


def test_several_pictures_are_numbered(alices: Program) -> None:
    task = alices.submit(count=3, **SMALL).json()
    run_all()
    output = alices.get(f"/v1/tasks/{task['id']}").json()["output"]
    assert list(output) == ["image", "image2", "image3"]


def test_the_picture_opens_without_a_key_and_with_one(
    alices: Program, finished: dict[str, Any], client: Any
) -> None:
    url = finished["output"]["image"]
    assert client.get(url).status_code == 200
    assert alices.get(url).headers["Content-Type"] == "image/png"


def test_a_deleted_picture_leaves_the_task(alices: Program, finished: dict[str, Any]) -> None:
    alices.delete(f"/v1/assets/{finished['assetId']}")
    task = alices.get(f"/v1/tasks/{finished['id']}").json()
    assert (task["output"], task["asset"], task["assetId"]) == ({}, None, None)


def test_times_are_iso_8601_in_utc(finished: dict[str, Any]) -> None:
    created = dt.datetime.fromisoformat(finished["createdAt"])
    done = dt.datetime.fromisoformat(finished["finishedAt"])
    assert created.utcoffset() == dt.timedelta(0)
    assert created <= done


def test_the_older_address_of_a_task_gives_the_same(
    alices: Program, finished: dict[str, Any]
) -> None:
    older = alices.get(f"{TASKS}/{finished['id']}").json()
    assert {**older, "output": 0, "asset": 0, "meta": 0} == {
        **finished, "output": 0, "asset": 0, "meta": 0
    }  # fmt: skip


@pytest.mark.parametrize("ratio", [ratio.goneural for ratio in RATIOS])
def test_each_documented_ratio_comes_back(alices: Program, ratio: str) -> None:
    assert alices.submit(ratio=ratio).json()["input"]["ratio"] == ratio


def test_the_place_in_the_queue_is_told(alices: Program) -> None:
    places = [alices.submit().json()["meta"]["place"] for _ in range(3)]
    assert places == [1, 2, 3]
