"""Passkeys, with the device that Chromium plays, and single sign-on at a listening provider."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.accounts.provider import environment, provider
from tests.browser.site import Person, Site
from tests.browser.test_accessibility import problems

DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture(scope="module")
def with_provider(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with provider() as issuer:
        site = Site(tmp_path_factory.mktemp("single-sign-on"), browser)
        site.stage.env |= environment(issuer)
        # The name by which browsers offer passkeys without TLS.
        site.url = site.url.replace("127.0.0.1", "localhost")
        with site:
            yield site


@pytest.fixture
def site(with_provider: Site) -> Iterator[Site]:
    yield with_provider
    assert with_provider.close_pages() == []


def give_device(page: Page) -> None:
    """A device that can hold passkeys, whose owner always agrees."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})


def add_passkey(page: Page, person: Person) -> None:
    page.goto("/account/security/")
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("Password").fill(person.password)
    page.get_by_role("button", name="Confirm").click()
    page.get_by_label("Name").fill("my laptop")
    page.get_by_role("button", name="Add the passkey").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()


def sign_out(page: Page) -> None:
    page.goto("/accounts/logout/")
    page.get_by_role("main").get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/accounts/login/**")


def test_a_passkey_opens_the_account_by_itself(site: Site) -> None:
    person = site.person("nora")
    page = site.sign_in(person)
    give_device(page)
    add_passkey(page, person)
    sign_out(page)
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url("**/create/**")
    page.goto("/account/security/")
    expect(page.get_by_text("my laptop")).to_be_visible()
    assert problems(page) == []


def test_after_the_password_the_passkey_is_the_second_step(site: Site) -> None:
    person = site.person("nora")
    page = site.sign_in(person)
    give_device(page)
    add_passkey(page, person)
    sign_out(page)
    page.get_by_label("E-mail").fill(person.email)
    page.get_by_label("Password", exact=True).fill(person.password)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", name="Second step")).to_be_visible()
    assert problems(page) == []
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url("**/create/**")


def test_who_holds_no_passkey_is_told_so(site: Site) -> None:
    page = site.visit()
    give_device(page)
    page.goto("/accounts/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_text("The passkey was not used. Try it again.")).to_be_visible()


def test_the_provider_brings_somebody_in(site: Site) -> None:
    page = site.visit()
    # The provider's own page wants a style sheet from far away.
    page.route(
        lambda url: not url.startswith("http://localhost"),
        lambda route: route.fulfill(body="", content_type="text/css"),
    )
    page.goto("/accounts/login/?next=/account/")
    page.get_by_role("button", name="Sign in with Example Login").click()
    page.get_by_role("button", name="carol-1").click()
    page.wait_for_url("**/account/")
    expect(page.get_by_label("Name")).to_have_value("Carol Chen")
