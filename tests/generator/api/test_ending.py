"""Cancelling and trying again, by API: who pays, and what it answers."""

from __future__ import annotations

from typing import Any

from accounts.models import InsufficientCredits
from generator.api.problems import problem_of
from tests.generator.api.programs import Program
from tests.generator.orders import make_model, run_all

SMALL = {"ratio": None, "width": 256, "height": 256}


def test_a_cancelled_task_is_refunded(alices: Program) -> None:
    before = alices.balance()
    task = alices.submit(count=3).json()
    answer = alices.post(f"/v1/tasks/{task['id']}/cancel").json()
    assert alices.balance() == before
    assert (answer["refunded"], answer["creditUsed"]) == (True, 0)


def test_a_cancelled_task_is_reported_as_failed_with_a_reason(alices: Program) -> None:
    task = alices.submit().json()
    answer = alices.post(f"/v1/tasks/{task['id']}/cancel").json()
    assert answer["status"] == "failed"
    assert answer["meta"]["error"] == {"code": "cancelled", "message": "Cancelled."}


def test_cancelling_twice_is_the_same_as_once(alices: Program) -> None:
    before = alices.balance()
    path = f"/v1/tasks/{alices.submit().json()['id']}/cancel"
    first, second = alices.post(path), alices.post(path)
    assert (first.status_code, second.status_code) == (200, 200)
    assert first.json() == second.json()
    assert alices.balance() == before


def test_a_finished_task_cannot_be_cancelled(alices: Program) -> None:
    task = alices.submit(**SMALL).json()
    run_all()
    answer = alices.post(f"/v1/tasks/{task['id']}/cancel")
    assert answer.status_code == 409
    assert answer.json()["task"]["status"] == "succeeded"


def test_a_failed_task_says_why_and_that_it_was_refunded(alices: Program) -> None:
    task = refused(alices)
    assert task["status"] == "failed"
    assert task["refunded"] is True
    assert task["meta"]["error"] == {"code": "refused", "message": "This prompt is refused."}


def test_a_failed_task_can_be_tried_again_as_a_new_one(alices: Program) -> None:
    task = refused(alices)
    answer = alices.post(f"/v1/tasks/{task['id']}/retry")
    again = answer.json()
    assert (answer.status_code, again["status"]) == (202, "queued")
    assert again["id"] != task["id"]
    assert again["input"] == task["input"]


def test_only_what_failed_can_be_tried_again(alices: Program) -> None:
    task = alices.submit().json()
    answer = alices.post(f"/v1/tasks/{task['id']}/retry")
    assert (answer.status_code, answer.json()["task"]["id"]) == (409, task["id"])


def test_part_of_an_order_is_paid_for_in_part(alices: Program) -> None:
    make_model("scripted", price=16 * 20)
    task = alices.submit(prompt="partial", model="scripted", count=3, steps=1, **SMALL).json()
    run_all("scripted")
    done = alices.get(f"/v1/tasks/{task['id']}").json()
    assert (done["status"], done["refunded"]) == ("succeeded", True)
    assert done["creditUsed"] * 3 == task["creditUsed"]


def test_a_lack_of_one_credit_is_said_in_the_singular() -> None:
    message = problem_of(InsufficientCredits(1, 0)).message
    assert message.startswith("This costs 1 credit and you have 0.")


def test_out_of_credits_says_cost_and_balance(alices: Program) -> None:
    cost = alices.balance() + 1
    make_model("scripted", price=cost)
    answer = alices.submit(model="scripted")
    assert answer.status_code == 402
    assert answer.json().items() >= {"cost": cost, "balance": cost - 1}.items()
    assert "administrator" in answer.json()["message"]


def test_too_many_waiting_tasks_are_429_with_a_time(alices: Program, settings: Any) -> None:
    settings.MAX_QUEUED_PER_USER = 1
    alices.submit()
    answer = alices.submit()
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "10")


def test_a_full_queue_is_503_with_a_time(alices: Program, settings: Any) -> None:
    settings.MAX_QUEUED = 1
    alices.submit()
    answer = alices.submit()
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")


def refused(program: Program) -> dict[str, Any]:
    """A task that ended with nothing."""
    make_model("scripted")
    task = program.submit(prompt="refuse", model="scripted").json()
    run_all("scripted")
    failed: dict[str, Any] = program.get(f"/v1/tasks/{task['id']}").json()
    return failed
