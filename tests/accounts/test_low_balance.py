"""One e-mail each time a wallet falls below what its owners chose."""

from __future__ import annotations

import smtplib

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.test import Client
from django.urls import reverse

from accounts import low_balance
from accounts.models import Role, Team, User, Wallet
from tests.factories import join, make_team


@pytest.fixture
def wallet(alice: User) -> Wallet:
    """Holds 200, and warns below 100."""
    low_balance.choose(alice.wallet, 100)
    return alice.wallet


def test_nobody_is_told_while_there_is_enough(wallet: Wallet) -> None:
    assert low_balance.tell_all() == 0


def test_its_owner_is_told_once(wallet: Wallet) -> None:
    wallet.charge(150, reference="a")
    assert [low_balance.tell_all(), low_balance.tell_all()] == [1, 0]
    (message,) = mail.outbox
    assert message.to == ["alice@example.org"]
    assert "50 credits" in message.body
    assert "/account/credits/" in message.body


def test_a_second_fall_is_told_again(wallet: Wallet) -> None:
    wallet.charge(150, reference="a")
    low_balance.tell_all()
    wallet.grant(100, reference="b")
    wallet.charge(100, reference="c")
    assert low_balance.tell_all() == 1


def test_falling_further_is_no_second_fall(wallet: Wallet) -> None:
    wallet.charge(150, reference="a")
    low_balance.tell_all()
    wallet.grant(10, reference="b")
    wallet.charge(20, reference="c")
    assert low_balance.tell_all() == 0


def test_of_a_team_the_owners_are_told(alice: User, bob: User, mallory: User) -> None:
    team = make_team(alice, name="North\nBcc: x@example.org", credits=5)
    join(team, bob, Role.OWNER)
    join(team, mallory, Role.EDITOR)
    low_balance.choose(team.wallet, 10)
    low_balance.tell_all()
    (message,) = mail.outbox
    assert message.to == ["alice@example.org", "bob@example.org"]
    assert "\n" not in message.subject


def test_a_mail_that_cannot_be_sent_is_sent_later(
    wallet: Wallet, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(message: EmailMessage) -> int:
        raise smtplib.SMTPServerDisconnected

    wallet.charge(150, reference="a")
    with monkeypatch.context() as patch:
        patch.setattr(EmailMessage, "send", fail)
        assert low_balance.tell_all() == 0
    assert low_balance.tell_all() == 1


@pytest.mark.parametrize(
    ("below", "status", "kept"),
    [
        ("50", 302, 50),
        ("", 302, None),
        *((bad, 422, 100) for bad in ("0", "-1", "1.5", "NaN", "1e9", "9" * 30)),
    ],
)
def test_it_is_chosen_on_the_page(
    client: Client, wallet: Wallet, below: str, status: int, kept: int | None
) -> None:
    client.force_login(wallet.owner)
    assert client.post(reverse("account_credit_warning"), {"below": below}).status_code == status
    wallet.refresh_from_db()
    assert wallet.low_below == kept


@pytest.mark.parametrize(("role", "status"), [(Role.OWNER, 302), (Role.EDITOR, 403)])
def test_of_a_team_its_owners_choose(
    client: Client, alice: User, bob: User, role: Role, status: int
) -> None:
    team: Team = make_team(alice)
    join(team, bob, role)
    client.force_login(bob)
    address = reverse("team_credit_warning", args=[team.pk])
    assert client.post(address, {"below": "5"}).status_code == status


def test_the_pages_say_that_it_runs_low(client: Client, wallet: Wallet) -> None:
    wallet.charge(150, reference="a")
    client.force_login(wallet.owner)
    assert "Running low" in client.get(reverse("account_credits")).content.decode()
    assert "You have only 50 credits left" in client.get(reverse("create")).content.decode()
