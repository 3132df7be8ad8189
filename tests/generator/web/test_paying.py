"""Which wallet pays for what the Create page asks, and what the job and the statement say."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Membership, Role, Team, User
from generator.models import Generation
from tests.factories import join, make_team
from tests.generator.orders import run_all
from tests.generator.web.browsing import HTMX, open_form, press_create


@pytest.fixture
def team(alice: User, bob: User) -> Team:
    """Bob's, with 50 credits, of which Alice may spend 10 a month."""
    team = make_team(bob, credits=50)
    join(team, alice, Role.CONTRIBUTOR, limit=10)
    return team


def order(page: Client, **typed: object) -> Generation:
    sent = open_form(page, prompt="a fox", expected_cost="", **typed)
    assert press_create(page, sent).status_code == 302
    return Generation.objects.latest("created_at")


def text_of(page: Client, address: str) -> str:
    return " ".join(page.get(address).content.decode().split())


def test_without_a_team_there_is_nothing_to_choose(page: Client, alice: User) -> None:
    assert "Paid by" not in text_of(page, reverse("create"))
    assert order(page).payer == alice.wallet


def test_the_chosen_wallet_pays(page: Client, team: Team) -> None:
    assert order(page, payer=team.wallet.pk, count=4).payer == team.wallet
    team.wallet.refresh_from_db()
    assert team.wallet.balance == 46


def test_the_page_offers_the_wallet_that_paid_last(page: Client, team: Team, alice: User) -> None:
    assert open_form(page)["payer"] == str(alice.wallet.pk)
    order(page, payer=team.wallet.pk)
    assert open_form(page)["payer"] == str(team.wallet.pk)


def test_who_left_the_team_pays_with_their_own_again(page: Client, team: Team, alice: User) -> None:
    order(page, payer=team.wallet.pk)
    Membership.objects.get(user=alice).end()
    assert open_form(page)["payer"] == str(alice.wallet.pk)


def test_beside_the_price_stands_what_is_left_to_spend(page: Client, team: Team) -> None:
    order(page, payer=team.wallet.pk, count=4)
    sent = open_form(page, payer=team.wallet.pk)
    told = " ".join(page.post(reverse("price"), sent, headers=HTMX).content.decode().split())
    assert "Studio North has 46 credits." in told
    assert "You have used 4 of 10 this month." in told


def test_a_price_beyond_the_limit_says_so(page: Client, team: Team) -> None:
    sent = open_form(page, prompt="a cat", payer=team.wallet.pk, count=8, expected_cost="")
    order(page, payer=team.wallet.pk, count=4)
    told = page.post(reverse("price"), sent, headers=HTMX).content.decode()
    assert "You have used 4 of the 10" in told
    refused = press_create(page, sent)
    assert refused.status_code == 402
    assert "you have used 4 of the 10" in refused.content.decode()


@pytest.mark.parametrize("payer", ["0", "x", "-1", "9" * 30])
def test_a_wallet_one_may_not_use_is_refused_beside_the_field(
    page: Client, team: Team, payer: str
) -> None:
    refused = press_create(page, open_form(page, prompt="a fox", payer=payer))
    assert refused.status_code == 422
    assert "You may not spend the credits of this wallet." in refused.content.decode()
    assert "a fox" in refused.content.decode()
    assert not Generation.objects.exists()


def test_somebody_elses_wallet_is_one_of_those(page: Client, bob: User) -> None:
    refused = press_create(page, open_form(page, prompt="a fox", payer=bob.wallet.pk))
    assert refused.status_code == 422


def test_a_team_that_has_too_little_is_named(page: Client, team: Team, bob: User) -> None:
    team.wallet.charge(50, reference="a")
    refused = press_create(page, open_form(page, prompt="a fox", payer=team.wallet.pk))
    assert "Studio North has 0." in refused.content.decode()


def test_another_payer_is_another_order(page: Client, team: Team, alice: User) -> None:
    sent = open_form(page, prompt="a fox", payer=alice.wallet.pk)
    for payer in (alice.wallet.pk, team.wallet.pk, team.wallet.pk):
        press_create(page, sent | {"payer": str(payer)})
    assert Generation.objects.count() == 2


def test_a_project_is_filed_and_offered_again(page: Client, alice: User) -> None:
    assert order(page, project="  Autumn   cards ").project == "Autumn cards"
    assert '<option value="Autumn cards">' in text_of(page, reverse("create"))
    assert alice.wallet.entries.get(kind="charge").project == "Autumn cards"


def test_a_project_that_is_too_long_is_refused(page: Client) -> None:
    assert press_create(page, open_form(page, prompt="a", project="x" * 61)).status_code == 422


def test_trying_again_and_editing_keep_the_payer(page: Client, team: Team) -> None:
    first = order(page, payer=team.wallet.pk, project="Cards")
    page.post(reverse("job_cancel", args=[first.pk]))
    page.post(reverse("job_retry", args=[first.pk]))
    again = Generation.objects.latest("created_at")
    assert (again.payer, again.project) == (team.wallet, "Cards")
    sent = open_form(page, f"?job={first.pk}")
    assert (sent["payer"], sent["project"]) == (str(team.wallet.pk), "Cards")


def test_the_job_and_the_statement_say_held_then_paid(page: Client, team: Team) -> None:
    job = order(page, payer=team.wallet.pk)
    address = reverse("team_credits", args=[team.pk])
    assert "1 credit held" in text_of(page, reverse("jobs"))
    assert ">Held</a>" in text_of(page, address)
    run_all()
    assert "1 credit paid" in text_of(page, reverse("jobs"))
    assert "Studio North" in text_of(page, reverse("jobs"))
    assert f'href="{reverse("job", args=[job.pk])}">Paid</a>: <bdi>a fox' in text_of(page, address)


def test_a_line_of_the_statement_leads_to_the_job_and_from_there_to_its_picture(
    page: Client,
) -> None:
    job = order(page)
    run_all()
    opened = reverse("job", args=[job.pk])
    assert f'href="{opened}"' in text_of(page, reverse("account_credits"))
    asset = job.outputs.get().asset
    assert f'href="{asset.get_absolute_url()}' in text_of(page, opened)


def test_what_was_cancelled_was_held_and_given_back(page: Client) -> None:
    page.post(reverse("job_cancel", args=[order(page).pk]))
    told = text_of(page, reverse("account_credits"))
    assert "Held, then given back" in told
    assert ">Given back</a>" in told


def test_a_job_opens_for_its_owner_and_for_who_accounts_for_it(
    page: Client, team: Team, bob: User, mallory: User, client: Client
) -> None:
    job = order(page, payer=team.wallet.pk)
    address = reverse("job", args=[job.pk])
    assert "a fox" in text_of(page, address)
    owners, strangers = Client(), Client()
    owners.force_login(bob)
    strangers.force_login(mallory)
    told = text_of(owners, address)
    assert "A job of Alice" in told
    assert "a fox" not in told
    assert strangers.get(address).status_code == 404


def test_what_one_pays_oneself_a_teams_owner_does_not_see(
    page: Client, team: Team, bob: User
) -> None:
    job = order(page)
    owners = Client()
    owners.force_login(bob)
    assert owners.get(reverse("job", args=[job.pk])).status_code == 404
