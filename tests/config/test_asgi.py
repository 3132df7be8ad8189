"""One port: what waits is native async, pages are WSGI, sockets go to their own place."""

from __future__ import annotations

import asyncio
import gc
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from asgiref.sync import AsyncToSync
from asgiref.testing import ApplicationCommunicator
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from pytest_django import Settings

from config import asgi

TASK = "/v1/tasks/01890a5d-ac96-774b-bcce-b302099a8057"
SUBMIT = "/v1/tasks/text-to-image"


def scope(
    where: str, query: str = "", method: str = "GET", headers: dict[str, str] | None = None
) -> dict[str, Any]:
    pairs = {"host": "localhost"} | (headers or {})
    return {
        "type": "http",
        "http_version": "1.1",
        "method": method,
        "path": where,
        "raw_path": where.encode(),
        "query_string": query.encode(),
        "headers": [(name.lower().encode(), value.encode()) for name, value in pairs.items()],
        "server": ("localhost", 80),
        "client": ("127.0.0.1", 50000),
        "scheme": "http",
        "root_path": "",
    }


@pytest.mark.parametrize(
    "request_scope",
    [
        scope(TASK, "wait=30"),
        scope(TASK, "a=b&wait="),
        scope(f"{TASK}/", "wait=30"),
        scope(f"{SUBMIT}/01890a5d-ac96-774b-bcce-b302099a8057", "wait=1"),
        scope(TASK, headers={"Prefer": "wait=10"}),
        scope(TASK, headers={"Prefer": "respond-async, WAIT = 10; foo"}),
        scope(SUBMIT, method="POST", headers={"Prefer": "wait=10"}),
        scope("/v1/images/edits", method="POST"),
        scope("/sdapi/v1/img2img", method="POST"),
    ],
)
def test_a_request_that_may_wait_holds_no_thread(request_scope: dict[str, Any]) -> None:
    assert asgi.waits(request_scope)


@pytest.mark.parametrize(
    "request_scope",
    [
        scope("/"),
        scope(TASK),
        scope(TASK, "waiter=1"),
        scope(f"{TASK}/cancel", "wait=1", method="POST"),
        scope("/v1/tasks", "wait=30"),
        scope(SUBMIT, method="POST"),
        scope(SUBMIT, "wait=5", method="POST"),
        scope(SUBMIT, method="POST", headers={"Prefer": "handling=strict"}),
        scope("/gallery", "wait=30", headers={"Prefer": "wait=10"}),
    ],
)
def test_all_other_requests_are_pages(request_scope: dict[str, Any]) -> None:
    assert not asgi.waits(request_scope)


async def answer(request_scope: dict[str, Any]) -> list[dict[str, Any]]:
    """What the application sends for a request without a body."""
    visit = ApplicationCommunicator(asgi.application, request_scope)
    await visit.send_input({"type": "http.request", "body": b"", "more_body": False})
    sent = [await visit.receive_output(10)]
    while not sent or sent[-1]["type"] != "http.response.body" or sent[-1].get("more_body"):
        sent.append(await visit.receive_output(10))
    return sent


@pytest.mark.django_db(transaction=True)  # the threads may hold connections of other tests
async def test_a_page_is_answered_from_a_thread() -> None:
    sent = await answer(scope("/healthz"))
    assert sent[0]["status"] == 200
    assert b"".join(part.get("body", b"") for part in sent[1:]) == b"ok\n"


@pytest.mark.django_db(transaction=True)  # the threads may hold connections of other tests
async def test_waiting_requests_share_a_few_lasting_threads(
    monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    seen = set()

    @login_not_required
    def view(request: HttpRequest) -> HttpResponse:
        seen.add(threading.get_ident())
        return HttpResponse("seen")

    settings.ROOT_URLCONF = (path("lane", view),)
    monkeypatch.setattr(asgi, "waits", lambda _: True)
    for _ in range(3 * asgi.LANES):
        assert (await answer(scope("/lane")))[0]["status"] == 200
    assert len(seen) == asgi.LANES


@pytest.mark.django_db(transaction=True)  # the threads may hold connections of other tests
async def test_what_an_earlier_request_of_the_connection_left_behind_does_no_harm(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(asgi, "waits", lambda _: True)
    received: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
    sent: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
    await received.put({"type": "http.request", "body": b"", "more_body": False})
    AsyncToSync.executors.current = ended = ThreadPoolExecutor(1)
    ended.shutdown()
    # Not through `answer`, whose visits begin in a context of their own.
    await asgi.application(scope("/healthz"), received.get, sent.put)
    assert (await sent.get())["status"] == 200


@pytest.mark.django_db(transaction=True)  # the threads may hold connections of other tests
async def test_a_body_without_end_does_not_fill_the_disk(
    monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    @csrf_exempt
    @login_not_required
    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse(len(request.read()))

    settings.ROOT_URLCONF = (path("long", view),)
    monkeypatch.setattr(asgi, "waits", lambda _: True)
    monkeypatch.setattr(asgi, "MOST_TAKEN", 25)
    visit = ApplicationCommunicator(asgi.application, scope("/long", method="POST"))
    for left in reversed(range(5)):
        await visit.send_input({"type": "http.request", "body": b"x" * 10, "more_body": left > 0})
    assert (await visit.receive_output(10))["status"] == 200
    assert (await visit.receive_output(10))["body"] == b"20"


async def test_start_and_stop_of_the_server_are_acknowledged() -> None:
    life = ApplicationCommunicator(asgi.application, {"type": "lifespan"})
    for what in ("startup", "shutdown"):
        await life.send_input({"type": f"lifespan.{what}"})
        assert await life.receive_output(60) == {"type": f"lifespan.{what}.complete"}
    await life.wait(60)


async def test_what_is_loaded_is_not_looked_through_for_garbage_while_it_serves() -> None:
    before = gc.get_threshold()
    life = ApplicationCommunicator(asgi.application, {"type": "lifespan"})
    await life.send_input({"type": "lifespan.startup"})
    await life.receive_output(60)
    assert gc.get_freeze_count() > 0
    assert gc.get_threshold()[0] == asgi.NEW_OBJECTS
    await life.send_input({"type": "lifespan.shutdown"})
    await life.receive_output(60)
    await life.wait(60)
    assert gc.get_freeze_count() == 0
    assert gc.get_threshold() == before


async def test_an_unknown_socket_is_closed() -> None:
    socket = {**scope("/nowhere"), "type": "websocket", "scheme": "ws", "subprotocols": []}
    visit = ApplicationCommunicator(asgi.application, socket)
    await visit.send_input({"type": "websocket.connect"})
    sent = [await visit.receive_output(10)]
    while sent[-1]["type"] == "websocket.accept":
        sent.append(await visit.receive_output(10))
    assert sent[-1]["type"] == "websocket.close"
