"""What depends on locks and on conflicts, and what is promised of rows, on PostgreSQL too."""

from __future__ import annotations

import pytest

from tests.services import repeat_on_postgresql


@pytest.mark.services
@pytest.mark.slow
def test_generations_hold_on_postgresql() -> None:
    repeat_on_postgresql(
        "generator/test_leases.py",
        "generator/test_locks.py",
        "generator/test_scheduling.py",
        "generator/test_submission.py",
        "generator/test_overview.py",
        "generator/test_paying_at_once.py",
        "generator/test_execution.py",
        "generator/test_state_machine.py",
        "generator/test_limits_of_one_person.py",
        "generator/test_erasures.py",
        "generator/test_erasures_resumed.py",
        "generator/test_copies.py",
        "generator/test_health.py",
        "generator/test_choosing.py",
        "generator/api/test_staff.py",
        "generator/api/test_bulk.py",
    )
