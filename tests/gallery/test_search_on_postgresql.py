"""The same searches on the other database."""

from __future__ import annotations

import pytest

from tests.services import repeat_on_postgresql


@pytest.mark.services
@pytest.mark.slow
def test_postgresql_finds_what_sqlite_finds() -> None:
    repeat_on_postgresql(
        "gallery/test_search.py",
        "gallery/test_search_at_once.py",
        "gallery/test_trending.py",
        "gallery/test_nearest_colour.py",
    )
