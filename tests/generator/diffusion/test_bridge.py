"""From callbacks to an iterator that can be closed."""

from __future__ import annotations

import threading

import pytest

from generator.engines.diffusion.bridge import stream


def test_it_yields_what_is_emitted_in_order():
    assert list(stream(lambda emit: [emit(n) for n in range(5)])) == [0, 1, 2, 3, 4]


def test_an_error_comes_after_what_was_emitted_before_it():
    def work(emit):
        emit(1)
        raise ValueError("broken")

    events = stream(work)
    assert next(events) == 1
    with pytest.raises(ValueError, match="broken"):
        next(events)


def test_closing_unwinds_the_work_at_its_next_emit_and_waits_for_it():
    go_on, unwound, emitted = threading.Event(), threading.Event(), []

    def work(emit):
        try:
            for number in range(1000):
                emit(number)
                emitted.append(number)
                go_on.wait()
        finally:
            unwound.set()

    events = stream(work)
    assert next(events) == 0
    threading.Timer(0.05, go_on.set).start()
    events.close()
    assert unwound.is_set()
    assert len(emitted) < 1000


def test_work_that_swallows_exceptions_is_stopped_all_the_same():
    calls = []

    def work(emit):
        for number in range(1000):
            try:
                emit(number)
            except Exception:  # as a careless library might
                calls.append(number)

    events = stream(work)
    next(events)
    events.close()
    assert calls == []


def test_no_thread_stays_behind():
    before = threading.active_count()
    list(stream(lambda emit: emit(1)))
    closed = stream(lambda emit: [emit(n) for n in range(100)])
    next(closed)
    closed.close()
    assert threading.active_count() == before
