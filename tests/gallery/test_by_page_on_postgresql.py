"""The same pages on the other database, whose rows name pictures in another way."""

from __future__ import annotations

import pytest

from tests.services import repeat_on_postgresql


@pytest.mark.services
@pytest.mark.slow
def test_postgresql_says_of_a_page_what_sqlite_says() -> None:
    repeat_on_postgresql("gallery/test_by_page.py", "accounts/test_prepared.py")
