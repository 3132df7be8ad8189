"""PicFinder's socket as it is served: the service's own Python client, and the size of messages."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from tests import clients
from tests.faults.stage import Stage, command_line, descendants
from tests.waiting import until

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("serve")]

CLIENTS = Path(clients.__file__).parent
MEBIBYTE = 2**20


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Stage:
    stage = Stage(tmp_path_factory.mktemp("picfinder"), WORKERS="1")
    stage.prepare()
    stage.play("offer", "scripted")
    return stage


@pytest.fixture(scope="module")
def key(stage: Stage) -> str:
    return str(stage.account("alice@example.org", "--credits", "500")["apiKey"])


@pytest.fixture(scope="module")
def server(stage: Stage) -> Iterator[subprocess.Popen[bytes]]:
    with stage.serving() as process:
        until(lambda: "Ctrl-C stops it" in stage.log.read_text())
        yield process


@contextmanager
def runware(
    stage: Stage, key: str, verb: str, folder: Path | None = None, asking: str = "ask_runware.py"
) -> Iterator[Iterator[list[Any]]]:
    """What the unmodified client tells, line by line; the one in `folder`, if that is said."""
    url = stage.url.replace("http", "ws") + "/v1"
    env = {**os.environ, "PYTHONPATH": str(folder or clients.runware())}
    command = [sys.executable, str(CLIENTS / asking), url, key, verb]
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True) as client:
        assert client.stdout is not None
        try:
            yield (json.loads(line) for line in client.stdout if line.startswith("["))
        finally:
            client.kill()


def images(told: Iterator[list[Any]]) -> list[dict[str, Any]]:
    return next(value for what, value in told if what == "images")


@pytest.mark.parametrize("verb", ["pictures", "after_an_error"])
def test_runwares_client_gets_its_pictures(
    server: object, stage: Stage, key: str, verb: str
) -> None:
    with runware(stage, key, verb) as told:
        found = images(told)
    assert len({image["imageUUID"] for image in found}) == 3
    assert httpx.get(found[0]["imageSrc"]).content.startswith(b"\x89PNG")


@pytest.mark.parametrize("verb", ["pictures", "after_an_error"])
def test_runwares_later_client_gets_its_pictures(
    server: object, stage: Stage, key: str, verb: str
) -> None:
    later = clients.runware_later()
    with runware(stage, key, verb, later, "ask_runware_later.py") as told:
        lines = list(told)
    errors = [value for what, value in lines if what == "error"]
    assert [("width" in error) for error in errors] == [True] * (verb == "after_an_error")
    found = images(iter(lines))
    assert sorted(image["seed"] for image in found) == [42, 43, 44]
    assert [image["cost"] for image in found] == [1, 1, 1]
    assert httpx.get(found[0]["imageURL"]).content.startswith(b"\x89PNG")


def test_runwares_later_client_sends_pictures_in(server: object, stage: Stage, key: str) -> None:
    later = clients.runware_later()
    with runware(stage, key, "send_in", later, "ask_runware_later.py") as told:
        [found] = [value for what, value in told if what == "sent in"]
    assert uuid.UUID(found["imageUUID"])
    assert httpx.get(found["imageURL"]).content.startswith(b"\x89PNG")


def test_runwares_client_gets_the_rest_of_its_pictures_after_a_restart(
    server: subprocess.Popen[bytes], stage: Stage, key: str
) -> None:
    with runware(stage, key, "over_a_restart") as told:
        next(line for line in told if line[0] == "partial" and line[1])
        [web] = [pid for pid in descendants(server.pid) if b"config.web" in command_line(pid)]
        os.kill(web, signal.SIGTERM)
        found = images(told)
    assert len({image["imageUUID"] for image in found}) == 3


def test_a_server_that_stops_says_that_it_comes_back(
    server: subprocess.Popen[bytes], stage: Stage, key: str
) -> None:
    with connect(stage.url.replace("http", "ws") + "/v1") as socket:
        socket.send(json.dumps({"newConnection": {"apiKey": key}}))
        socket.recv(60)
        [web] = [pid for pid in descendants(server.pid) if b"config.web" in command_line(pid)]
        os.kill(web, signal.SIGTERM)
        with pytest.raises(ConnectionClosed) as end:
            socket.recv(60)
    assert end.value.rcvd is not None
    assert end.value.rcvd.code == 1012
    until(lambda: answers(stage))


def answers(stage: Stage) -> bool:
    try:
        return httpx.get(f"{stage.url}/readyz").status_code == 200
    except httpx.TransportError:
        return False


def test_a_message_of_16_mebibytes_is_read_and_a_larger_one_closes(
    server: object, stage: Stage, key: str
) -> None:
    until(lambda: answers(stage))
    with connect(stage.url.replace("http", "ws") + "/v1/", max_size=None) as socket:
        socket.send(json.dumps({"newConnection": {"apiKey": key}}))
        assert "newConnectionSessionUUID" in json.loads(socket.recv(60))
        text = json.dumps({"newNothing": {"taskUUID": "t", "filling": ""}})
        filling = "x" * (16 * MEBIBYTE - len(text))
        socket.send(text.replace('""', f'"{filling}"'))
        assert json.loads(socket.recv(60))["taskUUID"] == "t"
        socket.recv(60)
        socket.send("x" * (16 * MEBIBYTE + 1))
        with pytest.raises(ConnectionClosed) as end:
            socket.recv(60)
    assert end.value.rcvd is not None
    assert end.value.rcvd.code == 1009


def test_a_body_beyond_all_bounds_is_refused_and_fills_no_memory(
    server: subprocess.Popen[bytes], stage: Stage, key: str
) -> None:
    # By then the process has loaded what it needs.
    until(lambda: answers(stage))
    [web] = [pid for pid in descendants(server.pid) if b"config.web" in command_line(pid)]
    before = most_memory(web)
    headers = {"Authorization": f"Bearer {key}"}
    body = b"x" * 80 * 2**20
    answer = httpx.post(f"{stage.url}/v1", content=body, headers=headers, timeout=120)
    assert answer.status_code == 413
    assert most_memory(web) - before < 50


def most_memory(pid: int) -> float:
    """What a process had at most so far, in MiB."""
    status = Path(f"/proc/{pid}/status").read_text()
    [line] = [line for line in status.splitlines() if line.startswith("VmHWM")]
    return int(line.split()[1]) / 1024


@pytest.mark.parametrize("path", ["/v1", "/v1/"])
def test_http_at_the_socket_is_neither_a_redirect_nor_a_page(
    server: object, stage: Stage, path: str
) -> None:
    until(lambda: answers(stage))
    found = httpx.get(stage.url + path)
    assert (found.status_code, found.headers["upgrade"]) == (426, "websocket")
