"""What depends on locks, once more on PostgreSQL."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.services import postgresql

HERE = Path(__file__).parent
RULES = ("test_leases.py", "test_locks.py", "test_scheduling.py", "test_submission.py")


@pytest.mark.services
@pytest.mark.slow
def test_generations_hold_on_postgresql() -> None:
    if os.environ.get("TEST_DATABASE_URL", "").startswith("postgres"):
        pytest.skip("the whole suite runs on PostgreSQL already")
    command = [sys.executable, "-m", "pytest", "-q", "-n0", "-p", "no:cacheprovider"]
    with postgresql() as url:
        done = subprocess.run(
            [*command, *(str(HERE / name) for name in RULES)],
            env=os.environ | {"TEST_DATABASE_URL": url},
            cwd=HERE.parent.parent,
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]
