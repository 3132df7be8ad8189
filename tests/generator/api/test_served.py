"""The API as a program meets it: the whole application, served by `manage.py serve`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

import httpx
import pytest
from websockets.sync.client import connect

from tests.faults.stage import Stage
from tests.generator.api.programs import TASKS
from tests.waiting import until

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("serve")]

WISH = {"prompt": "a lighthouse in fog", "width": 256, "height": 256, "steps": 4, "seed": 42}
TOO_MUCH = 50_000_000


@dataclass
class Service:
    """A running installation and somebody's key for it."""

    stage: Stage
    headers: dict[str, str]

    def post(self, path: str, **wishes: str) -> httpx.Response:
        headers = {**self.headers, **wishes}
        return httpx.post(f"{self.stage.url}{path}", json=WISH, headers=headers, timeout=70)


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    stage = Stage(tmp_path_factory.mktemp("api"), WORKERS="1")
    stage.prepare()
    account = stage.account("alice@example.org")
    with stage.serving():
        until(lambda: "Ctrl-C stops it" in stage.log.read_text())
        yield Service(stage, {"Authorization": f"Bearer {account['apiKey']}"})


def test_one_request_brings_the_picture(service: Service) -> None:
    task = service.post(TASKS, Prefer="wait=60").json()
    assert task["status"] == "succeeded"
    picture = httpx.get(task["output"]["image"])
    assert picture.content.startswith(b"\x89PNG")


def test_the_socket_tells_when_it_is_there(service: Service) -> None:
    url = f"{service.stage.url.replace('http', 'ws')}/v1/events"
    with connect(url, additional_headers=service.headers) as socket:
        task_id = service.post(TASKS).json()["id"]
        states = [json.loads(socket.recv(60))["task"]]
        while states[-1]["status"] != "succeeded":
            states.append(json.loads(socket.recv(60))["task"])
    assert {state["id"] for state in states} == {task_id}


@pytest.mark.parametrize("wishes", [{}, {"Prefer": "wait=1"}])
def test_a_huge_body_is_refused_unread(service: Service, wishes: dict[str, str]) -> None:
    body = b'{"prompt": "' + b"x" * TOO_MUCH + b'"}'
    headers = {**service.headers, "Content-Type": "application/json", **wishes}
    answer = httpx.post(f"{service.stage.url}{TASKS}", content=body, headers=headers, timeout=60)
    assert answer.status_code == 413


@pytest.mark.parametrize("wishes", [{}, {"Prefer": "wait=1"}])
def test_a_body_in_chunks_is_told_why_not(service: Service, wishes: dict[str, str]) -> None:
    chunks = iter([b'{"prompt": ', b'"x"}'])
    headers = {**service.headers, "Content-Type": "application/json", **wishes}
    answer = httpx.post(f"{service.stage.url}{TASKS}", content=chunks, headers=headers, timeout=60)
    assert (answer.status_code, "Content-Length" in answer.json()["message"]) == (411, True)
