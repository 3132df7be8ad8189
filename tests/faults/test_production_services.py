"""The same promises with PostgreSQL and a broker of its own, by environment alone."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import services
from tests.faults.stage import Stage
from tests.faults.test_killed_workers import all_ended
from tests.waiting import until

pytestmark = [pytest.mark.services, pytest.mark.slow]

BROKERS = {"redis": services.redis, "rabbitmq": services.rabbitmq}


@pytest.fixture(params=BROKERS)
def stage(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Stage]:
    with services.postgresql() as database, BROKERS[request.param]() as broker:
        env = {"DATABASE_URL": database, "CELERY_BROKER_URL": broker}
        stage = Stage(tmp_path, **env, LEASE_SECONDS="2", SWEEP_SECONDS="0.5", WORKERS="2")
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
