"""The Create page under a hurried hand."""

from __future__ import annotations

import re
import time

from playwright.sync_api import Page, Route, expect

from tests.browser.site import Site

PROMPT = "a quiet desert at dawn"
#: Seconds: longer than the feed waits between two looks.
SLOW = 3


def prompt_of(page: Page) -> object:
    return page.get_by_label("Prompt", exact=True)


def choose(page: Page, name: str, value: str) -> None:
    page.locator(f"label:has(input[name={name}][value='{value}'])").click()


def test_the_price_follows_the_choices(site: Site) -> None:
    page = site.sign_in(site.person())
    button = page.locator("#create-button")
    expect(button).to_have_accessible_name("Create · 1 credit")
    choose(page, "count", "4")
    expect(button).to_contain_text("4 credits")
    page.locator("#fold-more > summary").click()
    page.get_by_label("Steps").fill("40")
    expect(button).to_contain_text("8 credits")
    page.locator("#fold-more > summary").click()
    expect(page.locator("#changed")).to_have_text("Steps 40")


def test_an_order_sent_before_its_price_came_is_charged_at_that_price(site: Site) -> None:
    page = site.sign_in(site.person(credits=50))
    prompt_of(page).fill(PROMPT)
    choose(page, "ratio", "3:2")
    page.wait_for_timeout(110)  # So that the first price is being asked for just now.
    choose(page, "count", "2")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".job")).to_contain_text("2 credits")
    expect(page.locator("#credits")).to_contain_text("48")
    expect(page.locator("#form-errors")).to_have_count(0)


def test_a_double_click_orders_once(site: Site) -> None:
    page = site.sign_in(site.person(credits=50))
    prompt_of(page).fill(PROMPT)
    page.locator("#create-button").dblclick()
    expect(page.locator(".job .shot.done")).to_have_count(1)
    expect(page.locator(".job")).to_have_count(1)
    expect(page.locator("#credits")).to_contain_text("49")


def test_what_is_typed_while_an_order_is_taken_stays(site: Site) -> None:
    page = site.sign_in(site.person())
    prompt_of(page).fill(PROMPT)
    page.keyboard.press("Control+Enter")
    prompt_of(page).fill("the next wish")
    expect(page.locator(".job .shot.done")).to_have_count(1)
    expect(prompt_of(page)).to_have_value("the next wish")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".job")).to_have_count(2)


def test_an_error_beside_the_field_goes_away_with_the_next_try(site: Site) -> None:
    page = site.sign_in(site.person())
    page.locator("#create-button").click()
    expect(page.locator("#id_prompt_error")).to_have_text("Describe the picture you want.")
    expect(prompt_of(page)).to_have_attribute("aria-invalid", "true")
    expect(prompt_of(page)).to_be_focused()
    prompt_of(page).fill(PROMPT)
    page.keyboard.press("Control+Enter")
    expect(page.locator(".job")).to_have_count(1)
    expect(page.locator(".field-error")).to_have_count(0)


def test_a_wrong_number_is_told_beside_its_field_and_reached_at_once(site: Site) -> None:
    page = site.sign_in(site.person())
    prompt_of(page).fill(PROMPT)
    page.locator("#fold-more > summary").click()
    page.get_by_label("Steps").fill("0")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#id_steps_error")).to_have_text("Must be between 1 and 150.")
    expect(page.get_by_label("Steps")).to_be_focused()
    expect(page.locator("#id_steps_error")).to_be_in_viewport()


def test_a_grown_prompt_breaks_no_policy_when_the_form_comes_back_unmorphed(site: Site) -> None:
    page = site.sign_in(site.person(credits=0))
    page.route("**/idiomorph*", lambda route: route.fulfill(content_type="text/javascript"))
    page.reload()
    prompt_of(page).fill("a quiet line\n" * 9)
    page.keyboard.press("Control+Enter")
    expect(page.locator("#form-errors")).to_contain_text("you have 0")
    expect(prompt_of(page)).to_have_css("block-size", "289px")


def test_a_job_can_be_cancelled_and_its_credits_come_back(site: Site) -> None:
    page = site.sign_in(site.person(credits=50))
    prompt_of(page).fill(PROMPT)
    choose(page, "count", "8")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".job")).to_contain_text("8 credits held")
    page.get_by_role("button", name="Cancel").click()
    expect(page.locator(".job")).to_contain_text(re.compile(r"\d credits? came back"))
    expect(page.get_by_role("button", name="Cancel")).to_have_count(0)


def test_a_slow_cancellation_still_reaches_the_page(site: Site) -> None:
    """The feed renews itself: the button that asked must not vanish before its answer."""
    page = site.sign_in(site.person(credits=50))
    prompt_of(page).fill(PROMPT)
    choose(page, "count", "8")
    page.keyboard.press("Control+Enter")
    page.route("**/cancel/", _answer_late)
    page.get_by_role("button", name="Cancel").click()
    expect(page.locator(".job")).to_contain_text(re.compile(r"\d credits? came back"))
    page.wait_for_timeout(SLOW * 1000)
    expect(page.get_by_role("button", name="Cancel")).to_have_count(0)


def _answer_late(route: Route) -> None:
    answer = route.fetch()
    time.sleep(SLOW)
    route.fulfill(response=answer)


def test_a_draft_survives_a_reload(site: Site) -> None:
    page = site.sign_in(site.person())
    prompt_of(page).fill(PROMPT)
    page.goto("/gallery/")
    page.goto("/create/")
    expect(prompt_of(page)).to_have_value(PROMPT)


def test_a_draft_is_forgotten_with_the_sign_out(site: Site) -> None:
    page = site.sign_in(site.person())
    prompt_of(page).fill(PROMPT)
    page.locator("summary.avatar").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_label("Password", exact=True)).to_be_visible()
    assert page.evaluate("sessionStorage.getItem('limner.draft')") is None


def test_a_browser_that_keeps_nothing_spoils_nothing(site: Site) -> None:
    page = site.sign_in(site.person())
    page.add_init_script(
        "for (const name of ['localStorage', 'sessionStorage'])"
        " Object.defineProperty(window, name, {get() { throw new DOMException('no'); }});"
    )
    page.goto("/create/")
    prompt_of(page).fill(PROMPT)
    page.keyboard.press("Control+Enter")
    expect(page.locator(".job .shot.done")).to_have_count(1)
    expect(page).to_have_title(re.compile("^Create"))


def test_a_page_whose_jobs_are_done_asks_for_nothing(site: Site) -> None:
    person = site.person()
    site.paint(person, PROMPT)
    page = site.sign_in(person)
    page.wait_for_load_state("networkidle")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.wait_for_timeout(2500)
    assert asked == []


def test_a_chip_fills_in_its_prompt(site: Site) -> None:
    page = site.sign_in(site.person())
    page.get_by_role("link", name="a red fox in a snowy forest").click()
    expect(prompt_of(page)).to_have_value("a red fox in a snowy forest")
    expect(prompt_of(page)).to_be_focused()
