"""Every text that is offered for copying, run as it stands against the whole application."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from generator.contract import ImageRequest
from generator.examples import SERVICES, Service
from generator.snippets import Call, curl, javascript, python, socket
from tests.faults.stage import Stage
from tests.waiting import until

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("serve")]

#: All that means something to a shell, to Python, to JavaScript or to nobody, in one wish.
HOSTILE = (
    'it\'s a "fox" `id` $(id) $HOME ${key} {0} %s %(x)s \\ \\n \\\' \\" \\u0041 !! # // */ '
    "<b>&amp;\nnew line\ttab \u2028 \u202e \ufeff é 狐 🦊 </script> __proto__ @file; exit 1 | true "
    '\'\' """ \\'
)
SIZE = {"width": 1024, "height": 1024, "steps": 20, "model": "blank"}
HTTP = [service for service in SERVICES if not service.is_socket]
NAMES = [service.dialect.name for service in HTTP]


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Stage, str]]:
    """An installation that paints at once, and a key for it."""
    stage = Stage(tmp_path_factory.mktemp("snippets"), WORKERS="1")
    stage.prepare()
    made = stage.account("alice@example.org", "--credits", "500")
    stage.play("offer", "blank")
    with stage.serving():
        until(lambda: "Ctrl-C stops it" in stage.log.read_text())
        yield stage, made["apiKey"]


def call(service: Service, stage: Stage, prompt: str, seed: int) -> Call:
    request = ImageRequest(prompt=prompt, seed=seed, **SIZE)
    return Call(
        service=service.dialect.name,
        site=stage.url,
        path=service.path,
        body=service.ask(request),
        key=service.key,
    )


def run(command: list[str], folder: Path, key: str) -> None:
    """In `folder`, with the key where every text looks for it."""
    env = {**os.environ, "LIMNER_KEY": key}
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr + done.stdout


def newest(stage: Stage, key: str) -> dict[str, Any]:
    """The prompt and seed of the picture that was painted last."""
    request = urllib.request.Request(  # noqa: S310  our own server
        f"{stage.url}/v1/tasks?limit=1", headers={"Authorization": f"Bearer {key}"}
    )
    with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
        task: dict[str, Any] = json.load(answer)["items"][0]
    return task


def check(service: Service, running: tuple[Stage, str], seed: int) -> None:
    task = newest(*running)
    assert task["input"]["prompt"] == HOSTILE
    if "seed" in service.ask(ImageRequest(prompt="x")):
        assert task["seed"] == seed


def saved(folder: Path) -> dict[str, bytes]:
    """How the pictures begin that a program left behind, by their names."""
    return {file.name: file.read_bytes()[:4] for file in folder.glob("picture-*")}


def kept(service: Service) -> dict[str, bytes]:
    """What a program leaves where the service sends pictures rather than links."""
    embeds = service.dialect.name in {"openai", "a1111", "aithriving"}
    return {"picture-1.png": b"\x89PNG"} if embeds else {}


@pytest.mark.parametrize("service", HTTP, ids=NAMES)
def test_curl_sends_what_was_written(
    service: Service, running: tuple[Stage, str], tmp_path: Path
) -> None:
    if shutil.which("curl") is None:
        pytest.skip("curl is missing")
    text = curl.write(call(service, running[0], HOSTILE, 2**64 - 1))
    run(["bash", "-c", text], tmp_path, running[1])
    check(service, running, 2**64 - 1)


@pytest.mark.parametrize("service", HTTP, ids=NAMES)
def test_python_sends_what_was_written(
    service: Service, running: tuple[Stage, str], tmp_path: Path
) -> None:
    (tmp_path / "picture.py").write_text(python.write(call(service, running[0], HOSTILE, 7)))
    run([sys.executable, "picture.py"], tmp_path, running[1])
    check(service, running, 7)
    assert saved(tmp_path) == kept(service)


@pytest.mark.parametrize("service", HTTP, ids=NAMES)
def test_javascript_sends_what_was_written(
    service: Service, running: tuple[Stage, str], tmp_path: Path
) -> None:
    if shutil.which("node") is None:
        pytest.skip("node is missing")
    text = javascript.write(call(service, running[0], HOSTILE, 2**64 - 1))
    (tmp_path / "picture.mjs").write_text(text)
    run(["node", "picture.mjs"], tmp_path, running[1])
    check(service, running, 2**64 - 1)
    assert saved(tmp_path) == kept(service)


def test_python_sends_over_a_socket_what_was_written(
    running: tuple[Stage, str], tmp_path: Path
) -> None:
    [service] = [service for service in SERVICES if service.is_socket]
    (tmp_path / "picture.py").write_text(socket.python(call(service, running[0], HOSTILE, 7)))
    run([sys.executable, "picture.py"], tmp_path, running[1])
    check(service, running, 7)


def test_javascript_sends_over_a_socket_what_was_written(
    running: tuple[Stage, str], tmp_path: Path
) -> None:
    if shutil.which("node") is None:
        pytest.skip("node is missing")
    [service] = [service for service in SERVICES if service.is_socket]
    text = socket.script(call(service, running[0], HOSTILE, 2**64 - 1))
    (tmp_path / "picture.mjs").write_text(text)
    # Without a name in Node before 22, and passed over since.
    run(["node", "--experimental-websocket", "picture.mjs"], tmp_path, running[1])
    check(service, running, 2**64 - 1)
