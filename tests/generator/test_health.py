"""When a model last worked and failed: noted by the workers, once a minute at most."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from django.db import DatabaseError
from django.utils import timezone

from generator import health
from generator.models import EngineModel, Generation
from generator.models.engine_model import EngineModelQuerySet
from tests.generator.orders import make_model, make_person, run_all, submit

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def another_process() -> Iterator[None]:
    """One that has noted nothing yet."""
    health._noted.clear()
    yield
    health._noted.clear()


def seen(slug: str = "blank") -> EngineModel:
    return EngineModel.objects.get(slug=slug)


def rewind(slug: str, seconds: int) -> dt.datetime:
    """Let the last notes be that old."""
    moment = timezone.now() - dt.timedelta(seconds=seconds)
    EngineModel.objects.filter(slug=slug).update(worked_at=moment, failed_at=moment)
    return moment


def test_a_delivered_picture_is_noted():
    submit(make_person())
    run_all()
    assert (seen().worked_at is not None, seen().failed_at) == (True, None)


@pytest.mark.parametrize(
    ("prompt", "told"),
    [
        ("refuse", "This prompt is refused."),
        ("busy", "The provider is busy."),
        ("crash", "Something went wrong"),
    ],
)
def test_what_went_wrong_is_noted_with_its_reason(prompt, told):
    submit(make_person(), prompt, model="scripted")
    run_all("scripted")
    assert told in seen("scripted").last_error
    assert seen("scripted").failed_at is not None


def test_a_process_asks_the_database_once_a_minute(django_assert_num_queries):
    model = make_model()
    health.worked(model.pk)
    health.failed(model.pk, "It failed.")
    with django_assert_num_queries(0):
        health.worked(model.pk)
        health.failed(model.pk, "It failed again.")
    assert seen().last_error == "It failed."


def test_another_process_keeps_to_the_same_minute():
    model = make_model()
    moment = rewind("blank", 30)
    health.worked(model.pk)
    health.failed(model.pk, "too early")
    assert (seen().worked_at, seen().failed_at, seen().last_error) == (moment, moment, "")


def test_after_a_minute_the_news_replace_the_old():
    model = make_model()
    moment = rewind("blank", 61)
    health.worked(model.pk)
    health.failed(model.pk, "x" * 400)
    assert seen().worked_at > moment
    assert seen().last_error == "x" * 300


def test_a_note_that_cannot_be_written_harms_no_picture(monkeypatch):
    def locked(_rows: EngineModelQuerySet) -> int:
        raise DatabaseError("database is locked")

    monkeypatch.setattr(EngineModelQuerySet, "note_success", locked)
    submit(make_person())
    run_all()
    assert Generation.objects.get().status == "succeeded"
