"""Limits of one person: room for pictures, jobs that wait and jobs that run."""

from __future__ import annotations

import pytest
from django.test import Client
from pytest_django import Settings

from accounts.models import User
from generator import scheduling
from generator.contract import ImageRequest
from generator.models import Generation
from generator.submission import Order, Refusal, submit
from tests.factories import make_asset, make_key

pytestmark = pytest.mark.django_db


def limit(user: User, **limits: int) -> User:
    User.objects.filter(pk=user.pk).update(**limits)
    user.refresh_from_db()
    return user


def ask(user: User) -> Generation:
    return submit(Order(owner=user, request=ImageRequest(prompt="a fox")))


def refused(user: User) -> Refusal:
    with pytest.raises(Refusal) as refusal:
        ask(user)
    user.wallet.refresh_from_db()
    assert user.wallet.balance == 200 - Generation.objects.filter(owner=user).count()
    return refusal.value


def claimed() -> list[User]:
    """Whose work is taken, until nobody's may be."""
    owners = []
    while taken := scheduling.claim("sketch"):
        owners += [generation.owner for generation in taken]
    return owners


class TestWaiting:
    def test_fewer_may_wait_for_one_person(self, alice: User, bob: User) -> None:
        limit(alice, queue_limit=1)
        ask(alice)
        refusal = refused(alice)
        assert (refusal.code, refusal.status) == ("too_many_queued", 429)
        assert "You have 1 job waiting" in refusal.message
        ask(bob)
        ask(bob)

    def test_more_may_wait_for_another(self, alice: User, settings: Settings) -> None:
        settings.MAX_QUEUED_PER_USER = 1
        limit(alice, queue_limit=3)
        for _ in range(3):
            ask(alice)
        assert refused(alice).code == "too_many_queued"

    @pytest.mark.parametrize("name", ["queue_limit", "running_limit"])
    def test_none_at_all_is_refused_in_words(self, alice: User, name: str) -> None:
        refusal = refused(limit(alice, **{name: 0}))
        assert (refusal.code, refusal.status) == ("paused", 429)


class TestRunning:
    def test_less_runs_for_one_person(self, alice: User, bob: User) -> None:
        limit(alice, running_limit=1)
        for user in (alice, alice, alice, bob, bob, bob):
            ask(user)
        owners = claimed()
        assert (owners.count(alice), owners.count(bob)) == (1, 2)

    def test_more_runs_for_another(self, alice: User) -> None:
        limit(alice, running_limit=3)
        for _ in range(4):
            ask(alice)
        assert len(claimed()) == 3

    def test_what_waited_when_it_was_set_to_none_stays_waiting(self, alice: User) -> None:
        ask(alice)
        limit(alice, running_limit=0)
        assert claimed() == []

    def test_those_who_share_a_pass_keep_their_own_limits(self, alice: User, bob: User) -> None:
        limit(alice, running_limit=1)
        limit(bob, running_limit=3)
        for user in (alice, alice, bob, bob, bob):
            ask(user)
        owners = [generation.owner for generation in scheduling.claim("sketch", limit=8)]
        assert (owners.count(alice), owners.count(bob)) == (1, 3)


class TestRoom:
    @pytest.fixture
    def full(self, alice: User) -> User:
        make_asset(alice)
        return limit(alice, storage_limit=0)

    def test_a_full_store_is_refused_before_the_charge(self, full: User) -> None:
        refusal = refused(full)
        assert (refusal.code, refusal.status) == ("storage_full", 413)

    def test_programs_are_told(self, client: Client, full: User) -> None:
        _key, headers = make_key(full)
        response = client.post(
            "/v1/tasks/text-to-image",
            {"prompt": "a fox", "width": 256, "height": 256, "steps": 4},
            content_type="application/json",
            headers=headers,
        )
        assert response.status_code == 413
        assert "empty your bin" in response.json()["message"]

    def test_the_form_says_so_and_keeps_the_prompt(self, client: Client, full: User) -> None:
        client.force_login(full)
        page = client.get("/create/")
        sent = {**page.context["form"].initial, "prompt": "a fox in fog", "model": "sketch"}
        sent = {name: value for name, value in sent.items() if value is not None}
        response = client.post("/create/", sent)
        shown = response.content.decode()
        assert response.status_code == 413
        assert "empty your bin" in shown
        assert "a fox in fog" in shown

    def test_emptying_the_bin_makes_room_again(self, alice: User) -> None:
        limit(alice, storage_limit=1)
        asset = make_asset(alice)
        asset.size = 2 * 1024 * 1024
        asset.save()
        assert refused(alice).code == "storage_full"
        asset.delete()
        assert ask(alice)
