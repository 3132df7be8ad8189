"""A repeated submission with the same Idempotency-Key makes one task and one charge."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection

from generator.models import Generation
from tests.generator.api.programs import TASKS, Program, body

KEY = {"Idempotency-Key": "order-1"}


def test_a_repeated_request_gives_the_same_task(alices: Program) -> None:
    first, second = alices.submit(KEY), alices.submit(KEY)
    assert (first.status_code, second.status_code) == (202, 202)
    assert first.json()["id"] == second.json()["id"]


def test_it_is_charged_once(alices: Program) -> None:
    before = alices.balance()
    for _ in range(3):
        alices.submit(KEY)
    assert before - alices.balance() == 1


def test_the_order_of_the_fields_does_not_matter(alices: Program) -> None:
    first = alices.post(TASKS, body(), KEY).json()
    second = alices.post(TASKS, dict(reversed(body().items())), KEY).json()
    assert first["id"] == second["id"]


def test_the_same_key_for_another_body_is_refused(alices: Program) -> None:
    alices.submit(KEY)
    answer = alices.submit(KEY, prompt="a blue house")
    assert answer.status_code == 422
    assert "different request" in answer.json()["message"]


def test_somebody_elses_key_is_their_own(alices: Program, mallorys: Program) -> None:
    first, second = alices.submit(KEY).json(), mallorys.submit(KEY).json()
    assert first["id"] != second["id"]
    assert second["userId"] == mallorys.user.pk


def test_without_a_key_each_request_is_a_new_task(alices: Program) -> None:
    assert alices.submit().json()["id"] != alices.submit().json()["id"]


def test_a_refused_request_does_not_use_the_key_up(alices: Program) -> None:
    alices.submit(KEY, count=99)
    assert alices.submit(KEY).status_code == 202


@pytest.mark.parametrize(("length", "status"), [(0, 400), (1, 202), (255, 202), (256, 400)])
def test_a_key_has_1_to_255_characters(alices: Program, length: int, status: int) -> None:
    assert alices.submit({"Idempotency-Key": "k" * length}).status_code == status


def test_a_key_of_control_characters_is_refused(alices: Program) -> None:
    assert alices.submit({"Idempotency-Key": "a\x00b"}).status_code == 400


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_fifty_at_once_make_one_task_and_one_charge(alices: Program) -> None:
    before = alices.balance()

    def submit(_: int) -> Any:
        try:
            return alices.submit(KEY)
        finally:
            connection.close()

    with ThreadPoolExecutor(16) as threads:
        answers = list(threads.map(submit, range(50)))
    assert {answer.status_code for answer in answers} == {202}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert (Generation.objects.count(), before - alices.balance()) == (1, 1)
