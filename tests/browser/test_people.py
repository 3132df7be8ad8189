"""A member of staff helps somebody: sees what they see, changes nothing, and is marked."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.site import Person, Site
from tests.browser.test_accessibility import problems


def member_of_staff(site: Site) -> Person:
    email = f"staff{next(site.numbers)}@example.org"
    made = site.stage.account(email, "--staff")
    return Person(email, made["password"], made["apiKey"])


def test_support_sees_limner_as_somebody_else_does(site: Site) -> None:
    nora = site.person("nora")
    page = site.sign_in(member_of_staff(site))
    page.goto("/admin/accounts/user/")
    page.get_by_role("link", name=nora.email).click()
    page.get_by_role("link", name="See Limner as they do").click()
    page.get_by_label("Reason").fill("cannot find her lake")
    page.get_by_role("button", name="Look").click()
    page.wait_for_url("**/create/**")
    expect(page.get_by_text("You see Limner as Nora does")).to_be_visible()
    assert problems(page) == []
    page.locator("#id_prompt").fill("a fox")
    page.locator("#create-button").click()
    expect(page.get_by_text("The server did not do that.")).to_be_visible()
    site.complaints.clear()  # htmx names the refusal in the console
    page.get_by_role("button", name="Stop").click()
    page.wait_for_url("**/change/**")
    page.goto("/create/")
    expect(page.get_by_text("You see Limner as")).to_have_count(0)
