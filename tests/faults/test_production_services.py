"""The same promises with PostgreSQL and a broker of its own, by environment alone."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import services
from tests.faults.stage import ROOT, Stage
from tests.faults.test_killed_workers import all_ended
from tests.waiting import until

pytestmark = [pytest.mark.services, pytest.mark.slow]

BROKERS = {"redis": services.redis, "rabbitmq": services.rabbitmq}
#: What the generator promises about rows and money, once more on the other database.
RULES = ("test_execution.py", "test_scheduling.py", "test_submission.py", "test_state_machine.py")


@pytest.fixture(params=BROKERS)
def stage(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Stage]:
    with services.postgresql() as database, BROKERS[request.param]() as broker:
        env = {"DATABASE_URL": database, "CELERY_BROKER_URL": broker}
        stage = Stage(tmp_path, **env, LEASE_SECONDS="2", SWEEP_SECONDS="0.5", WORKERS="2")
        stage.manage("migrate", "-v0")
        yield stage


def test_killed_workers_lose_nothing_with_postgresql_and_a_broker(stage: Stage):
    stage.play("fill", "100", "slow", "refuse")
    with stage.serving() as server:
        until(lambda: stage.play("state").keys() & {"running", "succeeded"})
        for _ in range(3):
            until(lambda: len(stage.painters(server)) > 1)
            with contextlib.suppress(ProcessLookupError):
                os.kill(stage.painters(server)[-1], signal.SIGKILL)
            time.sleep(1)
        assert not all_ended(stage), "the kills came after the work"
        until(lambda: all_ended(stage), 180)
    money = stage.play("spent")
    assert money["spent"] == money["delivered"]
    assert stage.manage("check_invariants", check=False).returncode == 0


def test_the_rules_of_the_generator_hold_on_postgresql():
    if os.environ.get("TEST_DATABASE_URL", "").startswith("postgres"):
        pytest.skip("the whole suite runs on PostgreSQL already")
    command = [sys.executable, "-m", "pytest", "-q", "-n0", "-p", "no:cacheprovider"]
    files = [str(ROOT / "tests/generator" / name) for name in RULES]
    with services.postgresql() as url:
        env = os.environ | {"TEST_DATABASE_URL": url}
        done = subprocess.run(
            [*command, *files], cwd=ROOT, env=env, capture_output=True, text=True, check=False
        )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]
