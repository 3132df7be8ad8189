"""Workers that are killed while they copy or erase what somebody has: the next one finishes it."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.faults.stage import ROOT, Stage

pytestmark = [pytest.mark.slow]

PICTURES = 120
KILLS = 4


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    stage = Stage(tmp_path)
    stage.prepare()
    return stage


def begin(stage: Stage, verb: str, owner: str, *, kill_after: float | None) -> None:
    """Start `verb`, and SIGKILL it so many seconds after it began, or let it finish."""
    command = [sys.executable, "-m", "tests.faults.play", verb, owner]
    with subprocess.Popen(command, cwd=ROOT, env=stage.env, stdout=subprocess.PIPE) as worker:
        assert worker.stdout
        assert worker.stdout.readline() == b"begun\n"
        if kill_after is not None:
            time.sleep(kill_after)
            worker.kill()


def test_a_copy_and_an_erasure_survive_killed_workers(stage: Stage, tmp_path: Path):
    dice = random.Random(7)
    owner, file = stage.play("settle_down", str(PICTURES))
    media = tmp_path / "data" / "media"
    assert (media / file).exists()
    for verb, done in (("copy", "copied"), ("leave", "erased")):
        for _ in range(KILLS):
            begin(stage, verb, str(owner), kill_after=dice.random() * 0.25)
        begin(stage, verb, str(owner), kill_after=None)
        assert stage.play("remains")[done] == 1
        if verb == "copy":
            assert len(list((media / "exports").iterdir())) == 1
    assert stage.play("remains")["pictures"] == 0
    stage.play("sweep_orphans")
    assert [path for path in media.rglob("*") if path.is_file()] == []
    report = stage.manage("check_invariants", check=False)
    assert (report.returncode, report.stdout) == (0, "")
