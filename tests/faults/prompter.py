"""One process that plays verb after verb: starting one for each would cost a second every time."""

from __future__ import annotations

import json
import select
import subprocess
import sys
import weakref
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.prepared import ROOT

#: Seconds that a verb may take before we stop waiting for it; the longest wait a hundred.
PATIENCE = 120


class Prompter:
    """`tests.faults.play` in the environment `env`, until nobody holds on to it any more."""

    def __init__(self, env: Mapping[str, str], log: Path) -> None:
        self.log = log
        with log.open("ab") as errors:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tests.faults.play"],
                cwd=ROOT,
                env=env,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
            )
        weakref.finalize(self, _dismiss, self.process)

    def play(self, verb: str, *arguments: str) -> Any:
        """What the verb printed, read as JSON."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(json.dumps([verb, *arguments]).encode() + b"\n")
        self.process.stdin.flush()
        # It answers in one line, so that nothing is left in the buffer between two questions.
        if not select.select([self.process.stdout], [], [], PATIENCE)[0]:
            raise TimeoutError(f"{verb} {arguments} still plays after {PATIENCE} s")
        if not (line := self.process.stdout.readline()):
            raise AssertionError(f"{verb} {arguments}: {self.log.read_text()}")
        return json.loads(line)


def _dismiss(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.communicate()
