"""Every page, narrow and wide, dark and light: axe finds nothing, nothing sticks out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.site import Person, Site

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text()
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
FOR_VISITORS = (
    *("/", "/accounts/login/", "/accounts/signup/", "/accounts/password/reset/"),
    *("/gallery/", "/nowhere/"),
)
FOR_MEMBERS = (
    *("/create/", "/jobs/", "/gallery/?scope=mine", "/gallery/?scope=public", "/gallery/{pk}/"),
    *("/create/?repeat={pk}", "/gallery/bin/", "/account/", "/account/keys/", "/account/credits/"),
    "/account/data/",
    *("/account/security/", "/account/api/", "/account/api/usage/", "/create/code/{pk}/"),
    "/account/webhooks/",
    "/docs/api/",
    *("/teams/", "/gallery/?scope=team"),
)
WINDOWS = [(360, "dark"), (360, "light"), (1440, "dark"), (1440, "light")]


@pytest.fixture(scope="module")
def painter(installation: Site) -> tuple[Person, str]:
    """Somebody with a public picture, one in the bin, and its id."""
    person = installation.person("painter")
    pk = installation.paint(person, "a lake at dusk", count=2)
    installation.call(person, "PATCH", f"/v1/assets/{pk}", {"isPublic": True})
    binned = installation.paint(person, "a hill")
    installation.call(person, "DELETE", f"/v1/assets/{binned}")
    return person, pk


def problems(page: Page) -> list[str]:
    """What axe finds, in one line each, and how far the page sticks out sideways."""
    page.wait_for_load_state("networkidle")
    # All of it at once: what lies below a sticky bar only for now is no neighbour of the bar.
    width, height = page.evaluate("[innerWidth, document.documentElement.scrollHeight]")
    page.set_viewport_size({"width": width, "height": height})
    page.evaluate(AXE)
    result: Any = page.evaluate(f"axe.run(document, {{runOnly: {RULES}}})")
    found = [
        f"{page.url}: {violation['id']} at {node['target']}: {node['failureSummary']}"
        for violation in result["violations"]
        for node in violation["nodes"]
    ]
    beyond = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    return found + ([f"{page.url}: {beyond} px too wide"] if beyond > 0 else [])


@pytest.mark.parametrize(("width", "scheme"), WINDOWS)
def test_the_pages_for_visitors(
    site: Site, painter: tuple[Person, str], width: int, scheme: str
) -> None:
    page = site.visit(width=width, scheme=scheme)
    found = []
    for path in FOR_VISITORS:
        page.goto(path)
        found += problems(page)
    assert found == []


@pytest.mark.parametrize(("width", "scheme"), WINDOWS)
def test_the_pages_for_members(
    site: Site, painter: tuple[Person, str], width: int, scheme: str
) -> None:
    person, pk = painter
    page = site.sign_in(person, width=width, scheme=scheme)
    found = []
    for path in FOR_MEMBERS:
        page.goto(path.format(pk=pk))
        found += problems(page)
    assert found == []


@pytest.mark.parametrize(("width", "scheme"), WINDOWS)
def test_the_create_page_in_each_of_its_states(site: Site, width: int, scheme: str) -> None:
    page = site.sign_in(site.person(credits=20), width=width, scheme=scheme)
    found = problems(page)  # empty
    page.locator("#create-button").click()
    page.locator("#id_prompt_error").wait_for()
    found += problems(page)  # with an error
    page.locator("#id_prompt").fill("a lake")
    page.locator("label:has(input[name=count][value='8'])").click()
    page.keyboard.press("Control+Enter")
    page.locator(".shot.painting").wait_for()
    found += problems(page)  # at work
    page.locator("#fold-more > summary").click()
    page.locator("#fold-negative > summary").click()
    page.locator("summary.avatar").click()
    found += problems(page)  # with everything open
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Cancel").click()
    page.get_by_text("came back").wait_for()
    page.locator("body").press("?")
    found += problems(page)  # cancelled, under the list of keys
    assert found == []
