"""Searching: words become chips, the address says it all, and what is saved stays alive."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.site import Person, Site


@pytest.fixture(scope="module")
def seeker(installation: Site) -> tuple[Person, list[str]]:
    """Somebody with three pictures, and their ids, the oldest first."""
    person = installation.person("seeker")
    wishes = ("a red fox", "a red boat", "a blue fox")
    return person, [installation.paint(person, wish) for wish in wishes]


def expect_pictures(page: Page, *ids: str) -> None:
    """Wait until the list shows these, in this order."""
    shown = page.locator(".justified > .picture")
    expect(shown).to_have_count(len(ids))
    for place, pk in enumerate(ids):
        expect(shown.nth(place)).to_have_id(f"picture-{pk}")


def open_menu(page: Page, name: str) -> None:
    page.locator(".finding summary", has_text=name).click()


def test_a_search_is_typed_narrowed_put_in_order_and_taken_back(
    site: Site, seeker: tuple[Person, list[str]]
) -> None:
    person, (red, _boat, blue) = seeker
    page = site.sign_in(person)
    page.goto("/gallery/")
    chips = page.locator(".asked bdi")
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("fox red")
    page.keyboard.press("Enter")
    expect(chips).to_have_text(["fox", "red"])
    expect_pictures(page, red)

    page.get_by_role("link", name="red Take away").click()
    expect(chips).to_have_text(["fox"])
    expect(page.get_by_role("searchbox")).to_have_value("fox")
    expect_pictures(page, blue, red)

    like = page.locator(f"#like-{red}")
    with page.expect_response("**/like/"):
        like.click()
    expect(like).to_have_attribute("aria-pressed", "true")
    page.get_by_role("link", name="Most liked").click()
    expect(page).to_have_url(re.compile("q=fox.*sort=likes"))
    expect_pictures(page, red, blue)

    page.go_back()
    expect(page).not_to_have_url(re.compile("sort="))
    expect(chips).to_have_text(["fox"])
    expect_pictures(page, blue, red)


def test_one_jumps_to_a_month_and_a_saved_search_finds_what_comes_later(
    site: Site, seeker: tuple[Person, list[str]]
) -> None:
    person, (_red, boat, _blue) = seeker
    page = site.sign_in(person)
    page.goto("/gallery/?q=boat")
    for month, found in (("2020-01", []), (f"{dt.datetime.now(dt.UTC):%Y-%m}", [boat])):
        open_menu(page, "Date")
        page.get_by_label("Go to the pictures of").fill(month)
        page.get_by_role("button", name="Go", exact=True).click()
        expect(page).to_have_url(re.compile(f"at={month}"))
        expect_pictures(page, *found)
        page.get_by_role("link", name="Back to the newest").click()
        expect_pictures(page, boat)

    open_menu(page, "Saved")
    page.get_by_label("Save this search as").fill("Boats")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved. What it finds is always what is there.")).to_be_visible()

    later = site.paint(person, "a green boat")
    page.goto("/gallery/")
    open_menu(page, "Saved")
    page.get_by_role("link", name="Boats").click()
    expect_pictures(page, later, boat)
    page.locator(f"#picture-{later} > a").click()
    expect(page.get_by_role("heading", name="Prompt")).to_be_visible()
    page.go_back()
    expect(page.locator(".asked bdi")).to_have_text(["boat"])
    expect_pictures(page, later, boat)
