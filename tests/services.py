"""Throwaway services for tests, started from the programs that the machine has."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import pytest


def missing(service: str, how: str) -> NoReturn:
    """Skip the test and say how to get the service; fail where it must be there (CI=true)."""
    told = f"{service} is not installed: {how}"
    if os.environ.get("CI") == "true":
        pytest.fail(told)
    pytest.skip(told)


@contextmanager
def postgresql() -> Iterator[str]:
    """The URL of an empty PostgreSQL that nobody else uses, reached by a socket file."""
    programs = _postgresql_programs()
    folder = Path(tempfile.mkdtemp(prefix="limner-postgresql-"))
    owner = _owner()
    if owner:
        shutil.chown(folder, owner)
    folder.chmod(0o755)
    data, server = folder / "data", programs / "pg_ctl"
    listen = f"-k {folder} -c listen_addresses= -c fsync=off -c full_page_writes=off"
    try:
        _run(owner, programs / "initdb", "-D", data, "-U", "limner", "-A", "trust", "--no-sync")
        _run(owner, server, "-D", data, "-o", listen, "-l", folder / "log", "-w", "start")
        yield f"postgres://limner@/postgres?host={folder}"
    finally:
        if (data / "postmaster.pid").exists():
            _run(owner, server, "-D", data, "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def _postgresql_programs() -> Path:
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=_version)
    found = str(versions[-1]) if versions else shutil.which("initdb")
    if found is None:
        missing("PostgreSQL", "apt-get install postgresql")
    return Path(found).resolve().parent


def _version(program: Path) -> int:
    return int(program.parts[-3]) if program.parts[-3].isdigit() else 0


def _owner() -> str | None:
    """PostgreSQL refuses to run as root, so root runs it as somebody else."""
    return "nobody" if os.geteuid() == 0 else None


def _run(owner: str | None, *command: str | Path) -> None:
    words = [str(word) for word in command]
    subprocess.run(
        words, check=True, user=owner, cwd="/", stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT
    )
