"""From a pipeline that calls back to an iterator that can be closed.

diffusers runs to the end of a picture and reports by a callback. The work runs in
a thread of its own; the iterator yields what it emits. Closing the iterator makes
the next `emit` raise `Stopped`, which unwinds the pipeline between two steps, and
waits for that.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from queue import SimpleQueue
from typing import TypeVar

T = TypeVar("T")
Emit = Callable[[T], None]


class Stopped(BaseException):
    """The pictures are no longer wanted. Not an Exception, so that no library keeps it."""


class _Ended:
    """The last thing in the queue: how the work ended."""

    def __init__(self, error: BaseException | None) -> None:
        self.error = error


def stream(work: Callable[[Emit[T]], None]) -> Iterator[T]:
    """What `work(emit)` emits, as it emits it. An error of `work` is raised here."""
    queue: SimpleQueue[T | _Ended] = SimpleQueue()
    unwanted = threading.Event()

    def emit(value: T) -> None:
        if unwanted.is_set():
            raise Stopped
        queue.put(value)

    thread = threading.Thread(target=_run, args=(work, emit, queue), name="diffusion", daemon=True)
    thread.start()
    try:
        while not isinstance(value := queue.get(), _Ended):
            yield value
        if value.error:
            raise value.error
    finally:
        unwanted.set()
        thread.join()


def _run(work: Callable[[Emit[T]], None], emit: Emit[T], queue: SimpleQueue[T | _Ended]) -> None:
    try:
        work(emit)
    except Stopped:
        queue.put(_Ended(None))
    except BaseException as error:
        queue.put(_Ended(error))
    else:
        queue.put(_Ended(None))
