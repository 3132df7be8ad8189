"""The state machine and the ledger against a plain model that keeps them in two dictionaries.

Hypothesis plays people and workers in any order: submit, claim, deliver, fail, stop,
let a lease pass, sweep, cancel, and workers that come back too late.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from itertools import chain

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

import accounts.invariants
import generator.invariants
from accounts.models import InsufficientCredits
from generator import scheduling
from generator.models import Generation, Output
from generator.models.generation import LeaseLost
from tests.generator.orders import make_model, make_person, submit

FUNDS = 12
MAX_ATTEMPTS = 3


@dataclass
class Plain:
    """What one generation should be."""

    count: int
    status: str = "queued"
    attempt: int = 0
    delivered: int = 0
    lease: object = None


class Studio(RuleBasedStateMachine):
    """Two people, one lane, any number of workers."""

    leases = Bundle("leases")

    @initialize()
    def open(self) -> None:
        make_model("blank", price=1)
        self.people = [make_person(credits=FUNDS) for _ in range(2)]
        self.balances = [FUNDS, FUNDS]
        self.plain: dict[object, Plain] = {}
        self.payers: dict[object, int] = {}

    def _refund(self, pk: object) -> None:
        plain = self.plain[pk]
        self.balances[self.payers[pk]] += plain.count - plain.delivered

    def _end_try(self, pk: object) -> None:
        """A try failed: again, unless the tries are used up."""
        plain = self.plain[pk]
        if plain.attempt < MAX_ATTEMPTS:
            plain.status = "queued"
        else:
            plain.status = "succeeded" if plain.delivered else "failed"
            self._refund(pk)

    def _holds(self, lease: Generation | None) -> bool:
        if lease is None:
            return False
        plain = self.plain[lease.pk]
        return plain.status == "running" and plain.lease == lease.lease_token

    @rule(person=st.integers(0, 1), count=st.integers(1, 4))
    def submit(self, person: int, count: int) -> None:
        try:
            generation = submit(self.people[person], count=count)
        except InsufficientCredits:
            assert self.balances[person] < count
            return
        self.balances[person] -= count
        self.plain[generation.pk] = Plain(count)
        self.payers[generation.pk] = person

    @rule(target=leases)
    def claim(self) -> Generation | None:
        claimed = scheduling.claim("blank")
        for generation in claimed:
            plain = self.plain[generation.pk]
            assert plain.status == "queued"
            plain.status, plain.attempt = "running", plain.attempt + 1
            plain.lease = generation.lease_token
        return claimed[0] if claimed else None

    @rule(lease=leases)
    def deliver(self, lease: Generation | None) -> None:
        if lease is None:
            return
        held = self._holds(lease)
        try:
            with transaction.atomic():
                lease.deliver()
                position = self.plain[lease.pk].delivered
                Output.objects.create(generation=lease, position=position)
        except LeaseLost:
            assert not held
            return
        assert held
        plain = self.plain[lease.pk]
        plain.delivered += 1
        if plain.delivered == plain.count:
            plain.status = "succeeded"

    @rule(lease=leases)
    def refuse(self, lease: Generation | None) -> None:
        if lease is None:
            return
        held = self._holds(lease)
        assert lease.settle("refused", "No.") is held
        if held:
            plain = self.plain[lease.pk]
            plain.status = "succeeded" if plain.delivered else "failed"
            self._refund(lease.pk)

    @rule(lease=leases, spent=st.booleans())
    def give_back(self, lease: Generation | None, *, spent: bool) -> None:
        if lease is None:
            return
        held = self._holds(lease)
        assert lease.requeue("engine_error", "Oh.", spent=spent) is held
        if held and spent:
            self._end_try(lease.pk)
        elif held:
            self.plain[lease.pk].status = "queued"
            self.plain[lease.pk].attempt -= 1

    @rule(lease=leases)
    def lose_the_worker(self, lease: Generation | None) -> None:
        if not self._holds(lease):
            return
        passed = timezone.now() - dt.timedelta(hours=1)
        Generation.objects.filter(pk=lease.pk).update(lease_until=passed)
        scheduling.rescue()
        self._end_try(lease.pk)

    @rule(data=st.data())
    def cancel(self, data: st.DataObject) -> None:
        if not self.plain:
            return
        pk = data.draw(st.sampled_from(list(self.plain)))
        open_before = self.plain[pk].status in {"queued", "running"}
        assert Generation.objects.get(pk=pk).cancel() is open_before
        if open_before:
            self.plain[pk].status = "cancelled"
            self._refund(pk)

    @invariant()
    def rows_say_what_the_model_says(self) -> None:
        for generation in Generation.objects.filter(pk__in=self.plain):
            plain = self.plain[generation.pk]
            found = (generation.status, generation.attempt, generation.delivered)
            assert found == (plain.status, plain.attempt, plain.delivered)
            ended = plain.status in {"succeeded", "failed", "cancelled"}
            due = plain.count - plain.delivered if ended else 0
            assert generation.refunded == due

    @invariant()
    def wallets_hold_what_the_model_holds(self) -> None:
        for person, balance in zip(self.people, self.balances, strict=True):
            person.wallet.refresh_from_db()
            assert person.wallet.balance == balance

    @invariant()
    def no_invariant_is_breached(self) -> None:
        assert not list(chain(accounts.invariants.breaches(), generator.invariants.breaches()))


class InATransaction(Studio):
    """Each example ends with a rollback."""

    def __init__(self) -> None:
        self._block = transaction.atomic()
        self._block.__enter__()
        super().__init__()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self._block.__exit__(None, None, None)


@pytest.mark.slow
@pytest.mark.django_db
def test_any_order_of_events_leaves_rows_and_ledger_as_the_model_has_them():
    few = settings(max_examples=80, stateful_step_count=30, deadline=None)
    run_state_machine_as_test(InATransaction, settings=few)
