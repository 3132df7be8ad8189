"""A real installation in a folder of its own: its processes, and what can befall them."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests import prepared
from tests.faults.prompter import Prompter

ROOT = Path(__file__).resolve().parents[2]


class Stage:
    """An installation below `folder`; `env` overrides its environment."""

    def __init__(self, folder: Path, **env: str) -> None:
        self.folder = folder
        self.log = folder / "serve.log"
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.env = {
            **os.environ,
            "DATA_DIR": str(folder / "data"),
            "DATABASE_URL": "",
            "HOST": "127.0.0.1",
            "PORT": str(self.port),
            "DJANGO_SETTINGS_MODULE": "tests.process_settings",
            "MAX_QUEUED_PER_USER": "1000",
            "MAX_RUNNING_PER_USER": "4",
            "PYTHONUNBUFFERED": "1",
            **env,
        }
        self._prompter: Prompter | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def prepare(self) -> None:
        """Have the database of SQLite that `migrate` would make."""
        prepared.sqlite(self.folder / "data" / "limner.sqlite3")

    def play(self, verb: str, *arguments: str) -> Any:
        """Run a verb of `tests.faults.play`; what it printed, read as JSON."""
        if self._prompter is None:
            self._prompter = Prompter(self.env, self.folder / "play.log")
        return self._prompter.play(verb, *arguments)

    def account(self, email: str, *options: str) -> dict[str, Any]:
        """What `manage.py create_account` tells of the one that it makes."""
        made: dict[str, Any] = self.play("create_account", email, *options)
        return made

    def manage(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run a command of `manage.py` to its end."""
        command = [sys.executable, "manage.py", *arguments]
        done = subprocess.run(
            command, cwd=ROOT, env=self.env, capture_output=True, text=True, timeout=120
        )
        if check and done.returncode:
            raise AssertionError(f"{command}: {done.stdout}\n{done.stderr}")
        return done

    @contextlib.contextmanager
    def serving(self, *options: str) -> Iterator[subprocess.Popen[bytes]]:
        """The whole application, by `manage.py serve`, until the block ends."""
        with self.log.open("ab") as log:
            command = [sys.executable, "manage.py", "serve", *options]
            server = subprocess.Popen(command, cwd=ROOT, env=self.env, stdout=log, stderr=log)
        try:
            yield server
        finally:
            if server.poll() is None:
                server.send_signal(signal.SIGINT)
                with contextlib.suppress(subprocess.TimeoutExpired):
                    server.wait(40)
            server.kill()
            server.wait()

    def workers(self, server: subprocess.Popen[bytes]) -> list[int]:
        """Process ids of the Celery workers and their pool, below `server`."""
        return [pid for pid in descendants(server.pid) if b"worker" in command_line(pid)]

    def painters(self, server: subprocess.Popen[bytes]) -> list[int]:
        """Process ids of the workers that run the scripted engine, below `server`."""
        return [pid for pid in self.workers(server) if b"scripted" in command_line(pid)]


def descendants(pid: int) -> list[int]:
    """All processes below `pid`, parents before children."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError, IndexError, ValueError):
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
                children.setdefault(parent, []).append(int(entry.name))
    found, queue = [], [pid]
    while queue:
        below = children.get(queue.pop(0), [])
        found += below
        queue += below
    return found


def command_line(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""
