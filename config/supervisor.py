"""Runs several programs as one: brings back what dies, and leaves nothing behind.

Each child has its own session, so Ctrl-C reaches the supervisor alone, which then asks the
children to stop, in order and with time to finish. A child is told by the kernel when the
supervisor itself is killed.
"""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

#: Seconds that children get to finish after the first signal.
GRACE = 30.0
#: Seconds before a dead child is started again: doubled each time, up to the second number.
BACK_OFF = (0.2, 5.0)
#: A child that ran for so many seconds is healthy again.
HEALTHY = 30.0

_PR_SET_PDEATHSIG = 1
_STOP = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}
_HEARD = {*_STOP, signal.SIGCHLD}
_libc = ctypes.CDLL(None, use_errno=True)


@dataclass
class Child:
    """A program to keep running. `keep` are file descriptors that it inherits."""

    name: str
    command: Sequence[str]
    keep: Sequence[int] = ()
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)
    started: float = field(default=0.0, init=False)
    due: float = field(default=0.0, init=False)
    delay: float = field(default=BACK_OFF[0], init=False)

    def start(self) -> None:
        """Start, in a session of its own."""
        supervisor = os.getpid()
        self.started = time.monotonic()
        self.process = subprocess.Popen(
            list(self.command),
            pass_fds=tuple(self.keep),
            start_new_session=True,
            preexec_fn=lambda: _settle(supervisor),  # safe: one thread
        )

    def died(self) -> bool:
        """Whether the program ended since we looked last; if so, when it is due again is set."""
        if self.process is None or self.process.poll() is None:
            return False
        self.send(signal.SIGKILL)  # what it may have left of its own children
        if time.monotonic() - self.started > HEALTHY:
            self.delay = BACK_OFF[0]
        self.due = time.monotonic() + self.delay
        self.delay = min(2 * self.delay, BACK_OFF[1])
        return True

    def send(self, number: int) -> None:
        """Signal the program; SIGKILL goes to all that it started as well."""
        if self.process is None:
            return
        try:
            if number == signal.SIGKILL:
                os.killpg(self.process.pid, number)
            elif self.process.poll() is None:
                self.process.send_signal(number)
        except ProcessLookupError:
            return


def run(children: Sequence[Child], *, grace: float = GRACE) -> None:
    """Keep `children` running until SIGINT, SIGTERM or SIGHUP; then stop them and return.

    They get `grace` seconds; a second signal ends them at once.
    """
    heard = set(_HEARD)
    if signal.getsignal(signal.SIGHUP) == signal.SIG_IGN:
        heard.remove(signal.SIGHUP)  # `nohup`: the terminal may go, we stay
    for number in heard:
        signal.signal(number, signal.SIG_DFL)  # a shell's `&` leaves SIGINT ignored
    before = signal.pthread_sigmask(signal.SIG_BLOCK, heard)
    try:
        for child in children:
            child.start()
        _watch(children)
    finally:
        _stop(children, grace)
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _watch(children: Sequence[Child]) -> None:
    while True:
        if _heard(_until_due(children)) in _STOP:
            return
        for child in children:
            if child.died():
                _say(f"{child.name} ended ({_reason(child)}), starting it again")
                child.process = None
            if child.process is None and child.due <= time.monotonic():
                child.start()


def _until_due(children: Sequence[Child]) -> float:
    due = [child.due for child in children if child.process is None]
    return max(0.0, min(due) - time.monotonic()) if due else 3600.0


def _stop(children: Sequence[Child], grace: float) -> None:
    for child in children:
        child.send(signal.SIGTERM)
    deadline = time.monotonic() + grace
    while any(child.process and child.process.poll() is None for child in children):
        left = deadline - time.monotonic()
        if left <= 0 or _heard(left) in _STOP:
            break
    for child in children:
        child.send(signal.SIGKILL)
        if child.process:
            child.process.wait()


def _heard(seconds: float) -> int:
    """The next signal for us, or 0 after `seconds`."""
    info = signal.sigtimedwait(_HEARD, seconds)
    return info.si_signo if info else 0


def _settle(supervisor: int) -> None:
    """In the child, before its program: unblock signals, and end when the supervisor does."""
    signal.pthread_sigmask(signal.SIG_SETMASK, set())
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != supervisor:
        os._exit(1)  # it died before we asked to be told


def _reason(child: Child) -> str:
    code = child.process.returncode if child.process else 0
    return f"signal {-code}" if code < 0 else f"exit status {code}"


def _say(line: str) -> None:
    print(f"limner: {line}", file=sys.stderr, flush=True)
