"""From a visitor to a picture in the gallery, and what strangers see of it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.site import Site

PROMPT = "snowy mountains above a calm lake at sunset"


def sign_up(site: Site, email: str) -> Page:
    page = site.visit()
    page.goto("/")
    page.get_by_label("Prompt").fill(PROMPT)
    page.get_by_role("button", name="Paint it").click()
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password", exact=True).fill("a long enough phrase")
    page.get_by_role("button", name="Make the account").click()
    page.wait_for_url("**/create/**")
    return page


def addresses_of_the_picture(page: Page) -> list[str]:
    """Every address that the asset page shows or links to below the picture's own."""
    pk = page.url.split("/gallery/")[1].split("/")[0]
    found = set(re.findall(rf"/(?:gallery|files)/{pk}[^\"'\s&?]*", page.content()))
    return sorted(found | {f"/gallery/{pk}/", f"/v1/assets/{pk}"})


def test_sign_up_type_watch_find_reload_sign_out(site: Site) -> None:
    page = sign_up(site, "ines@example.org")
    expect(page.get_by_label("Prompt", exact=True)).to_have_value(PROMPT)
    expect(page.locator("#credits")).to_contain_text("200")
    # Four, so that there is something to watch on a quick machine too.
    page.get_by_role("group", name="Pictures").get_by_text("4", exact=True).click()
    page.get_by_label("Prompt", exact=True).press("Control+Enter")

    job = page.locator(".job").first
    expect(job).to_contain_text(PROMPT)
    expect(job.get_by_role("progressbar")).to_be_visible()
    expect(job).to_contain_text(re.compile(r"Step \d+ of 20"))
    expect(page).to_have_title("(1) Create · Limner")
    expect(job.locator(".shot.done img")).to_have_count(4, timeout=60_000)
    expect(page).to_have_title("Create · Limner")
    expect(page.locator("#announce")).to_contain_text(f"Done: {PROMPT}")
    expect(page.locator("#credits")).to_contain_text("196")

    page.get_by_role("link", name="Gallery").first.click()
    expect(page.locator(".picture img")).to_have_count(4)
    picture = page.locator(".picture img").first
    expect(picture).to_have_attribute("alt", PROMPT)
    picture.click()
    expect(page.locator("#prompt")).to_have_text(PROMPT)
    page.reload()
    expect(page.locator("figure img")).to_have_js_property("complete", value=True)
    assert page.locator("figure img").evaluate("image => image.naturalWidth") > 0

    page.locator("summary.avatar").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("link", name="Sign in")).to_be_visible()


def test_a_second_account_can_fetch_none_of_its_addresses(site: Site) -> None:
    owner, stranger = site.person("alice"), site.person("mallory")
    pk = site.paint(owner, PROMPT)
    page = site.sign_in(owner)
    page.goto(f"/gallery/{pk}/")
    addresses = addresses_of_the_picture(page)
    assert len(addresses) > 6
    files = [address for address in addresses if address.startswith("/files/")]
    assert all(page.request.get(site.url + file).ok for file in files)

    for other in (site.sign_in(stranger), site.visit()):
        statuses = {a: other.request.get(site.url + a, max_redirects=0).status for a in addresses}
        assert set(statuses.values()) <= {302, 401, 404, 405}, statuses
        ranged = {
            a: other.request.get(site.url + a, headers={"Range": "bytes=0-9"}).status for a in files
        }
        assert set(ranged.values()) == {404}, ranged
        heads = {other.request.head(site.url + file).status for file in files}
        assert heads == {404}


@pytest.mark.parametrize("width", [360, 1280])
def test_a_failed_order_keeps_what_was_typed(site: Site, width: int) -> None:
    page = site.sign_in(site.person(credits=0), width=width)
    page.get_by_label("Prompt", exact=True).fill(PROMPT)
    page.get_by_role("button", name="Create").click()
    expect(page.get_by_role("alert")).to_contain_text("This costs 1 credit; you have 0.")
    expect(page.get_by_label("Prompt", exact=True)).to_have_value(PROMPT)
