"""Copying the request that the Create form would make."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.site import Site

PROMPT = 'it\'s a "fox" at dawn'


def test_what_the_form_says_is_copied_for_the_chosen_api_and_language(site: Site) -> None:
    page = site.sign_in(site.person())
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_label("Prompt", exact=True).fill(PROMPT)
    page.get_by_role("button", name="Copy as curl, Python or JavaScript").click()
    dialog = page.get_by_role("dialog", name="This request as code")
    dialog.get_by_text("OpenAI", exact=True).click()
    dialog.get_by_text("Python", exact=True).and_(dialog.locator(":visible")).click()
    dialog.get_by_role("button", name="Copy as Python for OpenAI").click()
    expect(page.locator("#toasts")).to_contain_text("Copied")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("import base64\n")
    assert f"prompt={PROMPT!r}" in copied


def test_without_javascript_it_is_a_page(site: Site) -> None:
    page = site.sign_in(site.person(), script=False)
    page.get_by_label("Prompt", exact=True).fill(PROMPT)
    page.get_by_role("button", name="Copy as curl, Python or JavaScript").click()
    expect(page.get_by_role("heading", name="This request as code")).to_be_visible()
    page.get_by_text("AIThriving", exact=True).click()
    expect(page.locator("#code-aithriving-1-text")).to_contain_text('"cfg_scale": 7')
    page.go_back()
    expect(page.get_by_label("Prompt", exact=True)).to_have_value(PROMPT)
