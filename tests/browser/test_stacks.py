"""Stacks that open in their place, and arrows that walk a collection."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.site import Person, Site
from tests.browser.test_accessibility import problems


@pytest.fixture(scope="module")
def stacker(installation: Site) -> tuple[Person, list[str]]:
    """Somebody with three variations of one wish, and a picture of another; the ids."""
    person = installation.person("stacker")
    wishes = [("a fox", 1), ("a fox", 2), ("a cat", 3), ("a fox", 4)]
    return person, [installation.paint(person, wish, seed=seed) for wish, seed in wishes]


def cards(page: Page) -> list[str]:
    found = page.locator(".justified > .picture").evaluate_all("each => each.map(one => one.id)")
    return [str(each).removeprefix("picture-") for each in found]


@pytest.mark.parametrize("width", [360, 1440])
def test_a_stack_opens_in_its_place_and_closes(
    site: Site, stacker: tuple[Person, list[str]], width: int
) -> None:
    person, (first, second, cat, newest) = stacker
    page = site.sign_in(person, width=width)
    page.goto("/gallery/?stacks=1")
    opener = page.locator(f"#picture-{newest} .stacked")
    expect(opener).to_have_attribute("aria-expanded", "false")
    assert cards(page) == [newest, cat]

    opener.focus()
    page.keyboard.press("Enter")
    expect(opener).to_have_attribute("aria-expanded", "true")
    expect(page.locator("#stack-said")).to_have_text(
        "2 more pictures of the stack are shown after it."
    )
    assert cards(page) == [newest, second, first, cat]
    expect(opener).to_be_focused()
    assert problems(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    page.locator(f"#picture-{first} > a").focus()
    page.keyboard.press("Escape")
    expect(opener).to_be_focused()
    expect(opener).to_have_attribute("aria-expanded", "false")
    assert cards(page) == [newest, cat]

    opener.click()
    expect(page.locator(f"#picture-{second}")).to_be_visible()
    opener.click()
    expect(page.locator(f"#picture-{second}")).to_have_count(0)
    assert page.url.endswith("/gallery/?stacks=1")


def test_with_a_key_held_a_stack_opens_as_a_page_beside(
    site: Site, stacker: tuple[Person, list[str]]
) -> None:
    person, (*_others, newest) = stacker
    page = site.sign_in(person)
    page.goto("/gallery/?stacks=1")
    with page.context.expect_page() as beside:
        page.locator(f"#picture-{newest} .stacked").click(modifiers=["ControlOrMeta"])
    expect(beside.value.locator(".justified > .picture")).to_have_count(3)
    expect(page.locator(".justified > .picture")).to_have_count(2)


def test_arrow_keys_walk_a_collection_in_its_order(
    site: Site, stacker: tuple[Person, list[str]]
) -> None:
    person, (first, _second, cat, newest) = stacker
    made = site.call(person, "POST", "/v1/collections", {"name": "A wall"})
    order = [first, newest, cat]
    site.call(person, "POST", f"/v1/collections/{made['id']}/items", {"assetIds": order})
    page = site.sign_in(person)
    page.goto(f"/collections/{made['id']}/")
    page.locator(f"#picture-{first} > a").click()
    for asset, key in ((first, "ArrowRight"), (newest, "ArrowRight"), (cat, "ArrowLeft")):
        page.wait_for_url(f"**/gallery/{asset}/?collection={made['id']}")
        page.keyboard.press(key)
    page.wait_for_url(f"**/gallery/{newest}/?collection={made['id']}")
    page.locator(".steps").get_by_role("link", name="A wall").click()
    page.wait_for_url(f"**/collections/{made['id']}/")
