"""The same installation on PostgreSQL with Redis or RabbitMQ, by environment alone."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import httpx
import pytest

from tests import services
from tests.faults.stage import Stage
from tests.waiting import until

pytestmark = [pytest.mark.services, pytest.mark.xdist_group("serve")]


@pytest.mark.parametrize("broker", [services.redis, services.rabbitmq], ids=["redis", "rabbitmq"])
def test_a_picture_is_made_on_postgresql_with_another_broker(
    broker: Callable[[], AbstractContextManager[str]], tmp_path: Path
) -> None:
    with services.postgresql() as database, broker() as bell:
        stage = Stage(tmp_path, DATABASE_URL=database, CELERY_BROKER_URL=bell)
        stage.play("offer", "blank")
        with stage.serving():
            until(lambda: is_ready(stage))
            task = make_picture(stage)
        assert task["status"] == "succeeded", stage.log.read_text()
        assert stage.manage("check_invariants").returncode == 0


def is_ready(stage: Stage) -> bool:
    try:
        return httpx.get(f"{stage.url}/readyz", timeout=30).status_code == 200
    except httpx.TransportError:
        return False


def make_picture(stage: Stage) -> dict[str, str]:
    """The finished task of an order by somebody new."""
    account = stage.account("alice@example.org", "--credits", "10")
    answer = httpx.post(
        f"{stage.url}/v1/tasks/text-to-image",
        json={"prompt": "a fox", "model": "blank", "width": 256, "height": 256},
        headers={
            "Authorization": f"Bearer {account['apiKey']}",
            "Prefer": "wait=30",
        },
        timeout=60,
    )
    return answer.raise_for_status().json()  # type: ignore[no-any-return]
