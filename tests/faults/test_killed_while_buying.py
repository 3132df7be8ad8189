"""A worker that is killed while a provider paints: one purchase, and every picture of it."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.stage import Stage
from tests.generator.remote.provider import Provider, serving
from tests.generator.remote.test_horde import Horde
from tests.waiting import until

pytestmark = [pytest.mark.slow]


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    stage = Stage(
        tmp_path,
        LEASE_SECONDS="2",
        SWEEP_SECONDS="0.5",
        WORKERS="1",
        REMOTE_WORKERS="2",
        OUTBOUND_ALLOW="127.0.0.1/32",
    )
    stage.prepare()
    return stage


def kill_workers(stage: Stage, server: subprocess.Popen[bytes]) -> None:
    """SIGKILL every process of the worker, so that nobody can tidy up."""
    for pid in stage.workers(server):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def looks(provider: Provider) -> int:
    return sum("/check/" in path for path in provider.paths)


def test_a_killed_worker_neither_loses_the_purchase_nor_buys_it_again(stage: Stage):
    horde = Horde(check={"done": False})
    with serving(horde) as provider:
        options = {"provider": "horde", "url": provider.url}
        stage.play("buy", json.dumps(options), "2")
        with stage.serving() as server:
            until(lambda: looks(provider))
            kill_workers(stage, server)
            before = looks(provider)
            until(lambda: looks(provider) > before)
            horde.check = {"done": True}
            until(lambda: "succeeded" in stage.play("state"))
    assert stage.play("state") == {"succeeded": 1, "attempts": 2}
    assert provider.paths.count("POST /v2/generate/async") == 1
    assert not horde.cancelled
    assert stage.play("spent")["delivered"] == 2
    report = stage.manage("check_invariants", check=False)
    assert (report.returncode, report.stdout) == (0, "")
