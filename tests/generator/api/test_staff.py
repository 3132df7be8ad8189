"""Staff through the API: looking people up, granting and correcting, each thing once."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import AuditEntry, Buyer, CreditEntry, Scope, StaffRole, User, Wallet
from tests.factories import make_team, make_user
from tests.generator.api.programs import Program

FIELDS: dict[str, Any] = {"amount": 50, "reason": "thanks"}


@pytest.fixture
def finance(db: None) -> Program:
    return Program(make_user("fin@example.org", staff_role=StaffRole.FINANCE), Scope.values)


def grants(wallet: Wallet) -> str:
    return f"/v1/staff/wallets/{wallet.pk}/grants"


def corrections(wallet: Wallet) -> str:
    return f"/v1/staff/wallets/{wallet.pk}/corrections"


def send(program: Program, path: str, data: Any, key: str = "one") -> Any:
    return program.post(path, data, {"Idempotency-Key": key})


def balance(user: User) -> int:
    return Wallet.objects.get(owner=user).balance


LOOKING = ["/v1/staff/people", "/v1/staff/people/{user}", "/v1/staff/teams"]


@pytest.mark.parametrize("path", LOOKING)
def test_for_ordinary_people_there_is_nothing_whatever_their_key_says(
    alice: User, bob: User, path: str
) -> None:
    program = Program(alice, Scope.values)
    assert program.get(path.format(user=bob.pk)).status_code == 404


def test_nor_can_they_grant(alice: User) -> None:
    program = Program(alice, Scope.values)
    assert send(program, grants(alice.wallet), FIELDS).status_code == 404
    assert balance(alice) == 200


@pytest.mark.parametrize("role", [StaffRole.SUPPORT, StaffRole.MODERATOR])
def test_staff_who_only_look_cannot_grant(alice: User, role: StaffRole) -> None:
    program = Program(make_user(staff_role=role), Scope.values)
    assert program.get(f"/v1/staff/people/{alice.pk}").json()["balance"] == 200
    assert send(program, grants(alice.wallet), FIELDS).status_code == 403
    assert balance(alice) == 200


def test_a_key_without_the_scope_does_not_help_an_administrator(alice: User, staff: User) -> None:
    refused = send(Program(staff), grants(alice.wallet), FIELDS)
    assert refused.status_code == 403
    assert balance(alice) == 200


def test_a_role_that_was_taken_is_gone_with_the_next_request(finance: Program, alice: User) -> None:
    User.objects.filter(pk=finance.user.pk).update(staff_role="", is_staff=False)
    assert send(finance, grants(alice.wallet), FIELDS).status_code == 404


def test_people_are_found_by_a_part_of_their_address_or_name(
    finance: Program, alice: User, bob: User
) -> None:
    for words, found in (("alice@", alice), ("BOB", bob)):
        answer = finance.client.get("/v1/staff/people", {"q": words})
        assert [item["id"] for item in answer.json()["items"]] == [found.pk]


def test_lists_of_staff_go_on_page_by_page(finance: Program) -> None:
    for number in range(5):
        make_team(finance.user, name=f"Team {number}")
    first = finance.client.get("/v1/staff/teams", {"limit": 3}).json()
    rest = finance.client.get("/v1/staff/teams", {"limit": 3, "cursor": first["nextCursor"]}).json()
    names = [item["name"] for page in (first, rest) for item in page["items"]]
    assert names == [f"Team {number}" for number in (4, 3, 2, 1, 0)]
    assert rest["nextCursor"] is None


def test_a_grant_says_before_and_after_and_is_in_the_audit_log(
    finance: Program, alice: User
) -> None:
    done = send(finance, grants(alice.wallet), FIELDS).json()
    assert (done["before"], done["after"], balance(alice)) == (200, 250, 250)
    logged = AuditEntry.objects.get()
    assert (logged.actor, logged.action, logged.reason) == (finance.user, "credits.grant", "thanks")
    assert (logged.before, logged.after) == ({"balance": 200}, {"balance": 250})


def test_a_grant_can_end(finance: Program, alice: User) -> None:
    end = timezone.now() + dt.timedelta(days=3)
    send(finance, grants(alice.wallet), {**FIELDS, "expiresAt": end.isoformat()})
    assert alice.wallet.lots.get().expires_at == end


def test_a_team_is_granted_credits_like_a_person(finance: Program, alice: User) -> None:
    team = make_team(alice)
    assert send(finance, grants(team.wallet), FIELDS).json()["after"] == 50


@pytest.mark.parametrize("whose", ["a person's", "a team's"])
def test_a_closed_wallet_is_granted_nothing(finance: Program, alice: User, whose: str) -> None:
    team = make_team(alice)
    wallet = alice.wallet if whose == "a person's" else team.wallet
    team.close()
    User.objects.filter(pk=alice.pk).update(is_active=False)
    before = wallet.balance
    assert send(finance, grants(wallet), FIELDS).status_code == 409
    assert Wallet.objects.get(pk=wallet.pk).balance == before


def test_a_grant_ends_within_ten_years_or_never(finance: Program, alice: User) -> None:
    far = (timezone.now() + dt.timedelta(days=4000)).isoformat()
    refused = send(finance, grants(alice.wallet), {**FIELDS, "expiresAt": far})
    assert (refused.status_code, list(refused.json()["errors"])) == (422, ["expiresAt"])


def test_a_correction_takes_and_never_more_than_there_is(finance: Program, alice: User) -> None:
    taken = send(finance, corrections(alice.wallet), {**FIELDS, "amount": -150}, "a")
    assert (taken.status_code, balance(alice)) == (201, 50)
    refused = send(finance, corrections(alice.wallet), {**FIELDS, "amount": -51}, "b")
    assert (refused.status_code, balance(alice)) == (409, 50)


def test_the_same_request_again_is_the_same_answer_and_moves_nothing(
    finance: Program, alice: User
) -> None:
    end = (timezone.now() + dt.timedelta(days=3)).isoformat()
    for data, path in (
        ({**FIELDS, "expiresAt": end}, grants(alice.wallet)),
        ({**FIELDS, "amount": -7}, corrections(alice.wallet)),
    ):
        first, second = (send(finance, path, data, path) for _ in range(2))
        assert (first.status_code, second.status_code) == (201, 201)
        assert first.json() == second.json()
    assert balance(alice) == 243
    assert AuditEntry.objects.count() == 2


def test_a_key_of_another_request_is_refused(finance: Program, alice: User, bob: User) -> None:
    send(finance, grants(alice.wallet), FIELDS)
    for path, data in (
        (grants(alice.wallet), {**FIELDS, "amount": 51}),
        (grants(alice.wallet), {**FIELDS, "reason": "another"}),
        (grants(alice.wallet), {**FIELDS, "expiresAt": "2999-01-01T00:00:00Z"}),
        (grants(bob.wallet), FIELDS),
        (corrections(alice.wallet), FIELDS),
    ):
        assert send(finance, path, data).status_code == 422
    assert (balance(alice), balance(bob)) == (250, 200)


def test_two_members_of_staff_may_think_of_the_same_key(
    finance: Program, staff: User, alice: User
) -> None:
    for program in (finance, Program(staff, Scope.values)):
        assert send(program, grants(alice.wallet), FIELDS).status_code == 201
    assert balance(alice) == 300


@pytest.mark.parametrize("key", ["", "x" * 256, "a\x7fb"])
def test_credits_do_not_move_without_a_proper_key(finance: Program, alice: User, key: str) -> None:
    assert send(finance, grants(alice.wallet), FIELDS, key).status_code == 400
    assert balance(alice) == 200


@pytest.mark.parametrize("amount", [0, -5, 1.5, "5", True, None, 10**9 + 1, 10**30, 1e309, []])
def test_an_impossible_amount_is_refused_beside_its_field(
    finance: Program, alice: User, amount: Any
) -> None:
    refused = send(finance, grants(alice.wallet), {**FIELDS, "amount": amount})
    assert (refused.status_code, set(refused.json()["errors"])) == (422, {"amount"})
    assert balance(alice) == 200


@pytest.mark.parametrize("amount", [0, 10**9 + 1, -(10**9) - 1, "1"])
def test_an_impossible_correction_is_refused(finance: Program, alice: User, amount: Any) -> None:
    refused = send(finance, corrections(alice.wallet), {**FIELDS, "amount": amount})
    assert (refused.status_code, set(refused.json()["errors"])) == (422, {"amount"})


@pytest.mark.parametrize("reason", ["", "  ", "x" * 201, None])
def test_credits_do_not_move_without_a_reason(finance: Program, alice: User, reason: Any) -> None:
    refused = send(finance, grants(alice.wallet), {**FIELDS, "reason": reason})
    assert (refused.status_code, set(refused.json()["errors"])) == (422, {"reason"})
    assert not CreditEntry.objects.filter(actor=finance.user).exists()


def test_a_wallet_that_is_not_there_is_404(finance: Program) -> None:
    assert send(finance, "/v1/staff/wallets/999999/grants", FIELDS).status_code == 404


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_eight_at_once_with_one_key_move_credits_once(finance: Program, alice: User) -> None:
    path = grants(alice.wallet)

    def on_its_own_connection(_number: int) -> Any:
        try:
            return send(finance, path, FIELDS)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(on_its_own_connection, range(8)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["entry"]["id"] for answer in answers}) == 1
    assert balance(alice) == 250


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_staff_may_buy_while_they_grant_themselves(finance: Program) -> None:
    own = finance.user.wallet

    def one(number: int) -> int:
        try:
            if number % 2:
                granted = send(finance, grants(own), FIELDS, key=str(number))
                return int(granted.status_code)
            wallet = Wallet.objects.get(pk=own.pk)
            wallet.charge(1, reference=f"test:{number}", by=Buyer(user=finance.user))
            return 201
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(one, range(64))) == {201}
    assert balance(finance.user) == 200 + 32 * FIELDS["amount"] - 32
