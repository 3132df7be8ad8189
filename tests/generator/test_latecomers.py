"""A worker waits a moment for company when its engine asks for it, and never otherwise."""

from __future__ import annotations

import pytest

from generator import execution, scheduling
from generator.models import Generation, Status
from tests.engines import BlankEngine
from tests.generator.orders import make_model, make_person, submit

pytestmark = pytest.mark.django_db


class Wait:
    """Stands for the clock: notes how long was waited, and lets something happen meanwhile."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.waited: list[float] = []
        self.meanwhile = lambda: None
        monkeypatch.setattr(execution.time, "sleep", self.sleep)

    def sleep(self, seconds: float) -> None:
        self.waited.append(seconds)
        self.meanwhile()


@pytest.fixture
def wait(monkeypatch: pytest.MonkeyPatch) -> Wait:
    return Wait(monkeypatch)


@pytest.fixture
def passes(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many jobs each pass of the blank engine had; it waits for 30 ms."""
    make_model("blank")
    seen: list[int] = []
    paint = BlankEngine.generate

    def generate(engine, jobs):
        seen.append(len(jobs))
        return paint(engine, jobs)

    monkeypatch.setattr(BlankEngine, "generate", generate)
    monkeypatch.setattr(BlankEngine, "fill_seconds", 0.03, raising=False)
    return seen


def test_what_is_submitted_within_the_moment_shares_the_pass(wait, passes):
    first, other = submit(make_person()), make_person()
    wait.meanwhile = lambda: submit(other)
    assert execution.work("blank")
    assert (passes, wait.waited) == ([2], [0.03])
    assert Generation.objects.filter(status=Status.SUCCEEDED).count() == 2
    first.refresh_from_db()
    assert first.status == Status.SUCCEEDED


def test_what_does_not_fit_into_the_pass_keeps_its_turn(wait, passes):
    submit(make_person())
    other = make_person()
    wait.meanwhile = lambda: submit(other, steps=9)
    execution.work("blank")
    assert passes == [1]
    assert Generation.objects.get(status=Status.QUEUED).attempt == 0


def test_a_full_pass_starts_at_once(wait, passes):
    for _ in range(BlankEngine.batch):
        submit(make_person())
    execution.work("blank")
    assert (passes, wait.waited) == ([BlankEngine.batch], [])


@pytest.mark.parametrize("engine", ["blank", "scripted"])
def test_an_engine_that_does_not_ask_for_it_is_never_kept_waiting(wait, engine):
    submit(make_person(), model=engine)
    assert execution.work(engine)
    assert wait.waited == []


def test_nothing_due_means_nothing_waited(wait, passes):
    assert not execution.work("blank")
    assert wait.waited == []


def test_a_pass_is_counted_in_pictures():
    make_model("blank")
    for count in (2, 3, 1, 1):
        submit(make_person(), count=count)
    claimed = scheduling.claim("blank", 4)
    assert [generation.count for generation in claimed] == [2, 1, 1]


def test_a_generation_with_more_pictures_than_a_pass_comes_alone():
    make_model("blank")
    for count in (6, 1):
        submit(make_person(), count=count)
    assert [generation.count for generation in scheduling.claim("blank", 4)] == [6]


def test_those_who_have_enough_running_are_not_let_in_late(wait, passes, settings):
    settings.MAX_RUNNING_PER_USER = 1
    busy = make_person()
    submit(busy)
    wait.meanwhile = lambda: submit(busy)
    execution.work("blank")
    assert passes == [1]


def test_somebody_who_cancels_meanwhile_is_not_let_in(wait, passes):
    submit(make_person())
    other = make_person()
    wait.meanwhile = lambda: submit(other).cancel()
    execution.work("blank")
    assert passes == [1]
