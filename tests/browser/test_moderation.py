"""Moderators at work, and what the people concerned see: veils, keys, undo, notices."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.site import Person, Site
from tests.browser.test_accessibility import WINDOWS, problems

QUEUE = "/admin/moderation/"


@dataclass(frozen=True)
class Case:
    """Somebody's two pictures that were reported, one that is called sensitive, and who judges."""

    owner: Person
    moderator: Person
    sensitive: str


@pytest.fixture(scope="module")
def case(installation: Site) -> Case:
    owner, reporter = installation.person("owner"), installation.person("reporter")
    email = f"judge{next(installation.numbers)}@example.org"
    made = installation.stage.account(email, "--staff")
    moderator = Person(email, made["password"], made["apiKey"])
    pks = [installation.paint(owner, prompt) for prompt in ("a lake", "a hill", "a fox")]
    for pk in pks:
        installation.call(owner, "PATCH", f"/v1/assets/{pk}", {"isPublic": True})
    for pk in pks[:2]:
        said = {"reason": "hate", "note": "look at the flag"}
        installation.call(reporter, "POST", f"/v1/assets/{pk}/report", said)
    said = {"decision": "sensitive", "kind": "violence", "reason": "The sword is bloody."}
    installation.call(moderator, "POST", f"/v1/staff/moderation/{pks[2]}", said)
    return Case(owner, moderator, pks[2])


def seen(page: Page) -> int:
    """How many pictures of the queue show."""
    return page.locator(".look img:visible").count()


def blurred(picture: Locator) -> bool:
    return "blur" in str(picture.evaluate("(image) => getComputedStyle(image).filter"))


@pytest.mark.parametrize(("width", "scheme"), WINDOWS)
def test_the_queue_is_open_to_everybody(site: Site, case: Case, width: int, scheme: str) -> None:
    page = site.sign_in(case.moderator, width=width, scheme=scheme)
    page.goto(QUEUE)
    found = problems(page)
    page.locator(".look > summary").first.click()
    expect(page.locator(".look img").first).to_be_visible()
    assert found + problems(page) == []


def test_keys_choose_show_decide_and_take_back(site: Site, case: Case) -> None:
    page = site.sign_in(case.moderator)
    page.goto(QUEUE)
    waiting = page.locator("[data-case]").count()
    assert (waiting >= 2, seen(page)) == (True, 0)
    page.keyboard.press("a")  # nothing is chosen yet, so nothing is decided
    page.keyboard.press("j")
    page.keyboard.press("j")
    chosen = page.locator("[data-case]").nth(1)
    expect(chosen).to_be_focused()
    page.keyboard.press("v")
    expect(chosen.locator("img")).to_be_visible()
    assert seen(page) == 1
    page.keyboard.press("k")
    expect(page.locator("[data-case]").first).to_be_focused()
    page.keyboard.press("s")
    expect(page.get_by_text("Marked as sensitive.")).to_be_visible()
    expect(page.locator("[data-case]")).to_have_count(waiting - 1)
    assert seen(page) == 0
    page.keyboard.press("u")
    expect(page.get_by_text("Taken back; the picture stands as before.")).to_be_visible()
    expect(page.locator("[data-case]")).to_have_count(waiting)


@pytest.mark.parametrize(("width", "scheme"), [(360, "dark"), (1440, "light")])
def test_the_owner_reads_why_under_notices(site: Site, case: Case, width: int, scheme: str) -> None:
    page = site.sign_in(case.owner, width=width, scheme=scheme)
    page.locator("summary.avatar").click()
    page.get_by_role("link", name="Notices").click()
    expect(page.get_by_text("The sword is bloody.").first).to_be_visible()
    assert problems(page) == []


@pytest.mark.parametrize("policy", ["blur", "show", "hide"])
def test_a_sensitive_picture_is_as_each_viewer_chose(site: Site, case: Case, policy: str) -> None:
    page = site.sign_in(site.person())
    page.goto("/account/")
    box = page.get_by_role("region", name="Sensitive pictures")
    box.locator(f"input[value={policy}]").check()
    box.get_by_role("button", name="Use it").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    page.goto("/gallery/?scope=public")
    card = page.locator(f'[id="picture-{case.sensitive}"]')
    expect(card).to_have_count(0 if policy == "hide" else 1)
    page.goto(f"/gallery/{case.sensitive}/")
    picture, veil = page.locator(".stage .frame img"), page.locator(".stage [data-veil]")
    assert blurred(picture) is (policy != "show")
    expect(veil).to_have_count(0 if policy == "show" else 1)
    if policy == "show":
        return
    veil.click()
    expect(veil).to_have_attribute("aria-pressed", "true")
    assert not blurred(picture)
    veil.click()
    assert blurred(picture)
