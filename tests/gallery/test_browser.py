"""The gallery in a real browser: scrolling on, coming back, keys, likes; also without JS."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from gallery import demo
from gallery.models import Asset
from gallery.views.listing import AUTOMATIC_CHUNKS, CHUNK
from tests import services

pytestmark = [pytest.mark.browser, pytest.mark.slow]

#: Counts what must not happen: shifts of the layout and breaches of the content policy.
OBSERVER = """
  window.shifted = 0; window.breaches = [];
  new PerformanceObserver((list) => {
    for (const e of list.getEntries()) if (!e.hadRecentInput) window.shifted += e.value;
  }).observe({type: "layout-shift", buffered: true});
  document.addEventListener("securitypolicyviolation", (e) => window.breaches.push(e.blockedURI));
"""
Opener = Callable[..., Page]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    program = services.chromium()
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Playwright's event loop runs in the thread of the tests, beside the database.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        started = playwright.chromium.launch(
            executable_path=program,
            args=["--no-sandbox", "--disable-dev-shm-usage"],
            # Playwright turns the page cache off; people have it.
            ignore_default_args=["--disable-back-forward-cache"],
        )
        yield started
        started.close()


@pytest.fixture
def studio(monkeypatch: pytest.MonkeyPatch, transactional_db: None, alice: User) -> User:
    """Alice, with a gallery of 240 pictures."""
    monkeypatch.setattr(demo, "FILES_PER_SHAPE", 1)
    demo.make(demo.Plan(assets=300, users=1, seed=5, owner=alice))
    return alice


@pytest.fixture
def open_page(browser: Browser, live_server: LiveServer, studio: User) -> Iterator[Opener]:
    """Opens an address as Alice; at the end nothing may have broken the content policy."""
    signed_in = Client()
    signed_in.force_login(studio)
    opened: list[Page] = []

    def open_page(path: str, *, width: int = 1280, javascript: bool = True) -> Page:
        context = browser.new_context(
            base_url=live_server.url,
            viewport={"width": width, "height": 800},
            java_script_enabled=javascript,
            reduced_motion="reduce",
        )
        cookies = [
            {"name": name, "value": morsel.value, "url": live_server.url}
            for name, morsel in signed_in.cookies.items()
        ]
        context.add_cookies(cookies)
        page = context.new_page()
        page.add_init_script(OBSERVER)
        page.goto(path)
        opened.append(page)
        return page

    yield open_page
    for page in opened:
        page.context.close()


def cards(page: Page) -> int:
    return page.locator(".picture").count()


def scroll_until(page: Page, number: int) -> None:
    """Scroll as a person does until there are that many cards."""
    for _step in range(200):
        if cards(page) >= number:
            return
        page.mouse.wheel(0, 200)
        page.wait_for_timeout(60)
    raise AssertionError(f"only {cards(page)} cards after scrolling on and on")


def scroll_to_the_end(page: Page) -> None:
    for _step in range(40):
        page.mouse.wheel(0, 2000)
        page.wait_for_timeout(50)


@pytest.mark.parametrize("width", [360, 1280])
def test_scrolling_loads_more_without_anything_jumping(open_page: Opener, width: int) -> None:
    page = open_page("/gallery/", width=width)
    scroll_until(page, 4 * CHUNK)
    assert page.evaluate("window.shifted") <= 0.02
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert page.evaluate("window.breaches") == []


def test_after_some_chunks_one_clicks_and_goes_on_at_the_first_new_picture(
    open_page: Opener,
) -> None:
    page = open_page("/gallery/")
    scroll_to_the_end(page)
    automatic = (AUTOMATIC_CHUNKS + 1) * CHUNK
    expect(page.locator(".picture")).to_have_count(automatic)
    page.get_by_role("link", name="Load more").click()
    expect(page.locator(".picture")).to_have_count(automatic + CHUNK)
    focused = page.evaluate("document.activeElement.closest('.picture')?.id")
    assert focused == page.locator(".picture").nth(automatic).get_attribute("id")


@pytest.mark.parametrize("kept", [True, False], ids=["page kept", "page loaded anew"])
def test_back_returns_to_the_same_spot(open_page: Opener, *, kept: bool) -> None:
    page = open_page("/gallery/")
    if not kept:
        page.evaluate("addEventListener('unload', () => 0)")
    scroll_until(page, 3 * CHUNK)
    expect(page).to_have_url(re.compile(rf"n={3 * CHUNK}"))
    card = page.locator(".picture > a").nth(CHUNK + 20)
    card.scroll_into_view_if_needed()
    spot = page.evaluate("scrollY")
    assert spot > 0
    card.click()
    expect(page.get_by_role("heading", name="Prompt")).to_be_visible()
    page.evaluate("history.back()")
    expect(page.locator(".picture").nth(3 * CHUNK - 1)).to_be_attached()
    page.wait_for_function(f"Math.abs(scrollY - {spot}) < 3")


def test_a_like_shows_at_once_and_lasts(open_page: Opener, studio: User) -> None:
    page = open_page("/gallery/")
    button = page.locator("[data-like]").first
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(button).to_have_text(re.compile("1"))
    expect(button).to_be_focused()
    page.reload()
    expect(page.locator("[data-like]").first).to_have_attribute("aria-pressed", "true")


def test_a_like_that_fails_is_taken_back(open_page: Opener) -> None:
    page = open_page("/gallery/")
    page.route("**/like/", lambda route: route.abort())
    button = page.locator("[data-like]").first
    button.click()
    expect(page.locator("#toasts .error")).to_be_visible()
    expect(button).to_have_attribute("aria-pressed", "false")
    expect(button).to_have_text(re.compile("0"))


def test_the_keys_of_a_picture(open_page: Opener) -> None:
    page = open_page("/gallery/")
    page.locator(".picture > a").nth(1).click()
    start = page.url
    page.keyboard.press("l")
    expect(page.locator("[data-like]")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("l")
    expect(page.locator("[data-like]")).to_have_attribute("aria-pressed", "false")
    page.keyboard.press("ArrowRight")
    expect(page).not_to_have_url(start)
    page.keyboard.press("ArrowLeft")
    expect(page).to_have_url(start)
    page.keyboard.press("r")
    expect(page).to_have_url(re.compile(r"\?remix="))


def test_deleting_is_undone_from_the_toast(open_page: Opener, studio: User) -> None:
    page = open_page("/gallery/")
    page.locator(".picture > a").first.click()
    url = page.url
    page.get_by_role("button", name="Delete").click()
    page.get_by_role("button", name="Undo").click()
    expect(page).to_have_url(url.split("?")[0])
    assert not Asset.objects.in_bin_of(studio).exists()


def test_it_all_works_without_javascript(open_page: Opener, studio: User) -> None:
    page = open_page("/gallery/", javascript=False)
    first = page.locator("[data-like]").first.get_attribute("id")
    page.locator("[data-like]").first.click()
    assert page.locator(f"#{first}").get_attribute("aria-pressed") == "true"
    page.get_by_role("link", name="Load more").click()
    assert cards(page) == CHUNK
    page.locator(".picture > a").first.click()
    page.get_by_role("button", name="Show it to").click()
    page.get_by_role("button", name="Delete").click()
    page.get_by_role("button", name="Undo").click()
    page.get_by_role("link", name="Gallery", exact=True).first.click()
    page.get_by_role("searchbox").fill("lighthouse")
    page.get_by_role("button", name="Search").click()
    assert 0 < cards(page) < CHUNK + 1
    for picture in page.locator(".picture img").all():
        assert "lighthouse" in (picture.get_attribute("alt") or "")
