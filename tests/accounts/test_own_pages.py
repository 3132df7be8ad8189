"""A person's own pages: profile, theme, balance and statement."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from django.template import engines
from django.test import Client, RequestFactory
from pytest_django import DjangoAssertNumQueries

from accounts.context_processors import wallet
from accounts.forms import OwnForm, ProfileForm, ThemeForm
from accounts.models import Theme, User
from accounts.statements import PAGE

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(alice: User) -> Client:
    client = Client()
    client.force_login(alice)
    return client


def charge(user: User, times: int) -> None:
    for number in range(times):
        user.wallet.charge(1, reference=f"generation:{number}", reason=f"picture {number}")


def test_the_name_can_be_changed(client: Client, alice: User) -> None:
    assert client.post("/account/", {"name": "Alice B."}).status_code == 302
    alice.refresh_from_db()
    assert alice.display_name == "Alice B."


def test_without_a_name_the_address_stands_in(client: Client, alice: User) -> None:
    client.post("/account/", {"name": ""})
    alice.refresh_from_db()
    assert alice.display_name == "alice"


def test_a_name_that_is_too_long_is_kept_and_refused(client: Client, alice: User) -> None:
    response = client.post("/account/", {"name": "x" * 81})
    assert response.status_code == 422
    assert "x" * 81 in response.content.decode()
    alice.refresh_from_db()
    assert alice.name == "Alice"


def test_nothing_but_the_name_is_taken_from_the_form(client: Client, alice: User) -> None:
    client.post("/account/", {"name": "A", "is_staff": "1", "email": "x@y.z", "theme": "dark"})
    alice.refresh_from_db()
    assert (alice.is_staff, alice.email, alice.theme) == (False, "alice@example.org", "system")


@pytest.mark.parametrize(
    ("form", "sent"), [(ProfileForm, {"name": "A"}), (ThemeForm, {"theme": "dark"})]
)
def test_an_account_that_is_closed_while_its_owner_saves_stays_closed(
    alice: User, form: type[OwnForm], sent: dict[str, str]
) -> None:
    User.objects.filter(pk=alice.pk).update(is_active=False)
    form(sent, instance=alice).save()
    alice.refresh_from_db()
    assert not alice.is_active


def test_the_theme_is_chosen_and_served(client: Client, alice: User) -> None:
    client.post("/account/theme/", {"theme": "dark"})
    alice.refresh_from_db()
    assert alice.theme == Theme.DARK
    assert 'data-theme="dark"' in client.get("/account/").content.decode()


def test_an_unknown_theme_is_refused(client: Client, alice: User) -> None:
    assert client.post("/account/theme/", {"theme": "pink"}).status_code == 422
    alice.refresh_from_db()
    assert alice.theme == Theme.SYSTEM


def test_a_theme_is_not_changed_by_a_link(client: Client) -> None:
    assert client.get("/account/theme/?theme=dark").status_code == 405


def test_the_statement_says_what_moved_and_what_was_left(client: Client, alice: User) -> None:
    alice.wallet.charge(30, reference="generation:1", reason="4 pictures")
    page = client.get("/account/credits/").content.decode()
    assert "You have 170 credits" in page
    assert "4 pictures" in page
    assert '<td class="number change">-30</td>' in page
    assert '<td class="number">170</td>' in page


def test_a_grant_names_who_gave_it(client: Client, alice: User, staff: User) -> None:
    alice.wallet.grant(5, reference="staff:1", reason="thanks", actor=staff)
    assert "by Sam" in client.get("/account/credits/").content.decode()


def test_the_statement_goes_on_page_by_page(client: Client, alice: User) -> None:
    charge(alice, PAGE + 5)
    first = client.get("/account/credits/")
    last = first.context["lines"][-1].entry
    second = client.get(f"/account/credits/?before={last.pk}")
    seen = [line.entry.pk for page in (first, second) for line in page.context["lines"]]
    assert seen == list(alice.wallet.entries.values_list("pk", flat=True))
    assert (first.context["more"], second.context["more"]) == (True, False)


def test_the_statement_costs_the_same_whatever_its_length(
    client: Client, alice: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    charge(alice, 1)
    with django_assert_num_queries(8):
        client.get("/account/credits/")
    alice.wallet.grant(100, reference="more")
    for number in range(30):
        alice.wallet.charge(1, reference=f"later:{number}")
    with django_assert_num_queries(8):
        client.get("/account/credits/")


def test_nobody_sees_another_ones_statement(client: Client, bob: User) -> None:
    bob.wallet.charge(7, reference="generation:9", reason="bob's secret")
    newest = bob.wallet.entries.latest("id").pk
    page = client.get(f"/account/credits/?before={newest + 1}").content.decode()
    assert "bob&#x27;s secret" not in page
    assert "bob's secret" not in page


@pytest.mark.parametrize("before", ["x", "-1", "", "1" * 30, "٣", "9223372036854775808"])
def test_an_address_that_makes_no_sense_is_not_there(client: Client, before: str) -> None:
    assert client.get("/account/credits/", {"before": before}).status_code == 404


@pytest.mark.parametrize(
    ("template", "queries"), [("no balance", 0), ("{{ wallet.balance }} {{ wallet.balance }}", 1)]
)
def test_the_wallet_is_read_when_a_template_uses_it(
    alice: User,
    django_assert_num_queries: DjangoAssertNumQueries,
    template: str,
    queries: int,
) -> None:
    request = RequestFactory().get("/")
    request.user = alice
    with django_assert_num_queries(queries):
        shown = engines["django"].from_string(template).render({}, request)
    assert shown == ("200 200" if queries else "no balance")


def test_strangers_have_no_wallet() -> None:
    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    assert not wallet(request)["wallet"]


@pytest.mark.parametrize(
    "page", ["/account/", "/account/credits/", "/account/credits/totals/", "/teams/"]
)
def test_no_cache_on_the_way_keeps_what_is_somebodys_own(client: Client, page: str) -> None:
    assert "private" in client.get(page).headers["Cache-Control"]
