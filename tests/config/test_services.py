"""The services of the tests themselves: there when installed, loud when not, gone after."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import psycopg
import pytest
from kombu import Connection

from config import env
from tests import services

BROKERS = [services.redis, services.rabbitmq]


@pytest.mark.services
def test_postgresql_answers_at_the_url_it_gives(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with services.postgresql() as url:
        monkeypatch.setenv("DATABASE_URL", url)
        found = env.database("DATABASE_URL", tmp_path)
        where = f"host={found['HOST']} user={found['USER']} dbname={found['NAME']}"
        assert psycopg.connect(where).execute("SELECT 1").fetchone() == (1,)


@pytest.mark.services
@pytest.mark.parametrize("service", BROKERS, ids=["redis", "rabbitmq"])
def test_a_broker_gives_back_what_it_was_given(
    service: Callable[[], AbstractContextManager[str]],
) -> None:
    with service() as url, Connection(url) as connection, connection.SimpleQueue("sketch") as queue:
        queue.put("look")
        assert queue.get(timeout=30).payload == "look"


def test_a_missing_service_skips_with_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "")
    with pytest.raises(pytest.skip.Exception, match="Redis is missing: sudo apt-get install redis"):
        services.missing("Redis", "redis-server")


def test_a_missing_service_fails_where_everything_ought_to_be_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="sudo apt-get install"):
        services.missing("Redis", "redis-server")
