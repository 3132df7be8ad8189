"""Many requests at once: nobody spends what is not there, nothing comes back twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import RequestFactory

from accounts.invariants import breaches
from accounts.models import CreditEntry, Kind
from generator.api.site import api
from tests.factories import make_user
from tests.generator.api.programs import Program


def at_once(call: Callable[[], Any], times: int) -> Counter[int]:
    """How often each status was answered."""

    def on_its_own_connection(_number: int) -> int:
        try:
            status: int = call().status_code
            return status
        finally:
            connection.close()

    with ThreadPoolExecutor(16) as threads:
        return Counter(threads.map(on_its_own_connection, range(times)))


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_ten_credits_pay_for_ten_tasks() -> None:
    program = Program(make_user(credits=10))
    assert at_once(program.submit, 50) == {202: 10, 402: 40}
    assert program.balance() == 0


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_twenty_cancels_give_back_once(alices: Program) -> None:
    before = alices.balance()
    task = alices.submit(count=3).json()["id"]
    assert at_once(lambda: alices.post(f"/v1/tasks/{task}/cancel"), 20) == {200: 20}
    assert alices.balance() == before
    assert CreditEntry.objects.filter(kind=Kind.REFUND).count() == 1
    assert list(breaches()) == []


def test_a_database_that_does_not_answer_is_503_with_a_time() -> None:
    lost = OperationalError("database is locked")
    answer = api.on_exception(RequestFactory().get("/v1/billing"), lost)
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
