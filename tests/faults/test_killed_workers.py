"""Workers that are killed at any moment lose nothing and charge nobody twice."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.stage import Stage
from tests.waiting import until

pytestmark = [pytest.mark.slow]

KILLS = 20
GENERATIONS = 200
OPEN = {"queued", "running"}


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    stage = Stage(tmp_path, LEASE_SECONDS="2", SWEEP_SECONDS="0.5", WORKERS="2")
    stage.prepare()
    return stage


def kill_one(stage: Stage, server, dice: random.Random) -> int:
    """SIGKILL one of the workers; 1 when there was one."""
    workers = stage.painters(server)
    if not workers:
        return 0
    with contextlib.suppress(ProcessLookupError):
        os.kill(dice.choice(workers), signal.SIGKILL)
        return 1
    return 0


def all_ended(stage: Stage) -> bool:
    return not OPEN & stage.play("state").keys()


def test_two_hundred_generations_survive_twenty_killed_workers(stage: Stage):
    dice = random.Random(20)
    stage.play("fill", str(GENERATIONS), "slow", "refuse")
    with stage.serving() as server:
        kills = 0
        while kills < KILLS:
            time.sleep(0.8 + dice.random())
            kills += kill_one(stage, server, dice)
        assert not all_ended(stage), "the kills came after the work"
        until(lambda: all_ended(stage), 240)
    state, money = stage.play("state"), stage.play("spent")
    assert state["succeeded"] + state["failed"] == GENERATIONS
    assert state["failed"] >= GENERATIONS // 10
    assert money["spent"] == money["delivered"]
    report = stage.manage("check_invariants", check=False)
    assert (report.returncode, report.stdout) == (0, "")


def test_a_prompt_that_kills_its_worker_fails_after_three_tries_and_others_go_on(stage: Stage):
    stage.play("fill", "20", "fine", "die")
    with stage.serving():
        until(lambda: all_ended(stage), 120)
    assert stage.play("state") == {"succeeded": 18, "failed": 2, "attempts": 3}
    assert stage.manage("check_invariants", check=False).returncode == 0


def test_stopping_gives_running_work_back_without_spending_an_attempt(stage: Stage):
    stage.play("fill", "8", "slow", "slow")
    with stage.serving():
        assert stage.play("until_running")
    state = stage.play("state")
    assert "running" not in state
    with stage.serving():
        until(lambda: all_ended(stage), 120)
    assert stage.play("state") == {"succeeded": 8, "attempts": 1}


def test_a_worker_that_wakes_up_after_its_lease_publishes_nothing(stage: Stage):
    stage.env["WORKERS"] = "1"
    # At a crawl it sleeps between two steps, rather than in a transaction that would hold SQLite.
    stage.play("fill", "1", "crawl", "crawl")
    with stage.serving() as server:
        assert stage.play("until_running")
        [sleeper] = stage.painters(server)
        os.kill(sleeper, signal.SIGSTOP)
        try:
            with stage.serving("--only", "worker"):
                until(lambda: all_ended(stage), 60)
                before = stage.play("pictures")
        finally:
            os.kill(sleeper, signal.SIGCONT)
        time.sleep(2)  # what it would publish, it would publish now
    assert stage.play("pictures") == before
    assert stage.play("state") == {"succeeded": 1, "attempts": 2}
    assert stage.manage("check_invariants", check=False).returncode == 0
