"""The rules of the ledger once more, on PostgreSQL."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.services import postgresql

HERE = Path(__file__).parent
RULES = (
    "test_ledger_is_append_only.py",
    "test_ledger_races.py",
    "test_ledger_rules.py",
    "test_api_keys.py",
    "test_own_pages.py",
    "test_signing_up.py",
)


@pytest.mark.services
@pytest.mark.slow
def test_the_ledger_and_accounts_hold_on_postgresql() -> None:
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
