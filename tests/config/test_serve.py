"""`manage.py serve`: one command that starts, mends and stops all of Limner."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.faults.stage import Stage, command_line, descendants
from tests.waiting import until

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("serve")]


class Server:
    """A server that all tests of this file share; each leaves it running."""

    def __init__(self, stage: Stage, process: subprocess.Popen[bytes]) -> None:
        self.stage = stage
        self.process = process

    def get(self, path: str) -> httpx.Response:
        return httpx.get(f"{self.stage.url}{path}", timeout=30)

    def ready(self) -> bool:
        return self.get("/readyz").status_code == 200

    def child(self, word: bytes) -> int:
        """The process id of the child whose command line has `word`; 0 when there is none."""
        below = descendants(self.process.pid)
        return next((pid for pid in below if word in command_line(pid)), 0)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    stage = Stage(tmp_path_factory.mktemp("serve"))
    stage.manage("migrate", "-v0")
    with stage.serving() as process:
        server = Server(stage, process)
        until(lambda: "Ctrl-C stops it" in stage.log.read_text())
        until(server.ready)
        yield server


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return Stage(tmp_path)


def test_the_first_start_says_where_it_is_and_how_to_sign_in(server: Server) -> None:
    said = server.stage.log.read_text()
    assert server.stage.url in said
    assert "admin@localhost" in said
    assert "with password:" in said


def test_all_parts_are_ready(server: Server) -> None:
    until(server.ready)
    parts = {"database": "ok", "broker": "ok", "storage": "ok", "worker": "ok"}
    assert server.get("/readyz").json() == {"ready": True, **parts}


@pytest.mark.parametrize("word", [b"worker", b"config.web", b"beat"])
def test_a_killed_part_comes_back(server: Server, word: bytes) -> None:
    killed = until(lambda: server.child(word))
    os.kill(killed, signal.SIGKILL)
    until(lambda: server.child(word) not in {0, killed})
    until(server.ready)


def test_a_visitor_of_a_restarting_web_process_waits_and_is_not_refused(server: Server) -> None:
    killed = until(lambda: server.child(b"config.web"))
    os.kill(killed, signal.SIGKILL)
    until(lambda: not command_line(killed))
    assert server.get("/healthz").status_code == 200


def test_a_taken_port_is_said_in_one_line(server: Server) -> None:
    second = server.stage.manage("serve", check=False)
    assert second.returncode == 1
    port = server.stage.port
    assert second.stderr.startswith(f"limner: cannot listen on 127.0.0.1 port {port} (Address")
    assert f"PORT={port + 1}" in second.stderr
    assert second.stderr.count("\n") == 1


def test_a_host_that_is_not_here_is_said_in_one_line(tmp_path: Path) -> None:
    done = Stage(tmp_path, HOST="no-such-host.invalid").manage("serve", check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("limner: cannot listen on no-such-host.invalid")
    assert done.stderr.count("\n") == 1


def test_a_database_that_is_not_set_up_is_said_in_one_line(stage: Stage) -> None:
    done = stage.manage("serve", check=False)
    assert done.returncode == 1
    assert "run `manage.py migrate` first" in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_certificate_that_cannot_sign_stops_the_start(tmp_path: Path) -> None:
    file = tmp_path / "nothing.pem"
    file.write_text("no certificate")
    signed = Stage(tmp_path, C2PA_CERTIFICATE=str(file), C2PA_PRIVATE_KEY=str(file))
    done = signed.manage("serve", check=False)
    assert done.returncode == 1
    assert "C2PA_CERTIFICATE and C2PA_PRIVATE_KEY cannot sign" in done.stderr


@pytest.mark.parametrize("options", [[], ["--prepare"]])
def test_a_database_that_does_not_answer_is_said_in_one_line(
    tmp_path: Path, options: list[str]
) -> None:
    away = Stage(tmp_path, DATABASE_URL="postgres://limner:secret@127.0.0.1:1/limner")
    done = away.manage("serve", *options, check=False)
    assert done.returncode == 1
    assert "the database does not answer: " in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_leaves_nothing_behind_and_counts_as_success(stage: Stage, number: int) -> None:
    stage.prepare()
    with stage.serving() as process:
        until(lambda: answers(stage))
        below = until(lambda: descendants(process.pid))
        process.send_signal(number)
        assert process.wait(60) == 0
    assert [pid for pid in below if command_line(pid)] == []
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", stage.port))


def test_one_part_alone_is_run_when_asked(stage: Stage) -> None:
    stage.prepare()
    with stage.serving("--only", "web") as process:
        until(lambda: answers(stage))
        lines = [command_line(pid) for pid in descendants(process.pid)]
        assert len(lines) == 1
        assert b"config.web" in lines[0]
        assert httpx.get(f"{stage.url}/readyz", timeout=30).json()["worker"] == "failing"


def answers(stage: Stage) -> bool:
    try:
        return httpx.get(f"{stage.url}/healthz", timeout=30).text == "ok\n"
    except httpx.TransportError:
        return False
