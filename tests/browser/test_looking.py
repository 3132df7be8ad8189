"""Looking closer at pictures: any size, over each other, and what they came from."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.site import Person, Site

WIDTHS = (360, 1280)


@pytest.fixture(scope="module")
def pair(installation: Site) -> tuple[Person, str, str]:
    """Somebody with two pictures."""
    person = installation.person("looker")
    first, second = (installation.paint(person, f"a {animal}") for animal in ("fox", "cat"))
    return person, first, second


@pytest.mark.parametrize("width", WIDTHS)
def test_a_picture_opens_at_any_size(site: Site, pair: tuple[Person, str, str], width: int) -> None:
    person, first, _second = pair
    page = site.sign_in(person, width=width)
    page.goto(f"/gallery/{first}/")
    page.locator("body").press("z")
    zoom = page.locator("dialog.zoom")
    expect(zoom.locator("output")).to_have_text("100 %")
    zoom.get_by_role("button", name="Larger").click()
    expect(zoom.locator("output")).to_have_text("150 %")
    zoom.locator(".ground").press("0")
    expect(zoom.locator("output")).to_have_text("100 %")
    page.keyboard.press("Escape")
    expect(zoom).to_be_hidden()


@pytest.mark.parametrize("width", WIDTHS)
def test_a_slider_moves_the_edge_between_two(
    site: Site, pair: tuple[Person, str, str], width: int
) -> None:
    person, first, second = pair
    page = site.sign_in(person, width=width)
    page.goto(f"/gallery/compare/?a={first}&b={second}")
    slider = page.get_by_role("slider")
    slider.focus()
    slider.press("Home")
    over = page.locator(".compare .over")
    expect(over).to_have_css("clip-path", "inset(0px 0px 0px 0%)")
    slider.press("End")
    expect(over).to_have_css("clip-path", "inset(0px 0px 0px 100%)")
    expect(page.locator("tr.differs").first).to_contain_text("a fox")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_without_a_script_both_stand_side_by_side(
    site: Site, pair: tuple[Person, str, str]
) -> None:
    person, first, second = pair
    page = site.sign_in(person, script=False)
    page.goto(f"/gallery/compare/?a={first}&b={second}")
    expect(page.locator(".compare img")).to_have_count(2)
    expect(page.get_by_role("slider")).to_be_hidden()
