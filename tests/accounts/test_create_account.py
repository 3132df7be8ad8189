"""The command that operators and other programs make accounts with."""

from __future__ import annotations

import json

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.first_account import create_first_account
from accounts.models import ORDINARY, ApiKey, User

pytestmark = pytest.mark.django_db


@pytest.fixture
def made(capsys: pytest.CaptureFixture[str]) -> object:
    def make(*words: str, **options: object) -> dict[str, object]:
        call_command("create_account", *words, "--json", **options)
        (line,) = capsys.readouterr().out.splitlines()
        return dict(json.loads(line))

    return make


def test_it_prints_one_line_of_json(made) -> None:
    account = made("Carol@Example.org")
    carol = User.objects.get()
    assert set(account) == {"id", "email", "password", "apiKey"}
    assert (account["id"], account["email"]) == (carol.pk, "carol@example.org")


def test_the_password_signs_in(made, client: Client) -> None:
    account = made("carol@example.org")
    sent = {"login": account["email"], "password": account["password"]}
    assert client.post("/accounts/login/", sent).status_code == 302


def test_the_key_opens_everything_but_the_administration(made) -> None:
    account = made("carol@example.org")
    key = ApiKey.objects.authenticate(str(account["apiKey"]))
    assert key is not None
    assert (key.user_id, key.scopes) == (account["id"], ORDINARY)


def test_it_takes_a_name_credits_and_staff(made) -> None:
    made("carol@example.org", "--name", "Carol", "--credits", "12345", "--staff")
    carol = User.objects.get()
    assert (carol.name, carol.wallet.balance, carol.is_staff) == ("Carol", 12345, True)


def test_credits_may_be_none_at_all(made) -> None:
    made("carol@example.org", "--credits", "0")
    assert User.objects.get().wallet.balance == 0


def test_without_credits_it_gives_the_starting_ones(made) -> None:
    made("carol@example.org")
    assert User.objects.get().wallet.balance == 200


def test_people_read_it_as_lines(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("create_account", "carol@example.org")
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == ["id", "email", "password", "apiKey"]


def test_a_second_account_for_an_address_is_refused(alice: User) -> None:
    with pytest.raises(CommandError, match="has an account already"):
        call_command("create_account", "ALICE@example.org", "--json")
    assert User.objects.count() == 1


@pytest.mark.parametrize(
    "words",
    [["carol"], ["carol@example.org", "--credits=-1"], ["c@example.org", "--name", "x" * 81]],
)
def test_bad_input_is_refused_in_one_sentence(words: list[str]) -> None:
    with pytest.raises(CommandError):
        call_command("create_account", *words, "--json")
    assert not User.objects.exists()


def test_an_empty_server_gets_a_first_account_that_may_do_everything() -> None:
    account = create_first_account()
    assert account is not None
    first = User.objects.get(email=account.email)
    assert first.is_superuser
    assert first.check_password(account.password)


def test_a_server_with_people_gets_none(alice: User) -> None:
    assert create_first_account() is None
    assert User.objects.count() == 1


def test_createsuperuser_opens_a_wallet_as_well() -> None:
    call_command("createsuperuser", "--noinput", email="root@example.org")
    assert User.objects.get().wallet.balance == 200
