"""What holds for every test: the fast ones first, so that a slip shows at once."""

from __future__ import annotations

import pytest

#: Markers from the quickest to the slowest company.
_LATER = ("slow", "services", "browser")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the random order, but within fast, slow, services and browser."""
    items.sort(key=_lateness)


def _lateness(item: pytest.Item) -> int:
    return max((n for n, name in enumerate(_LATER, 1) if item.get_closest_marker(name)), default=0)
