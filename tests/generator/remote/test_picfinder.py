"""PicFinder's WebSocket, against a server that keeps to its messages."""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.server import ServerConnection, serve

from generator.engines import Receipt
from generator.engines.remote import exchanges
from tests.generator.remote.provider import Says, png, serving
from tests.generator.remote.shopping import (
    KEY,
    Memory,
    engine,
    errand,
    pictures,
    refusal,
    shop,
)

SESSION = "f40c2aeb-f8a7-4af7-a1ab-7594c9bf778f"


class PicFinder:
    """Delivers one picture per message. `answer` replaces what a newTask is answered with."""

    def __init__(self, files: str, answer: Callable[[dict], list[Any]] | None = None) -> None:
        self.files, self.answer = files, answer or self.images
        self.tasks: list[dict[str, Any]] = []
        self.greetings: list[dict[str, Any]] = []
        self.buffered: list[dict[str, Any]] = []

    def __call__(self, socket: ServerConnection) -> None:
        with contextlib.suppress(ConnectionClosed):
            for text in socket:
                for message in self.replies(json.loads(text)):
                    socket.send(message if isinstance(message, str) else json.dumps(message))

    def replies(self, message: dict[str, Any]) -> list[dict[str, Any]]:
        if "newConnection" in message:
            return self.greet(message["newConnection"])
        self.tasks.append(message["newTask"])
        return self.answer(message["newTask"])

    def greet(self, greeting: dict[str, Any]) -> list[dict[str, Any]]:
        self.greetings.append(greeting)
        if greeting["apiKey"] != KEY:
            return [{"error": True, "errorId": 19, "errorMessage": "Invalid API key"}]
        session = {"newConnectionSessionUUID": {"connectionSessionUUID": SESSION}}
        return [{"pong": True}, session, *self.buffered]

    def images(self, task: dict[str, Any]) -> list[dict[str, Any]]:
        return [self.image(task["taskUUID"], n) for n in range(task["numberResults"])]

    def image(self, task: str, number: int) -> dict[str, Any]:
        found = {
            "imageSrc": f"{self.files}/{number}.jpg",
            "imageUUID": f"image-{number}",
            "bNSFWContent": False,
            "taskUUID": task,
        }
        return {"newImages": {"images": [found], "totalAvailableResults": 0}}


@contextlib.contextmanager
def picfinder(**options: Any) -> Iterator[tuple[PicFinder, str]]:
    with serving(lambda _seen: Says(png(512, 512, kind="JPEG"))) as files:
        service = PicFinder(files.url, **options)
        with serve(service, "127.0.0.1", 0) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            yield service, f"ws://127.0.0.1:{server.socket.getsockname()[1]}/v1"
            server.shutdown()


def test_pictures_come_one_by_one_for_one_task():
    with picfinder() as (service, url):
        found = pictures(shop(errand("picfinder", url, model="18", count=3)))
    assert [picture.position for picture in found] == [0, 1, 2]
    [task] = service.tasks
    assert (task["numberResults"], task["sizeId"], task["modelId"]) == (3, 1, "18")


def test_choices_are_said_by_number():
    with picfinder() as (service, url):
        fields = {"style": "origami", "sampler": "dpmpp-2m-karras", "negative_prompt": "people"}
        shop(errand("picfinder", url, model="dreamshaper-7.0", **fields))
    [task] = service.tasks
    assert (task["styleId"], task["schedulerId"], task["modelId"]) == (11, 22, "20")
    assert task["promptText"] == "a red house -no people"


def test_the_id_is_noted_before_the_task_is_sent():
    memory = Memory()
    with picfinder() as (service, url):
        events = engine().buy([errand("picfinder", url, memory)])
        next(events)
        assert service.tasks == []
        assert memory.receipts[0].task.endswith(f"/{SESSION}")
        events.close()


def test_a_later_worker_goes_on_with_the_session_and_gets_what_was_kept_for_it():
    with picfinder() as (service, url):
        service.buffered = [service.image("mine", 0)]
        memory = Memory({0: Receipt("picfinder", f"mine/{SESSION}")})
        assert pictures(shop(errand("picfinder", url, memory)))
    assert service.tasks == []
    assert service.greetings == [{"apiKey": KEY, "connectionSessionUUID": SESSION}]


def test_a_session_that_stays_silent_is_asked_once_more_under_the_same_id(monkeypatch):
    monkeypatch.setattr(exchanges, "RESUMED", 0.1)
    with picfinder() as (service, url):
        memory = Memory({0: Receipt("picfinder", f"mine/{SESSION}")})
        assert pictures(shop(errand("picfinder", url, memory)))
    assert [task["taskUUID"] for task in service.tasks] == ["mine"]


def test_a_connection_that_breaks_leaves_the_purchase_to_be_resumed():
    memory = Memory()

    def broken(_task: dict) -> list[dict]:
        raise ConnectionError

    with picfinder(answer=broken) as (_service, url):
        found = refusal(shop(errand("picfinder", url, memory)))
    assert (found.retryable, found.reason) == (True, "PicFinder broke the connection off.")
    assert memory.receipts


def test_a_wrong_key_is_final(settings):
    settings.PROVIDER_KEYS = {"LIMNER_KEY_TEST": "wrong"}
    with picfinder() as (_service, url):
        found = refusal(shop(errand("picfinder", url)))
    assert (found.retryable, "does not accept our key" in found.reason) == (False, True)


def test_an_error_of_our_task_gives_it_up_and_that_of_another_does_not():
    def failing(task: dict) -> list[dict]:
        error = {"error": True, "errorId": 5, "errorMessage": "No GPU left"}
        others = {**error, "taskUUID": "another", "errorMessage": "Not ours"}
        return [others, {**error, "taskUUID": task["taskUUID"]}]

    memory = Memory()
    with picfinder(answer=failing) as (_service, url):
        found = refusal(shop(errand("picfinder", url, memory)))
    assert (found.retryable, found.reason.endswith("No GPU left")) == (True, True)
    assert memory.receipts == {}


def test_pictures_of_other_tasks_on_the_same_socket_are_not_ours():
    with picfinder() as (service, url):
        service.buffered = [service.image("another", 9)]
        assert len(pictures(shop(errand("picfinder", url)))) == 1
    assert len(service.tasks) == 1


@pytest.mark.parametrize("message", ['{"newImages": 3}', "<html>"])
def test_nonsense_on_the_socket_is_a_fault_that_may_be_resumed(message):
    memory = Memory()
    with picfinder(answer=lambda _task: [message]) as (_service, url):
        found = refusal(shop(errand("picfinder", url, memory)))
    assert (found.retryable, len(memory.receipts)) == (True, 1)


def test_messages_of_another_kind_are_passed_over():
    with picfinder() as (service, url):
        service.answer = lambda task: [{"pong": True}, [1, 2], {}, *service.images(task)]
        assert pictures(shop(errand("picfinder", url)))


def test_the_socket_is_guarded_too(settings):
    with picfinder() as (service, url):
        settings.OUTBOUND_ALLOW = []
        found = refusal(shop(errand("picfinder", url)))
    assert found.reason == "This model is not set up completely."
    assert service.greetings == []
