"""The gallery: scrolling on, coming back, keys, likes and the bin; also without JavaScript."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from gallery.views.listing import AUTOMATIC_CHUNKS, CHUNK
from tests.browser.site import Person, Site

#: Adds up how far things jump that nobody pressed.
OBSERVER = """
  window.shifted = 0;
  new PerformanceObserver((list) => {
    for (const e of list.getEntries()) if (!e.hadRecentInput) window.shifted += e.value;
  }).observe({type: "layout-shift", buffered: true});
"""


@pytest.fixture(scope="module")
def collector(installation: Site) -> Person:
    """Somebody with some 240 pictures."""
    person = installation.person("collector")
    options = ("--assets", "300", "--users", "1", "--owner", person.email)
    installation.stage.manage("make_demo_gallery", *options)
    return person


def open_gallery(site: Site, person: Person, **window: Any) -> Page:
    page = site.sign_in(person, **window)
    page.add_init_script(OBSERVER)
    page.goto("/gallery/")
    return page


def cards(page: Page) -> int:
    return page.locator(".picture").count()


def scroll_until(page: Page, number: int) -> None:
    """Scroll as a person does until there are that many cards."""
    for _step in range(200):
        if cards(page) >= number:
            return
        page.mouse.wheel(0, 200)
        page.wait_for_timeout(60)
        # How fast this machine answers is not the question; whether it was asked early is.
        expect(page.locator(".htmx-request")).to_have_count(0)
    raise AssertionError(f"only {cards(page)} cards after scrolling on and on")


@pytest.mark.parametrize("width", [360, 1280])
def test_scrolling_loads_more_without_anything_jumping(
    site: Site, collector: Person, width: int
) -> None:
    page = open_gallery(site, collector, width=width)
    scroll_until(page, 4 * CHUNK)
    assert page.evaluate("window.shifted") <= 0.02
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


@pytest.mark.parametrize("width", [360, 1280])
def test_nothing_jumps_when_answers_are_slow_and_the_end_is_in_sight(
    site: Site, collector: Person, width: int
) -> None:
    page = open_gallery(site, collector, width=width)
    page.route("**/gallery/?*cursor=*", lambda route: (time.sleep(1), route.continue_()))
    for _step in range(60):
        page.mouse.wheel(0, 600)
        page.wait_for_timeout(80)
        if cards(page) >= 5 * CHUNK:
            break
    assert cards(page) >= 5 * CHUNK
    assert page.evaluate("window.shifted") <= 0.02


def test_pictures_wait_for_nothing_that_does_not_come(site: Site, collector: Person) -> None:
    page = open_gallery(site, collector)
    page.route("**/gallery/?*cursor=*", lambda route: route.fulfill(status=404))
    page.mouse.wheel(0, 3000)
    expect(page.locator("#toasts .error")).to_be_visible()
    expect(page.locator(".picture:visible")).to_have_count(cards(page))
    site.complaints.clear()


def test_after_some_chunks_one_clicks_and_goes_on_at_the_first_new_picture(
    site: Site, collector: Person
) -> None:
    page = open_gallery(site, collector)
    automatic = (AUTOMATIC_CHUNKS + 1) * CHUNK
    for _step in range(100):
        page.mouse.wheel(0, 1500)
        if cards(page) == automatic:
            break
        page.wait_for_timeout(50)
    page.wait_for_load_state("networkidle")
    expect(page.locator(".picture")).to_have_count(automatic)
    page.get_by_role("link", name="Load more").click()
    expect(page.locator(".picture")).to_have_count(automatic + CHUNK)
    expect(page.locator(".picture > a").nth(automatic)).to_be_focused()


def test_back_returns_to_the_same_spot(site: Site, collector: Person) -> None:
    page = open_gallery(site, collector)
    scroll_until(page, 3 * CHUNK)
    expect(page).to_have_url(re.compile(rf"n={3 * CHUNK}"))
    card = page.locator(".picture > a").nth(CHUNK + 20)
    card.scroll_into_view_if_needed()
    spot = page.evaluate("scrollY")
    assert spot > 0
    card.click()
    expect(page.get_by_role("heading", name="Prompt")).to_be_visible()
    page.go_back()
    expect(page.locator(".picture").nth(3 * CHUNK - 1)).to_be_attached()
    page.wait_for_function(f"Math.abs(scrollY - {spot}) < 3")


def test_a_like_shows_at_once_keeps_the_focus_and_lasts(site: Site, collector: Person) -> None:
    page = open_gallery(site, collector)
    button = page.locator("[data-like]").first
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(button).to_have_text(re.compile("1"))
    expect(button).to_be_focused()
    page.wait_for_load_state("networkidle")
    page.reload()
    expect(page.locator("[data-like]").first).to_have_attribute("aria-pressed", "true")


def test_back_shows_what_was_liked_on_the_way(site: Site, installation: Site) -> None:
    person = installation.person("fan")
    installation.paint(person, "a fox", seed=1)
    page = open_gallery(site, person)
    page.locator(".picture > a").click()
    page.locator("[data-like]").click()
    page.wait_for_load_state("networkidle")
    page.go_back()
    expect(page).to_have_url(re.compile("/gallery/$"))
    expect(page.locator("[data-like]")).to_have_attribute("aria-pressed", "true")
    expect(page.locator("[data-like]")).to_have_attribute("value", "no")
    expect(page.locator("[data-like] .number")).to_have_text("1")


def test_a_like_that_fails_is_taken_back(site: Site, collector: Person) -> None:
    page = open_gallery(site, collector)
    page.route("**/like/", lambda route: route.fulfill(status=404))
    button = page.locator("[data-like]").nth(5)
    button.click()
    expect(page.locator("#toasts .error")).to_contain_text("The server did not do that")
    expect(button).to_have_attribute("aria-pressed", "false")
    expect(button).to_have_text(re.compile("0"))
    # htmx's own note about the answer that was wanted here.
    assert [line for line in site.complaints if "404 from" not in line] == []
    site.complaints.clear()


def test_the_keys_of_a_picture(site: Site, collector: Person) -> None:
    page = open_gallery(site, collector)
    page.locator(".picture > a").nth(1).click()
    expect(page.get_by_role("heading", name="Prompt")).to_be_visible()
    start = page.url
    for pressed in ("true", "false"):
        page.keyboard.press("l")
        expect(page.locator("[data-like]")).to_have_attribute("aria-pressed", pressed)
        page.wait_for_load_state("networkidle")
    page.keyboard.press("ArrowRight")
    expect(page).not_to_have_url(start)
    page.keyboard.press("ArrowLeft")
    expect(page).to_have_url(start)
    page.keyboard.press("r")
    expect(page).to_have_url(re.compile(r"\?remix="))


def test_deleting_is_undone_from_the_toast(site: Site, collector: Person) -> None:
    page = open_gallery(site, collector)
    first = page.locator(".picture > a").first
    address = str(first.get_attribute("href"))
    first.click()
    page.get_by_role("button", name="Delete").click()
    expect(page.locator(f'a[href="{address}"]')).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(page).to_have_url(site.url + address.split("?")[0])
    page.goto("/gallery/bin/")
    expect(page.get_by_role("heading", name="The bin is empty")).to_be_visible()


def test_it_all_works_without_javascript(site: Site, collector: Person) -> None:
    page = open_gallery(site, collector, script=False)
    button = page.locator("[data-like]").nth(2)
    button.click()
    assert button.get_attribute("aria-pressed") == "true"
    page.get_by_role("link", name="Load more").click()
    assert cards(page) == CHUNK
    page.locator(".picture > a").first.click()
    page.get_by_role("button", name="Show it to").click()
    page.get_by_role("button", name="Delete").click()
    page.get_by_role("button", name="Undo").click()
    page.get_by_role("link", name="Gallery", exact=True).first.click()
    page.get_by_role("searchbox").fill("lighthouse")
    page.get_by_role("button", name="Search").click()
    for picture in page.locator(".picture img").all():
        assert "lighthouse" in (picture.get_attribute("alt") or "")
