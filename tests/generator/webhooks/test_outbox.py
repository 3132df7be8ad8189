"""What is written down when a task ends, and what arrives."""

from __future__ import annotations

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.models import Role, User
from gallery.models import TeamShare
from generator import submission
from generator.models import WebhookDelivery, WebhookEvent
from generator.webhooks import couriers
from tests.factories import join, make_team
from tests.generator.orders import make_model, make_request, run_all, submit
from tests.generator.webhooks.receiving import (
    Receiver,
    deliver_all,
    make_webhook,
    paint,
    verified,
)

pytestmark = pytest.mark.django_db


def test_a_task_that_succeeds_is_told_with_its_pictures(alice: User, receiver: Receiver) -> None:
    webhook = make_webhook(alice, receiver.url)
    generation = paint(alice, prompt="a red house", count=2)
    assert deliver_all() == 1
    told = verified(receiver.seen[0], webhook.reveal())
    assert told["type"] == "generation.succeeded"
    assert told["timestamp"].endswith("Z")
    assert told["data"]["id"] == str(generation.pk)
    assert told["data"]["input"]["prompt"] == "a red house"
    assert len(told["data"]["output"]) == 2


def test_a_task_that_is_cancelled_is_told_once(alice: User, receiver: Receiver) -> None:
    make_webhook(alice, receiver.url)
    generation = submit(alice)
    assert generation.cancel()
    assert not generation.cancel()
    deliver_all()
    assert receiver.types == ["generation.cancelled"]


def test_a_task_that_fails_is_told_with_the_reason(alice: User, receiver: Receiver) -> None:
    make_webhook(alice, receiver.url)
    submit(alice).expire("No worker became free in time.")
    deliver_all()
    assert receiver.types == ["generation.failed"]
    assert receiver.seen[0].body["data"]["meta"]["error"]["code"] == "expired"


def test_events_that_were_not_chosen_are_not_told(alice: User, receiver: Receiver) -> None:
    make_webhook(alice, receiver.url, events=[WebhookEvent.FAILED])
    paint(alice)
    assert not WebhookDelivery.objects.exists()


def test_each_webhook_is_told_under_an_id_of_its_own(alice: User, receiver: Receiver) -> None:
    make_webhook(alice, receiver.url)
    make_webhook(alice, receiver.url)
    paint(alice)
    deliver_all()
    assert len({seen.headers["webhook-id"] for seen in receiver.seen}) == 2


def test_nothing_is_told_of_an_end_that_was_rolled_back(alice: User, receiver: Receiver) -> None:
    make_webhook(alice, receiver.url)
    generation = submit(alice)
    with transaction.atomic():
        generation.cancel()
        transaction.set_rollback(True)
    assert deliver_all() == 0
    assert receiver.seen == []


def test_nobody_elses_tasks_are_told(alice: User, mallory: User, receiver: Receiver) -> None:
    make_webhook(mallory, receiver.url)
    paint(alice)
    assert deliver_all() == 0


def test_what_is_switched_off_is_told_nothing(alice: User, receiver: Receiver) -> None:
    make_webhook(alice, receiver.url).change(alice, enabled=False)
    paint(alice)
    assert deliver_all() == 0


def test_a_closed_account_tells_nothing_more(alice: User, receiver: Receiver) -> None:
    make_webhook(alice, receiver.url)
    paint(alice)
    User.objects.filter(pk=alice.pk).update(is_active=False)
    assert deliver_all() == 0
    assert receiver.seen == []


class TestOfATeam:
    """A webhook of a team hears of what the team pays."""

    @pytest.fixture
    def team(self, alice: User, bob: User):
        team = make_team(alice, credits=50)
        join(team, bob, Role.CONTRIBUTOR)
        return team

    def pay(self, team, owner: User, **fields):
        make_model()
        order = submission.Order(
            owner=owner, request=make_request(**fields), payer=team.wallet, dialect="native"
        )
        generation = submission.submit(order)
        run_all()
        return generation

    def test_it_hears_of_what_the_team_pays(self, team, alice, bob, receiver):
        make_webhook(alice, receiver.url, team=team)
        generation = self.pay(team, bob)
        paint(bob)
        assert deliver_all() == 1
        assert receiver.seen[0].body["data"]["id"] == str(generation.pk)

    def test_it_hears_no_words_and_sees_no_pictures_that_were_not_shared(
        self, team, alice, bob, receiver
    ):
        make_webhook(alice, receiver.url, team=team)
        self.pay(team, bob, prompt="a secret garden")
        TeamShare.objects.filter(team=team).delete()
        deliver_all()
        assert b"secret" not in receiver.seen[0].raw
        assert receiver.seen[0].body["data"]["output"] == {}

    def test_it_sees_what_hangs_in_the_teams_gallery(self, team, alice, bob, receiver):
        make_webhook(alice, receiver.url, team=team)
        self.pay(team, bob, prompt="a shared garden")
        deliver_all()
        assert receiver.seen[0].body["data"]["asset"]["prompt"] == "a shared garden"

    def test_it_falls_silent_when_its_owner_leaves_the_team(self, team, alice, bob, receiver):
        team.memberships.get(user=bob).take_role(Role.OWNER)
        make_webhook(bob, receiver.url, team=team)
        self.pay(team, alice)
        team.memberships.get(user=bob).end()
        assert deliver_all() == 0
        self.pay(team, alice)
        assert deliver_all() == 0

    def test_it_falls_silent_when_its_owner_may_no_more(self, team, alice, bob, receiver):
        team.memberships.get(user=bob).take_role(Role.OWNER)
        make_webhook(bob, receiver.url, team=team)
        self.pay(team, alice)
        team.memberships.get(user=bob).take_role(Role.EDITOR)
        assert deliver_all() == 0


def test_ending_a_task_takes_as_many_queries_for_one_webhook_as_for_ten(
    alice: User, receiver: Receiver
) -> None:
    def queries() -> int:
        generation = submit(alice)
        with CaptureQueriesContext(connection) as captured:
            generation.cancel()
        return len(captured)

    make_webhook(alice, receiver.url)
    with_one = queries()
    for _ in range(9):
        make_webhook(alice, receiver.url)
    assert queries() == with_one


def test_delivering_takes_as_many_queries_each_however_many_there_are(
    alice: User, receiver: Receiver
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            couriers.deliver_next()
        return len(captured)

    make_webhook(alice, receiver.url)
    paint(alice)
    alone = queries()
    for _ in range(5):
        make_webhook(alice, receiver.url)
    paint(alice, count=3)
    assert queries() <= alone + 1
