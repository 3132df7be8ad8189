"""From an invitation to a line in the team's statement."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.site import Person, Site
from tests.browser.test_accessibility import problems

PROMPT = "a lighthouse on an island at sunset"


def begin_team(site: Site, owner: Person, name: str) -> Page:
    page = site.sign_in(owner)
    page.get_by_role("link", name="Teams").click()
    page.get_by_label("Name").fill(name)
    page.get_by_role("button", name="Begin it").click()
    expect(page.get_by_role("heading", name=name, level=1)).to_be_visible()
    return page


def give_credits(site: Site, page: Page, credits: int) -> None:
    """As staff would; there is no other way for a team to come by credits."""
    team = page.url.rstrip("/").split("/")[-1]
    code = (
        "from accounts.models import Wallet; "
        f"Wallet.objects.get(team={team}).grant({credits}, reference='test')"
    )
    site.stage.manage("shell", "-v0", "-c", code)


def make_link(page: Page) -> str:
    form = page.get_by_role("form", name="Or make a link to pass on")
    form.get_by_role("button", name="Make the link").click()
    return page.locator("#link").input_value()


def test_invite_accept_spend_the_teams_credits_and_find_it_in_the_statement(site: Site) -> None:
    owner, member = site.person("ana"), site.person("bo", credits=0)
    owners = begin_team(site, owner, "Studio North")
    give_credits(site, owners, 20)
    link = make_link(owners)

    members = site.sign_in(member)
    members.goto(link)
    expect(members).to_have_url(re.compile("/teams/join/$"))
    members.get_by_role("button", name="Join").click()
    expect(members.get_by_text("20 credits left")).to_be_visible()

    members.goto("/create/")
    members.get_by_label("Prompt", exact=True).fill(PROMPT)
    payer = members.get_by_label("Paid by")
    payer.select_option(payer.locator("option", has_text="Studio North").get_attribute("value"))
    members.get_by_label("Prompt", exact=True).press("Control+Enter")
    expect(members.locator(".shot.done img")).to_have_count(1, timeout=60_000)

    owners.goto("/gallery/?scope=team")
    expect(owners.locator(".picture img")).to_have_attribute("alt", PROMPT)
    owners.get_by_role("link", name="Teams").click()
    owners.get_by_role("link", name="Studio North", exact=True).click()
    expect(owners.locator(".people")).to_contain_text("1 this month")
    assert problems(owners) == []
    owners.get_by_role("link", name="Statement").click()
    line = owners.get_by_role("row").nth(1)
    expect(line).to_contain_text("Bo")
    expect(line).to_contain_text("-1")
    line.get_by_role("link", name="Paid").click()
    expect(owners.locator(".shot.done img")).to_have_count(1)


@pytest.mark.parametrize("script", [True, False])
def test_a_picture_is_shared_and_taken_out_again(site: Site, *, script: bool) -> None:
    owner = site.person("ana")
    begin_team(site, owner, "Studio South")
    pk = site.paint(owner, PROMPT)
    page = site.sign_in(owner, script=script)
    page.goto(f"/gallery/{pk}/")
    page.get_by_role("button", name="Share with Studio South").click()
    expect(page.locator("#visibility")).to_contain_text("everybody in these teams")
    page.get_by_role("button", name="Take out of Studio South").click()
    expect(page.locator("#visibility")).to_contain_text("Only you")
