"""Lists of tasks: newest first, in pages, by status."""

from __future__ import annotations

from typing import Any

import pytest
from django.test.utils import CaptureQueriesContext

from tests.generator.api.programs import Program
from tests.generator.orders import run_all

SMALL = {"ratio": None, "width": 256, "height": 256}


def ids(program: Program, query: str = "") -> list[str]:
    return [item["id"] for item in program.get(f"/v1/tasks{query}").json()["items"]]


def test_the_newest_comes_first(alices: Program) -> None:
    submitted = [alices.submit().json()["id"] for _ in range(3)]
    assert ids(alices) == submitted[::-1]


def test_pages_hold_every_task_once(alices: Program) -> None:
    submitted = {alices.submit().json()["id"] for _ in range(5)}
    seen, cursor = [], ""
    while cursor is not None:
        page = alices.get(f"/v1/tasks?limit=2{cursor and '&cursor=' + cursor}").json()
        seen += [item["id"] for item in page["items"]]
        cursor = page["nextCursor"]
    assert len(seen) == 5
    assert set(seen) == submitted


@pytest.mark.parametrize("status", ["queued", "succeeded", "failed"])
def test_a_status_filters(alices: Program, status: str) -> None:
    done = alices.submit(**SMALL).json()["id"]
    run_all()
    cancelled = alices.submit().json()["id"]
    alices.post(f"/v1/tasks/{cancelled}/cancel")
    queued = alices.submit().json()["id"]
    expected = {"queued": queued, "succeeded": done, "failed": cancelled}
    assert ids(alices, f"?status={status}") == [expected[status]]


@pytest.mark.parametrize(
    ("query", "field"),
    [("status=cancelled", "status"), ("limit=0", "limit"), ("limit=201", "limit"),
     ("limit=x", "limit"), ("cursor=abc", "cursor"), ("cursor=" + "x" * 300, "cursor")],
)  # fmt: skip
def test_a_wrong_parameter_is_named(alices: Program, query: str, field: str) -> None:
    answer = alices.get(f"/v1/tasks?{query}")
    assert (answer.status_code, list(answer.json()["errors"])) == (422, [field])


@pytest.mark.parametrize("path", ["/v1/tasks", "/v1/assets"])
@pytest.mark.parametrize(
    "query", ["_connector=OR", "user__password__startswith=p", "ordering=user__password"]
)
def test_an_unknown_parameter_is_refused(alices: Program, path: str, query: str) -> None:
    assert alices.get(f"{path}?{query}").status_code == 400


@pytest.mark.parametrize("path", ["/v1/tasks", "/v1/assets"])
def test_more_rows_cost_no_more_queries(
    alices: Program, path: str, django_assert_max_num_queries: Any
) -> None:
    few = queries_for(alices, path, 2, django_assert_max_num_queries)
    many = queries_for(alices, path, 6, django_assert_max_num_queries)
    assert many == few


def queries_for(program: Program, path: str, rows: int, at_most: Any) -> int:
    for _ in range(rows):
        program.submit(**SMALL)
    run_all()
    with at_most(50) as captured:
        program.get(path)
    assert isinstance(captured, CaptureQueriesContext)
    return len(captured)
