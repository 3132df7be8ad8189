"""Knowing that this worker was asked to stop.

Celery's parent process hears the signal, its children do the work; one byte of
shared memory, made before the fork, tells them.
"""

from __future__ import annotations

import mmap

_flag = mmap.mmap(-1, 1)


def request() -> None:
    """Ask every process of this worker to give back what it runs."""
    _flag[0] = 1


def requested() -> bool:
    return _flag[0] == 1


def reset() -> None:
    """Forget a request: a worker starts."""
    _flag[0] = 0
