"""What dies comes back; what is stopped leaves nothing behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from tests.waiting import until

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.slow

#: A child that writes its process id, ignores SIGTERM if told so, and has a child of its own.
CHILD = "{trap} echo $$ >> {log}; sleep 3600 & wait; sleep 3600"


class Family:
    """A supervisor in a process of its own, with one child that keeps a log of its starts."""

    def __init__(self, folder: Path) -> None:
        self.log = folder / "starts"
        self.log.touch()

    def start(
        self, *, stubborn: bool = False, grace: float = 30, under: Sequence[str] = ()
    ) -> None:
        """Start, and wait for the child; `under` is a command that runs the supervisor."""
        child = CHILD.format(trap="trap '' TERM;" if stubborn else "", log=self.log)
        code = (
            "from config.supervisor import Child, run\n"
            f"run([Child('one', ['sh', '-c', {child!r}])], grace={grace})"
        )
        command = [*under, sys.executable, "-c", code]
        # What runs the tests may itself ignore SIGHUP, and children inherit that.
        self.process = subprocess.Popen(command, cwd=ROOT, preexec_fn=_hear_hangups)
        until(self.starts)

    def starts(self) -> list[int]:
        """The process ids of the child, one for each time it was started."""
        return [int(line) for line in self.log.read_text().split()]

    def left(self) -> list[int]:
        """The process groups of the child in which something still runs."""
        return [pid for pid in self.starts() if runs(pid)]

    def end(self) -> None:
        """Clean up after a test that failed."""
        self.process.kill()
        self.process.wait()
        for pid in self.left():
            os.killpg(pid, signal.SIGKILL)


def _hear_hangups() -> None:
    signal.signal(signal.SIGHUP, signal.SIG_DFL)


def runs(group: int) -> bool:
    """Whether any process of this group does more than wait to be reaped."""
    states = subprocess.run(
        ["ps", "-o", "stat=", "--sid", str(group)], capture_output=True, text=True, check=False
    )
    return any(not state.startswith("Z") for state in states.stdout.split())


@pytest.fixture
def family(tmp_path: Path) -> Iterator[Family]:
    family = Family(tmp_path)
    yield family
    family.end()


def test_a_child_that_is_killed_comes_back_without_its_old_children(family: Family) -> None:
    family.start()
    first = family.starts()[0]
    os.kill(first, signal.SIGKILL)
    until(lambda: len(family.starts()) == 2)
    until(lambda: family.left() == [family.starts()[1]])


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_everything_and_counts_as_success(family: Family, number: int) -> None:
    family.start()
    family.process.send_signal(number)
    assert family.process.wait(timeout=60) == 0
    until(lambda: not family.left())


def test_under_nohup_it_outlives_its_terminal(family: Family) -> None:
    family.start(under=["nohup"])
    family.process.send_signal(signal.SIGHUP)
    # Had it heard the first signal, the child that comes back would not.
    os.kill(family.starts()[0], signal.SIGKILL)
    until(lambda: len(family.starts()) == 2)
    family.process.send_signal(signal.SIGTERM)
    assert family.process.wait(timeout=60) == 0


def test_a_child_that_will_not_stop_is_killed_after_the_grace(family: Family) -> None:
    family.start(stubborn=True, grace=0.2)
    family.process.send_signal(signal.SIGINT)
    assert family.process.wait(timeout=60) == 0
    until(lambda: not family.left())


def test_a_second_signal_does_not_wait_for_the_grace(family: Family) -> None:
    family.start(stubborn=True, grace=3600)
    family.process.send_signal(signal.SIGINT)
    family.process.send_signal(signal.SIGTERM)
    assert family.process.wait(timeout=60) == 0
    until(lambda: not family.left())


def test_a_supervisor_that_is_killed_takes_its_children_along(family: Family) -> None:
    family.start()
    family.process.kill()
    family.process.wait()
    until(lambda: not is_running(family.starts()[0]))


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
