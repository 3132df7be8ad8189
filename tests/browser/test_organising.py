"""Choosing many pictures: with clicks and keys, to tag, share, collect and delete them."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.site import Person, Site
from tests.browser.test_accessibility import problems
from tests.browser.test_teams import begin_team, make_link

COUNT = ".selection-count"


@pytest.fixture(scope="module")
def painter(installation: Site) -> Person:
    """Somebody with some forty pictures."""
    person = installation.person("painter")
    options = ("--assets", "48", "--users", "1", "--seed", "77", "--owner", person.email)
    installation.stage.manage("make_demo_gallery", *options)
    return person


def choose(page: Page, *numbers: int) -> None:
    for number in numbers:
        page.locator("[data-pick]").nth(number).check(force=True)


def deed(page: Page, name: str) -> None:
    page.locator(".selection").get_by_text(name, exact=True).first.click()


def test_choose_tag_share_with_the_team_and_open_as_the_other_member(site: Site) -> None:
    owner, member = site.person("ana"), site.person("bo")
    options = ("--assets", "12", "--users", "1", "--seed", "78", "--owner", owner.email)
    site.stage.manage("make_demo_gallery", *options)
    page = begin_team(site, owner, "Studio West")
    link = make_link(page)
    members = site.sign_in(member)
    members.goto(link)
    members.get_by_role("button", name="Join").click()

    page.goto("/gallery/?scope=mine")
    choose(page, 0, 1)
    expect(page.locator(COUNT)).to_have_text("2 chosen")
    assert problems(page) == []
    deed(page, "Tag")
    page.locator("#selection-tags").fill("harvest")
    page.locator("button[name=do][value=tag]").click()
    expect(page.locator("#toasts")).to_contain_text("2 pictures tagged.")
    expect(page.locator(".selection")).to_be_hidden()
    choose(page, 0, 1)
    deed(page, "Share")
    page.locator("button[name=do][value=share]").click()
    expect(page.locator("#toasts")).to_contain_text("2 pictures shared.")

    members.goto("/gallery/?scope=team&q=%23harvest")
    expect(members.locator(".picture")).to_have_count(2)
    members.locator(".picture > a").first.click()
    expect(members.get_by_role("link", name="harvest")).to_be_visible()


def test_keys_choose_one_a_range_all_and_none(site: Site, painter: Person) -> None:
    page = site.sign_in(painter)
    page.goto("/gallery/")
    page.locator(".picture > a").nth(1).focus()
    page.keyboard.press("x")
    expect(page.locator(COUNT)).to_have_text("1 chosen")
    page.locator(".picture > a").nth(4).focus()
    page.keyboard.press("Shift+X")
    expect(page.locator(COUNT)).to_have_text("4 chosen")
    page.locator("[data-pick-all]").click()
    expect(page.locator(COUNT)).to_have_text(re.compile(r"^\d\d chosen$"))
    page.keyboard.press("Escape")
    expect(page.locator(".selection")).to_be_hidden()


def test_what_was_deleted_leaves_the_page_and_comes_back(site: Site, painter: Person) -> None:
    page = site.sign_in(painter)
    page.goto("/gallery/")
    gone = page.locator(".picture").first.get_attribute("id")
    choose(page, 0, 1)
    page.locator("button[name=do][value=delete]").click()
    expect(page.locator(f"#{gone}")).to_have_count(0)
    page.locator("#toasts").get_by_role("button", name="Undo").click()
    expect(page.locator(f"#{gone}")).to_have_count(1)
    expect(page.locator("#toasts")).to_contain_text("2 pictures are back.")


@pytest.mark.parametrize("width", [360, 1280])
def test_chosen_pictures_become_a_collection_that_is_arranged_by_dragging(
    site: Site, painter: Person, width: int
) -> None:
    page = site.sign_in(painter, width=width)
    page.goto("/gallery/")
    choose(page, 0, 1, 2)
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    deed(page, "Collect")
    page.locator("#selection-name").fill(f"A wall {width} wide")
    page.locator("button[name=do][value=collect]").click()
    expect(page.locator("#toasts")).to_contain_text("3 pictures collected.")
    page.goto("/collections/")
    assert problems(page) == []
    page.get_by_role("link", name=f"A wall {width} wide").click()
    page.get_by_role("link", name="Arrange").click()
    assert problems(page) == []
    items = page.locator("[data-move]")
    last = items.nth(2).get_attribute("id")
    with page.expect_response("**/place/"):
        items.nth(2).drag_to(items.nth(0))
    page.reload()
    expect(items.first).to_have_attribute("id", last or "")
    items.first.get_by_role("button", name="Later").click()
    expect(items.nth(1)).to_have_attribute("id", last or "")


def test_without_javascript_the_same_form_tags_and_collects(site: Site, painter: Person) -> None:
    page = site.sign_in(painter, script=False)
    page.goto("/gallery/")
    choose(page, 5, 6)
    expect(page.locator(".selection")).to_be_visible()
    deed(page, "Tag")
    page.locator("#selection-tags").fill("quietly")
    page.locator("button[name=do][value=tag]").click()
    expect(page.locator("#toasts")).to_contain_text("2 pictures tagged.")
    page.goto("/gallery/tags/")
    expect(page.locator(".tags")).to_contain_text("quietly")
