"""Databases that are up to date already: migrated once for a whole run of tests, then copied.

A run is what one `pytest` starts, with its parallel processes and what they start in turn. They
find each other by `LIMNER_TEST_RUN`, the folder of the first one, which goes when that one ends.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

RUN = "LIMNER_TEST_RUN"
ROOT = Path(__file__).resolve().parents[1]


def once(name: str, make: Callable[[Path], None]) -> Path:
    """What `make` leaves at the path it is given, made by the first process that asks for `name`.

    It keeps the others waiting; if it fails, the next one tries.
    """
    folder = Path(os.environ[RUN]) / "prepared"
    folder.mkdir(exist_ok=True)
    made = folder / name
    with (folder / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            begun = folder / f"{name}.begun"
            shutil.rmtree(begun, ignore_errors=True)
            make(begun)
            begun.rename(made)
    return made


def sqlite(where: Path) -> None:
    """Put an SQLite database with all migrations at `where`."""
    where.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(once("sqlite", _migrated_folder) / "limner.sqlite3", where)


def _migrated_folder(folder: Path) -> None:
    migrate(DATABASE_URL="", DATA_DIR=str(folder))
    # Copying the one file is copying the database only when nothing waits beside it.
    assert not [*folder.glob("limner.sqlite3-*")]


def migrate(**env: str) -> None:
    """Bring the database of this environment up to date."""
    done = subprocess.run(
        [sys.executable, "manage.py", "migrate", "-v0", "--skip-checks"],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "tests.process_settings", **env},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
