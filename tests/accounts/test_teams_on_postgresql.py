"""The rules of teams and of their galleries once more, on PostgreSQL."""

from __future__ import annotations

import pytest

from tests.services import repeat_on_postgresql


@pytest.mark.services
@pytest.mark.slow
def test_teams_hold_on_postgresql() -> None:
    repeat_on_postgresql(
        "accounts/test_last_owner.py",
        "accounts/test_team_invitations.py",
        "accounts/test_team_pages.py",
        "gallery/test_leaving_a_team.py",
        "gallery/test_team_gallery.py",
        "generator/test_lost_wallets.py",
    )
