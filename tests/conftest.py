"""What holds for every test, in which order they run, and the database they find."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.db.backends.base.operations import BaseDatabaseOperations

from accounts.models import StaffRole, User
from tests import prepared
from tests.factories import make_user

#: Markers from the quickest to the slowest company.
_LATER = ("slow", "services", "browser")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the random order, but within fast, slow, services and browser.

    Slow ones that commit empty all tables when they end, the rows of migrations too: never first.
    """
    items.sort(key=_lateness)


def _lateness(item: pytest.Item) -> int:
    return max((n for n, name in enumerate(_LATER, 1) if item.get_closest_marker(name)), default=0)


@pytest.fixture(scope="session")
def django_db_keepdb(
    request: pytest.FixtureRequest,
    django_db_modify_db_settings: None,  # which names the file
) -> bool:
    """Whether the test database is there already: a copy costs less than all migrations."""
    if connection.vendor != "sqlite" or request.config.getvalue("nomigrations"):
        return bool(request.config.getvalue("reuse_db"))
    prepared.sqlite(Path(connection.settings_dict["TEST"]["NAME"]))
    return True


# accounts: the cast, and a ledger that only the clearing between tests may empty.


@pytest.fixture
def alice(db: None) -> User:
    return make_user("alice@example.org", name="Alice")


@pytest.fixture
def bob(db: None) -> User:
    return make_user("bob@example.org", name="Bob")


@pytest.fixture
def mallory(db: None) -> User:
    """Has an account and means no good."""
    return make_user("mallory@example.org", name="Mallory")


@pytest.fixture
def staff(db: None) -> User:
    return make_user("staff@example.org", name="Sam", staff_role=StaffRole.ADMIN)


@pytest.fixture(autouse=True)
def nobody_has_asked_yet() -> Iterator[None]:
    """Throttles count in the cache, which outlives a test's transaction."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture(autouse=True)
def nothing_is_stored_yet() -> Iterator[None]:
    """Bytes outlive a test's transaction too, and would be orphans in the next one."""
    yield
    shutil.rmtree(settings.DATA_DIR / "media", ignore_errors=True)


@pytest.fixture(scope="session", autouse=True)
def clearing_passes_the_ledger() -> Iterator[None]:
    """Lift the append-only triggers for the flush after a transactional test, only there."""
    names = ("0002_append_only_ledger", "0003_teams_and_wallets")
    guards = [import_module(f"accounts.migrations.{name}") for name in names]
    flush = BaseDatabaseOperations.execute_sql_flush

    def lift_and_flush(operations: BaseDatabaseOperations, statements: list[str]) -> Any:
        lifted = [line for each in guards for line in each.UNGUARD[connection.vendor]]
        put_back = [line for each in guards for line in each.GUARD[connection.vendor]]
        return flush(operations, [*lifted, *statements, *put_back])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BaseDatabaseOperations, "execute_sql_flush", lift_and_flush)
        yield
