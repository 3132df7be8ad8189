"""How a worker ends: asked to, or because an engine hangs.

Celery's main thread hears the signal, and another thread, or under a pool of processes
another process, does the work; one byte of shared memory tells both.
"""

from __future__ import annotations

import logging
import mmap
import os

logger = logging.getLogger("limner.shutdown")

#: os.EX_SOFTWARE: the supervisor starts us again.
HUNG = 70
_flag = mmap.mmap(-1, 2)


def begin() -> None:
    """A worker starts: forget earlier requests."""
    _flag[0], _flag[1] = 0, 1


def request() -> None:
    """Ask this worker to give back what it runs."""
    _flag[0] = 1


def requested() -> bool:
    return _flag[0] == 1


def reset() -> None:
    """Be no worker and forget requests, as before `begin`."""
    _flag[0] = _flag[1] = 0


def give_up() -> None:
    """End this worker at once, for a thread that hangs cannot be stopped. Others do nothing."""
    if _flag[1]:
        logger.error("an engine hangs; this worker ends and is started again")
        os._exit(HUNG)
