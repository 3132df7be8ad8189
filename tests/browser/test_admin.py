"""The administration under our content policy: stock widgets work, and nothing complains."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.site import Person, Site

PAGES = [
    *("", "overview/", "bulk-grant/", "accounts/user/", "accounts/wallet/", "accounts/team/"),
    *("accounts/creditentry/", "accounts/auditentry/", "accounts/allowanceplan/add/"),
    *("gallery/asset/", "generator/enginemodel/", "generator/enginemodel/1/change/"),
]


@pytest.fixture
def robin(site: Site) -> Person:
    """Runs the place."""
    email = f"robin{next(site.numbers)}@example.org"
    made = site.stage.account(email, "--staff")
    return Person(email, made["password"], made["apiKey"])


def sideways(page: Page) -> int:
    return int(page.evaluate("document.documentElement.scrollWidth - innerWidth"))


@pytest.mark.parametrize("width", [360, 1440])
def test_no_page_breaks_the_policy_or_scrolls_sideways(
    site: Site, robin: Person, width: int
) -> None:
    page = site.sign_in(robin, width=width)
    for path in PAGES:
        page.goto(f"/admin/{path}")
        expect(page.locator("h1")).to_be_visible()
        assert sideways(page) <= 0, path


def test_a_grant_by_the_calendar_is_looked_at_and_written(site: Site, robin: Person) -> None:
    page = site.sign_in(robin)
    page.goto(f"/admin/accounts/wallet/?q={robin.email}")
    page.get_by_role("link", name=robin.email, exact=True).click()
    page.get_by_role("link", name="Grant or correct").click()
    page.get_by_label("Credits:").fill("50")
    page.get_by_label("Reason:").fill("Workshop")
    page.locator(".datetimeshortcuts a").nth(1).click()
    page.locator(".calendarbox").get_by_role("link", name="Tomorrow").click()
    page.get_by_role("button", name="Review").click()
    expect(page.locator(".verdict-sum")).to_contain_text("→")
    page.get_by_role("button", name="Write it into the ledger").click()
    expect(page.locator(".messagelist")).to_contain_text("+50:")


def test_a_plan_is_found_by_typing(site: Site, robin: Person) -> None:
    page = site.sign_in(robin)
    page.goto("/admin/accounts/allowanceplan/add/")
    name = f"Studio {robin.email}"
    page.get_by_label("Name:").fill(name)
    page.get_by_label("Amount:").fill("100")
    page.get_by_role("button", name="Save", exact=True).click()
    page.goto(f"/admin/accounts/wallet/?q={robin.email}")
    page.get_by_role("link", name=robin.email, exact=True).click()
    page.locator(".select2-selection").click()
    page.locator(".select2-search__field").fill("studio")
    page.locator(".select2-results__option", has_text=name).click()
    page.get_by_label("Reason:").fill("paid")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".messagelist")).to_contain_text("changed successfully")


def test_many_are_granted_without_javascript(site: Site, robin: Person) -> None:
    page = site.sign_in(robin, script=False)
    page.goto("/admin/bulk-grant/")
    page.locator("textarea").fill(f"{robin.email}; 7; Workshop")
    page.get_by_role("button", name="Look at what it does").click()
    page.get_by_role("button", name="Write all into the ledger").click()
    expect(page.locator(".messagelist")).to_contain_text("1 wallet was granted 7 credits in all.")
