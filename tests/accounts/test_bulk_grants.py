"""Granting to many: all or nothing, each line once, and nothing before it was looked at."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import bulk_grants, invariants
from accounts.models import AuditEntry, CreditEntry, CreditLot, Kind, StaffRole, User, Wallet
from gallery.uploading import MAX_BYTES
from tests.factories import make_team, make_user

pytestmark = pytest.mark.django_db

URL = "/admin/bulk-grant/"


@pytest.fixture
def client(staff: User) -> Client:
    client = Client()
    client.force_login(staff)
    return client


def told(text: str) -> list[tuple[int, str]]:
    return [(problem.number, problem.message) for problem in bulk_grants.plan(text).problems]


def balance(user: User) -> int:
    user.wallet.refresh_from_db()
    return user.wallet.balance


def granted() -> int:
    return CreditEntry.objects.filter(reference__startswith="bulk:").count()


class TestWhoIsMeant:
    def test_people_by_address_in_any_case_and_teams_by_name(self, alice: User, bob: User) -> None:
        team = make_team(bob, name="Ärzte Nord", credits=10)
        plan = bulk_grants.plan("ALICE@example.org,50,x\nÄrzte Nord,5,y")
        assert [(row.wallet, row.after) for row in plan.rows] == [
            (alice.wallet, 250),
            (team.wallet, 15),
        ]
        assert (plan.before, plan.total, plan.after) == (210, 55, 265)

    def test_nobody_and_no_team(self) -> None:
        assert told("nobody@example.org,5,x\nNo Such Team,5,x") == [
            (1, "Nobody here has the address nobody@example.org."),
            (2, "There is no person and no team called “No Such Team”."),
        ]

    def test_a_name_of_several_teams_asks_which(self, alice: User, bob: User) -> None:
        first, second = make_team(alice), make_team(bob)
        said = f"Several teams have this name; write team:{first.pk}, team:{second.pk}."
        assert told("studio north,5,x") == [(1, said)]
        assert bulk_grants.plan(f"team:{second.pk},5,x").rows[0].wallet == second.wallet

    def test_closed_accounts_and_teams_get_nothing(self, alice: User, bob: User) -> None:
        make_team(alice).close()
        User.objects.filter(pk=bob.pk).update(is_active=False)
        assert told("bob@example.org,5,x\nStudio North,5,x") == [
            (1, "The account of bob@example.org is closed."),
            (2, "The team “Studio North” is closed."),
        ]

    def test_the_same_wallet_twice_names_the_first_line(self, alice: User) -> None:
        text = "alice@example.org,5,x\nAlice@example.org,6,y"
        assert told(text) == [(2, "alice@example.org is in line 1 already.")]

    def test_the_number_of_queries_does_not_follow_the_lines(
        self, django_assert_num_queries: Any
    ) -> None:
        people = [make_user() for _ in range(30)]
        with django_assert_num_queries(2):
            plan = bulk_grants.plan("\n".join(f"{each.email},5,x" for each in people))
        assert len(plan.rows) == 30


class TestCarryingOut:
    def test_each_line_is_a_grant_with_its_reason_and_its_last_day(
        self, alice: User, bob: User, staff: User
    ) -> None:
        day = dt.datetime.now(dt.UTC).date() + dt.timedelta(days=9)
        bulk_grants.carry_out(f"{alice.email},5,one,{day}\n{bob.email},6,two", staff)
        entry = alice.wallet.entries.first()
        assert (entry.kind, entry.amount, entry.reason) == (Kind.GRANT, 5, "one")
        assert entry.actor == staff
        end = CreditLot.objects.get().expires_at
        assert end == dt.datetime.combine(day, dt.time(), dt.UTC) + dt.timedelta(days=1)
        assert balance(bob) == 206

    def test_the_ledger_and_the_lots_hold_afterwards(self, staff: User) -> None:
        people = [make_user(credits=n) for n in range(5)]
        lines = [f"{each.email},{n % 2 + 1},x,2031-01-01" for n, each in enumerate(people)]
        bulk_grants.carry_out("\n".join(lines), staff)
        assert [balance(each) for each in people] == [1, 3, 3, 5, 5]
        assert list(invariants.breaches()) == []

    def test_who_is_no_longer_low_is_told_anew_the_next_time(
        self, alice: User, bob: User, staff: User
    ) -> None:
        for user, least in ((alice, 205), (bob, 206)):
            Wallet.objects.filter(owner=user).update(low_below=least, low_told_at=timezone.now())
        bulk_grants.carry_out(f"{alice.email},5,x\n{bob.email},5,x", staff)
        assert Wallet.objects.get(owner=alice).low_told_at is None
        assert Wallet.objects.get(owner=bob).low_told_at is not None

    def test_somebody_who_confirms_at_the_same_moment_is_told(
        self, alice: User, staff: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        text = f"{alice.email},5,x"
        bulk_grants.carry_out(text, staff)
        looks, seen = iter([lambda rows: []]), bulk_grants._done_before
        # As if the other's grant came between our look and our write.
        late = lambda rows: next(looks, seen)(rows)  # noqa: E731
        monkeypatch.setattr(bulk_grants, "_done_before", late)
        assert "was granted just this" in bulk_grants.carry_out(text, staff).problems[0].message
        assert balance(alice) == 205

    def test_one_bad_line_and_nothing_is_written(self, alice: User, staff: User) -> None:
        plan = bulk_grants.carry_out(f"{alice.email},5,x\nnobody@example.org,5,x", staff)
        assert [problem.number for problem in plan.problems] == [2]
        assert balance(alice) == 200
        assert not AuditEntry.objects.exists()

    def test_the_same_lines_are_granted_once(self, alice: User, bob: User, staff: User) -> None:
        text = f"{alice.email},5,x\n{bob.email},5,x"
        bulk_grants.carry_out(text, staff)
        again = bulk_grants.carry_out(f"\ufeffwho;amount;reason\n{text.replace(',', ';')}", staff)
        assert [problem.number for problem in again.problems] == [2, 3]
        assert "was granted just this" in again.problems[0].message
        assert (balance(alice), granted()) == (205, 2)

    def test_another_reason_makes_it_another_grant(self, alice: User, staff: User) -> None:
        bulk_grants.carry_out(f"{alice.email},5,November", staff)
        bulk_grants.carry_out(f"{alice.email},5,December", staff)
        assert balance(alice) == 210

    def test_each_grant_is_in_the_audit_log(self, alice: User, staff: User) -> None:
        bulk_grants.carry_out(f"{alice.email},5,x", staff)
        entry = AuditEntry.objects.get()
        assert (entry.actor, entry.action, entry.reason) == (staff, "credits.grant", "x")
        assert (entry.before, entry.after) == ({"balance": 200}, {"balance": 205})


class TestThePage:
    def test_a_first_look_writes_nothing_and_shows_the_sums(
        self, client: Client, alice: User, bob: User
    ) -> None:
        page = client.post(URL, {"table": f"{alice.email},50,x\n{bob.email},5,y"})
        text = page.content.decode()
        assert "400 → <strong>455</strong>" in text
        assert text.count('<td class="number">+') == 2
        assert granted() == 0

    def test_a_file_comes_back_as_text_to_confirm(self, client: Client, alice: User) -> None:
        file = SimpleUploadedFile("g.csv", f"{alice.email};50;Zoë".encode("utf-8-sig"))
        page = client.post(URL, {"file": file})
        answer = client.post(URL, {"table": page.context["table"], "confirm": "yes"})
        assert (answer.status_code, balance(alice)) == (302, 250)

    def test_confirming_twice_grants_once_and_says_so(self, client: Client, alice: User) -> None:
        sent = {"table": f"{alice.email},50,x", "confirm": "yes"}
        client.post(URL, sent)
        again = client.post(URL, sent)
        assert again.status_code == 422
        assert "was granted just this" in again.content.decode()
        assert balance(alice) == 250

    def test_every_bad_line_is_named_and_nothing_typed_is_lost(
        self, client: Client, alice: User
    ) -> None:
        table = f"{alice.email},50,x\n{alice.email},0,x\nnobody@example.org,1,x"
        page = client.post(URL, {"table": table, "confirm": "yes"})
        text = page.content.decode()
        assert page.status_code == 422
        assert "<b>Line 2</b>" in text
        assert "<b>Line 3</b>" in text
        assert page.context["table"] == table
        assert granted() == 0

    @pytest.mark.parametrize("size", [1_000_001, MAX_BYTES + 1_000_000])
    def test_a_file_that_is_too_large_is_refused_beside_its_field(
        self, client: Client, size: int
    ) -> None:
        page = client.post(URL, {"file": SimpleUploadedFile("g.csv", b"x" * size)})
        assert page.status_code == 422
        assert page.context["form"].errors["file"][0].startswith("The file is larger than 1000 kB")

    @pytest.mark.parametrize("sent", [{}, {"table": " \n"}, {"confirm": "yes"}])
    def test_nothing_at_all_is_told(self, client: Client, sent: dict[str, str]) -> None:
        page = client.post(URL, sent)
        assert page.context["form"].errors == {"table": ["Choose a file, or paste its lines."]}

    def test_what_is_typed_is_shown_as_text(self, client: Client) -> None:
        page = client.post(URL, {"table": "</textarea><script>alert(1)</script>,5,x"})
        assert "<script>alert(1)" not in page.content.decode()

    def test_it_is_for_those_who_may_grant(self, alice: User) -> None:
        looks = make_user(staff_role=StaffRole.SUPPORT)
        client = Client()
        client.force_login(looks)
        sent = {"table": f"{alice.email},50,x", "confirm": "yes"}
        assert (client.get(URL).status_code, client.post(URL, sent).status_code) == (403, 403)
        assert 'href="/admin/bulk-grant/"' not in client.get("/admin/").content.decode()
        assert granted() == 0


def test_its_address_is_known_by_name() -> None:
    assert reverse("admin:bulk_grant") == URL
