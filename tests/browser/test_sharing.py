"""Sharing a picture, and opening it as somebody else: by link without an account, and in person."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.site import Person, Site
from tests.browser.test_accessibility import WINDOWS, problems
from tests.browser.test_teams import begin_team, make_link

PROMPT = "a heron in the reeds"


@pytest.fixture(scope="module")
def shared(installation: Site) -> tuple[Person, str]:
    """Somebody with a picture."""
    person = installation.person("sharer")
    return person, installation.paint(person, PROMPT)


def look(page: Page, name: str) -> None:
    """Keep a picture of the page where somebody asked for them."""
    if folder := os.environ.get("SHOTS"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


@pytest.mark.parametrize("script", [True, False])
def test_a_link_is_made_opened_by_a_stranger_and_revoked(
    site: Site, shared: tuple[Person, str], *, script: bool
) -> None:
    owner, pk = shared
    page = site.sign_in(owner, script=script)
    page.goto(f"/gallery/{pk}/")
    page.get_by_role("link", name="Share with people or by link").click()
    form = page.get_by_role("form", name="Make a link")
    form.get_by_label("Password, if you like").fill("sesame")
    form.get_by_label("Show the prompt and how it was made").uncheck()
    form.get_by_role("button", name="Make the link").click()
    url = page.locator(".given input").input_value()

    stranger = site.visit(script=script)
    stranger.goto(url)
    stranger.get_by_label("Password").fill("sesame")
    stranger.get_by_role("button", name="Open").click()
    expect(stranger.get_by_role("img", name="A picture")).to_be_visible()
    expect(stranger.get_by_text(PROMPT)).to_have_count(0)

    page.reload()
    expect(page.get_by_text("seen once")).to_be_visible()
    page.get_by_role("button", name="Revoke link 1").click()
    expect(page.get_by_text("There is no link.")).to_be_visible()
    assert stranger.reload().status == 410


def test_a_picture_is_shared_in_person_and_found_by_that_person(
    site: Site, shared: tuple[Person, str]
) -> None:
    owner, pk = shared
    member = site.person("reader")
    link = make_link(begin_team(site, owner, "Readers"))
    theirs = site.sign_in(member)
    theirs.goto(link)
    theirs.get_by_role("button", name="Join").click()

    page = site.sign_in(owner)
    page.goto(f"/gallery/{pk}/sharing/")
    form = page.get_by_role("form", name="Share with somebody")
    form.get_by_label("Somebody in your teams").select_option(label="Reader")
    form.get_by_role("button", name="Share", exact=True).click()
    given = page.locator(".given")
    expect(given).to_contain_text("may look at it")
    given.get_by_role("button", name="Let them edit: Reader").click()
    expect(given).to_contain_text("may change its words")

    theirs.goto("/gallery/?scope=shared")
    theirs.locator(".picture a").click()
    expect(theirs).to_have_url(re.compile(pk))
    expect(theirs.get_by_text("shared it with you in person")).to_be_visible()


@pytest.mark.parametrize(("width", "scheme"), WINDOWS)
def test_the_pages_of_sharing(
    site: Site, shared: tuple[Person, str], width: int, scheme: str
) -> None:
    owner, pk = shared
    made = [
        site.call(owner, "POST", "/v1/shares", {"assetId": pk, "kind": "link", **more})
        for more in ({}, {"password": "sesame"})
    ]
    site.call(
        owner, "POST", "/v1/shares", {"assetId": pk, "kind": "person", "email": "cy@example.org"}
    )
    page = site.sign_in(owner, width=width, scheme=scheme)
    found = []
    paths = (f"/gallery/{pk}/", f"/gallery/{pk}/sharing/", "/gallery/approvals/")
    for n, path in enumerate((*paths, *(share["url"] for share in made))):
        page.goto(path)
        look(page, f"{n}-{width}-{scheme}")
        found += problems(page)
    for share in made:
        site.call(owner, "DELETE", f"/v1/shares/{share['id']}")
    assert found == []
