"""Queues, schedule and what Celery does with a message when a worker dies."""

from __future__ import annotations

import pytest
from django.conf import settings

from config.celery import UPKEEP, app, configuration, schedule


def test_every_engine_has_a_queue_of_its_own_beside_upkeep() -> None:
    assert set(app.amqp.queues) == {*settings.ENGINES, UPKEEP}


def test_every_scheduled_task_exists() -> None:
    app.loader.import_default_modules()
    scheduled = {entry["task"] for entry in schedule(5).values()}
    assert scheduled <= set(app.tasks)


def test_a_sweep_that_waited_too_long_is_dropped_rather_than_piled_up() -> None:
    assert schedule(5)["sweep"]["options"]["expires"] == 10


def test_a_message_is_acknowledged_late_and_given_back_when_its_worker_dies() -> None:
    conf = app.conf
    assert conf.task_acks_late
    assert conf.task_reject_on_worker_lost
    assert conf.worker_prefetch_multiplier == 1


def test_nothing_but_json_is_read() -> None:
    assert list(app.conf.accept_content) == ["json"]


def test_a_broker_that_is_down_does_not_hold_up_a_submission() -> None:
    assert app.conf.task_publish_retry is False
    assert app.conf.broker_connection_timeout <= 2


@pytest.mark.parametrize(
    ("url", "option"),
    [("redis://localhost/0", "unacked_restore_interval"), ("", "folder")],
)
def test_each_broker_has_its_own_options(
    url: str, option: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "BROKER_URL", url)
    assert option in configuration()["broker_transport_options"]
