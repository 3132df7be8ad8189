"""With the keyboard alone."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.site import Site


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.id || document.activeElement.className"))


def test_the_first_tab_skips_to_the_content(site: Site) -> None:
    page = site.visit()
    page.goto("/")
    page.keyboard.press("Tab")
    expect(page.get_by_text("Skip to the content")).to_be_focused()
    expect(page.get_by_text("Skip to the content")).to_be_in_viewport()
    page.keyboard.press("Enter")
    assert focused(page) == "main"


def test_a_picture_is_ordered_by_tab_arrows_and_enter(site: Site) -> None:
    page = site.sign_in(site.person())
    page.locator("#id_prompt").focus()
    page.keyboard.type("a lake")
    for _ in range(2):
        page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.name") == "ratio"
    page.keyboard.press("ArrowRight")
    expect(page.locator("input[name=ratio][value='3:4']")).to_be_checked()
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")
    expect(page.locator("input[name=style][value='photographic']")).to_be_checked()
    page.locator("#create-button").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".job")).to_contain_text("3:4")
    assert focused(page) == "create-button"


def test_focus_stays_on_cancel_while_the_feed_renews_itself(site: Site) -> None:
    page = site.sign_in(site.person())
    page.locator("#id_prompt").fill("a lake in the fog")
    page.locator("label:has(input[name=count][value='8'])").click()
    page.keyboard.press("Control+Enter")
    page.get_by_role("button", name="Cancel").focus()
    held = focused(page)
    expect(page.locator(".shot.done")).not_to_have_count(0)
    assert focused(page) == held
    page.keyboard.press("Enter")
    expect(page.locator(".job")).to_contain_text("came back")


def test_slash_goes_to_the_prompt_and_question_mark_lists_the_keys(site: Site) -> None:
    page = site.sign_in(site.person())
    page.locator("body").press("/")
    assert focused(page) == "id_prompt"
    page.locator("summary.avatar").focus()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page.locator("summary.avatar")).to_be_focused()


def test_single_keys_can_be_switched_off(site: Site) -> None:
    page = site.sign_in(site.person())
    page.locator("body").press("?")
    page.get_by_role("checkbox").uncheck()
    page.keyboard.press("Escape")
    page.reload()
    page.locator("body").press("?")
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.locator("#id_prompt").fill("a lake")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".job")).to_have_count(1)


def test_the_asset_page_walks_likes_and_remixes_by_key(site: Site) -> None:
    person = site.person()
    older, newer = site.paint(person, "a lake"), site.paint(person, "a hill")
    page = site.sign_in(person)
    page.goto(f"/gallery/{newer}/")
    page.keyboard.press("ArrowRight")
    page.wait_for_url(f"**/gallery/{older}/**")
    page.keyboard.press("ArrowLeft")
    page.wait_for_url(f"**/gallery/{newer}/**")
    page.keyboard.press("l")
    expect(page.locator("[data-key=l]")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("r")
    page.wait_for_url(f"**/create/?remix={newer}")
    expect(page.locator("#id_prompt")).to_have_value("a hill")


def test_escape_closes_the_menu_and_gives_the_focus_back(site: Site) -> None:
    page = site.sign_in(site.person())
    page.locator("summary.avatar").press("Enter")
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Sign out")).to_be_hidden()
    expect(page.locator("summary.avatar")).to_be_focused()
