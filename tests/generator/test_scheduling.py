"""Who is served next, and what becomes of work whose worker is gone."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
import threading

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Role
from generator import execution, leases, scheduling, shutdown, submission, tasks
from generator.models import Generation, Status
from generator.models.generation import LeaseLost
from tests.factories import join, make_team
from tests.generator.orders import make_model, make_person, make_request, submit

pytestmark = pytest.mark.django_db

LONG_AGO = dt.timedelta(hours=2)


def abandon(generation: Generation) -> None:
    """Let the lease of a running generation pass."""
    passed = timezone.now() - LONG_AGO
    Generation.objects.filter(pk=generation.pk).update(lease_until=passed)


def serve_order(engine: str = "scripted") -> list[int]:
    """Serve one after another until nothing is due; the owners in that order."""
    order = []
    while claimed := scheduling.claim(engine):
        order += [generation.owner_id for generation in claimed]
        for generation in claimed:
            generation.settle()
    return order


def test_five_pictures_behind_five_hundred_are_served_among_the_next_twelve(settings):
    settings.MAX_QUEUED_PER_USER = 1000
    alice, bob = make_person(), make_person()
    for _ in range(60):
        submit(alice, model="scripted")
    running = scheduling.claim("scripted") + scheduling.claim("scripted")
    for _ in range(5):
        submit(bob, model="scripted")
    for generation in running:
        generation.settle()
    served = serve_order()
    assert [owner for owner in served[:12] if owner == bob.pk] == [bob.pk] * 5


@pytest.mark.parametrize("wallets", [1, 2])
def test_shares_go_by_person_whoevers_credits_pay(settings, wallets):
    settings.MAX_QUEUED_PER_USER = 1000
    greedy, other = make_person(), make_person()
    team = make_team(greedy, credits=1000)
    join(team, other, Role.EDITOR)
    make_model("scripted")
    for number in range(40):
        order(greedy, payer=greedy.wallet if number % wallets else team.wallet)
    for _ in range(5):
        order(other, payer=team.wallet)
    served = serve_order()
    assert served[:10].count(other.pk) == 5


def order(owner, payer):
    request = make_request(model="scripted")
    return submission.submit(submission.Order(owner=owner, request=request, payer=payer))


def test_somebody_who_paid_much_waits_longer_than_somebody_who_paid_little():
    make_model("scripted", price=10)
    alice, bob = make_person(), make_person()
    for _ in range(2):
        submit(alice, model="scripted", count=4, steps=150, width=1024, height=1024)
    for _ in range(3):
        submit(bob, model="scripted", steps=150, width=1024, height=1024)
    assert serve_order() == [alice.pk, bob.pk, bob.pk, bob.pk, alice.pk]


def test_turns_do_not_pile_up_while_somebody_is_away():
    alice, bob = make_person(), make_person()
    for _ in range(5):
        submit(alice, model="scripted")
    serve_order()
    submit(bob, model="scripted")
    submit(alice, model="scripted")
    assert serve_order() == [bob.pk, alice.pk]


def test_nobody_runs_more_than_their_share_at_once(settings):
    settings.MAX_RUNNING_PER_USER = 2
    alice, bob = make_person(), make_person()
    for _ in range(4):
        submit(alice, model="scripted")
    submit(bob, model="scripted")
    owners = [g.owner_id for _ in range(5) for g in scheduling.claim("scripted")]
    assert sorted(owners) == sorted([alice.pk, alice.pk, bob.pk])


def test_a_claim_asks_as_many_queries_for_a_long_queue_as_for_a_short_one(settings):
    settings.MAX_QUEUED_PER_USER = 1000
    owner = make_person()
    submit(owner, model="scripted")
    with CaptureQueriesContext(
        connection,
    ) as short:
        scheduling.claim("scripted")
    for _ in range(40):
        submit(owner, model="scripted")
    with CaptureQueriesContext(connection) as long:
        scheduling.claim("scripted")
    assert len(long) == len(short)


def test_a_claim_finds_its_turn_by_index():
    plan = Generation.objects.due("sketch").explain()
    assert "generation_due" in plan or "Seq Scan" in plan  # PostgreSQL scans an empty table
    assert "TEMP B-TREE" not in plan


def test_only_generations_that_can_share_a_pass_are_claimed_together():
    person = make_person()
    first = submit(person, "a", steps=4)
    submit(person, "b", steps=5)
    third = submit(person, "c", steps=4)
    assert {g.pk for g in scheduling.claim("blank", 4)} == {first.pk, third.pk}


def test_abandoned_work_is_queued_again_and_keeps_the_attempt_it_spent():
    generation = submit(make_person(), model="scripted")
    scheduling.claim("scripted")
    abandon(generation)
    assert scheduling.rescue() == {"scripted"}
    generation.refresh_from_db()
    assert (generation.status, generation.attempt) == (Status.QUEUED, 1)


def test_work_that_is_abandoned_three_times_fails_and_is_refunded():
    owner = make_person(credits=5)
    generation = submit(owner, model="scripted")
    for _ in range(3):
        scheduling.claim("scripted")
        abandon(generation)
        scheduling.rescue()
    generation.refresh_from_db()
    owner.wallet.refresh_from_db()
    assert (generation.status, owner.wallet.balance) == (Status.FAILED, 5)
    assert "stopped several times" in generation.error


def test_a_lease_that_holds_is_not_rescued():
    submit(make_person(), model="scripted")
    scheduling.claim("scripted")
    assert scheduling.rescue() == set()


def test_a_worker_whose_lease_was_taken_can_write_nothing():
    submit(make_person(), model="scripted")
    [claimed] = scheduling.claim("scripted")
    abandon(claimed)
    scheduling.rescue()
    scheduling.claim("scripted")
    with pytest.raises(LeaseLost):
        claimed.hold(step=3)
    assert not claimed.settle()


def test_what_waits_too_long_expires_with_a_refund():
    owner = make_person(credits=3)
    generation = submit(owner, model="scripted")
    Generation.objects.filter(pk=generation.pk).update(queued_at=timezone.now() - LONG_AGO)
    scheduling.expire()
    generation.refresh_from_db()
    owner.wallet.refresh_from_db()
    assert (generation.status, generation.error_code) == (Status.FAILED, "expired")
    assert owner.wallet.balance == 3


def test_work_whose_bell_was_lost_is_found_once_whatever_waits():
    owner = make_person()
    generations = [submit(owner, model="scripted") for _ in range(3)]
    assert scheduling.unheard(10) == set()
    waiting = Generation.objects.filter(pk__in=[g.pk for g in generations])
    waiting.update(queued_at=timezone.now() - LONG_AGO)
    assert scheduling.unheard(10) == {"scripted"}


def test_one_pass_takes_nobody_past_their_share(settings):
    settings.MAX_RUNNING_PER_USER = 2
    alice, bob = make_person(), make_person()
    for _ in range(4):
        submit(alice)
    submit(bob)
    owners = [generation.owner_id for generation in scheduling.claim("blank", 8)]
    assert sorted(owners) == sorted([alice.pk, alice.pk, bob.pk])


def test_what_joins_a_pass_takes_nobody_past_their_share(settings):
    settings.MAX_RUNNING_PER_USER = 2
    alice = make_person()
    [first] = [submit(alice) and scheduling.claim("blank", 1)[0]]
    for _ in range(3):
        submit(alice)
    assert len(scheduling.join(first, 8)) == 1


def test_work_of_a_closed_account_is_cancelled_and_refunded():
    owner = make_person(credits=5)
    waiting, running = submit(owner, model="scripted"), submit(owner, model="scripted")
    scheduling.claim("scripted")
    owner.is_active = False
    owner.save(update_fields=["is_active"])
    tasks.sweep()
    owner.wallet.refresh_from_db()
    assert owner.wallet.balance == 5
    for generation in (waiting, running):
        generation.refresh_from_db()
        assert generation.status == Status.CANCELLED


def test_the_lease_of_an_engine_that_hangs_is_renewed_no_more(settings):
    settings.RUN_SECONDS, settings.LEASE_SECONDS = 0.001, 0.04
    heartbeat = leases.Heartbeat([])
    with heartbeat:
        heartbeat.thread.join(20)
        assert not heartbeat.thread.is_alive()


@pytest.mark.django_db(transaction=True)
def test_workers_that_claim_at_once_never_get_the_same_generation(settings):
    settings.MAX_RUNNING_PER_USER = 100
    owner = make_person()
    for _ in range(24):
        submit(owner, model="scripted")
    claimed: list[Generation] = []

    def take() -> None:
        try:
            while mine := scheduling.claim("scripted"):
                claimed.extend(mine)
        finally:
            connection.close()

    threads = [threading.Thread(target=take) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({g.pk for g in claimed}) == len(claimed) == 24


def test_a_run_of_nothing_says_so():
    assert execution.work("blank") is False


def test_a_worker_whose_engine_hangs_ends_itself():
    hang = (
        "import django; django.setup()\n"
        "from generator import leases, shutdown\n"
        "shutdown.begin()\n"
        "with leases.Heartbeat([]): __import__('time').sleep(60)"
    )
    env = os.environ | {"RUN_SECONDS": "0.01", "LEASE_SECONDS": "0.04"}
    done = subprocess.run([sys.executable, "-c", hang], env=env, timeout=60, check=False)
    assert done.returncode == shutdown.HUNG
