"""The rules of the ledger once more, on PostgreSQL."""

from __future__ import annotations

import pytest

from tests.services import repeat_on_postgresql


@pytest.mark.services
@pytest.mark.slow
def test_the_ledger_and_accounts_hold_on_postgresql() -> None:
    repeat_on_postgresql(
        "accounts/test_ledger_is_append_only.py",
        "accounts/test_ledger_races.py",
        "accounts/test_ledger_rules.py",
        "accounts/test_api_keys.py",
        "accounts/test_own_pages.py",
        "accounts/test_team_money.py",
        "accounts/test_expiring_credits.py",
        "accounts/test_allowances.py",
        "accounts/test_low_balance.py",
        "accounts/test_statements.py",
        "accounts/test_bulk_grants.py",
        "accounts/test_audited_admin.py",
        "accounts/test_signing_up.py",
    )
