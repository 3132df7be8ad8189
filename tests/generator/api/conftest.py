"""The cast's programs, and a model that paints at once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.signals import connection_created

from accounts.models import User
from generator.models import EngineModel
from tests.generator.api.programs import Program, offer_blank


@pytest.fixture(scope="session", autouse=True)
def threads_leave_the_database(django_db_setup: None) -> Iterator[None]:
    """The application's threads outlive the tests; PostgreSQL drops no database in use."""
    opened: list[Any] = []

    def note(connection: Any, **_: Any) -> None:
        opened.append(connection)

    connection_created.connect(note, weak=False)
    yield
    connection_created.disconnect(note)
    for other in opened:
        if other is not connections[DEFAULT_DB_ALIAS]:
            other.inc_thread_sharing()
            other.close()


@pytest.fixture(autouse=True)
def blank(db: None) -> EngineModel:
    return offer_blank()


@pytest.fixture
def alices(alice: User) -> Program:
    return Program(alice)


@pytest.fixture
def mallorys(mallory: User) -> Program:
    return Program(mallory)
