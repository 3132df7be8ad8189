"""Every page is a form first."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.site import Site


def test_create_look_again_and_find_the_picture(site: Site) -> None:
    page = site.sign_in(site.person(), script=False)
    page.get_by_label("Prompt", exact=True).fill("a lake in the fog")
    page.get_by_role("button", name="Create").click()
    expect(page.get_by_label("Prompt", exact=True)).to_have_value("a lake in the fog")
    for _ in range(60):
        if page.locator(".shot.done img").count():
            break
        page.wait_for_timeout(200)
        page.goto("/jobs/")
    expect(page.locator(".shot.done img")).to_have_count(1)


def test_cancel(site: Site) -> None:
    page = site.sign_in(site.person(), script=False)
    page.get_by_label("Prompt", exact=True).fill("a lake in the fog")
    page.locator("label:has(input[name=count][value='8'])").click()
    page.get_by_role("button", name="Create").click()
    expect(page.get_by_role("alert")).to_contain_text("This costs 8 credits now.")
    page.get_by_role("button", name="Create").click()
    page.get_by_role("button", name="Cancel").click()
    expect(page.locator(".job")).to_contain_text("came back")


def test_like_and_delete_with_undo(site: Site) -> None:
    person = site.person()
    pk = site.paint(person, "a hill")
    page = site.sign_in(person, script=False)
    page.goto(f"/gallery/{pk}/")
    page.get_by_role("button", name="Like").click()
    page.goto(f"/gallery/{pk}/")
    expect(page.get_by_role("button", name="Like")).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_text("Moved to the bin.")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#prompt")).to_have_text("a hill")
