"""Pictures to work from: dropped, pasted, chosen, removed, and without scripts."""

from __future__ import annotations

import base64
import re

import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.browser.site import Person, Site
from tests.browser.test_accessibility import WINDOWS, problems
from tests.factories import picture_bytes

#: Lets files fall on the page, or be pasted into it, as a person's would.
HAND_OVER = """
([kind, name, type, data]) => {
  const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
  const box = new DataTransfer();
  box.items.add(new File([bytes], name, { type }));
  const target = document.querySelector("main");
  if (kind === "paste") {
    const pasted = new ClipboardEvent("paste", { bubbles: true, cancelable: true });
    Object.defineProperty(pasted, "clipboardData", { value: box });
    return target.dispatchEvent(pasted);
  }
  const options = { bubbles: true, cancelable: true, dataTransfer: box };
  for (const step of ["dragover", "drop"]) target.dispatchEvent(new DragEvent(step, options));
}
"""


@pytest.fixture(scope="module")
def painter(installation: Site) -> Person:
    """Somebody who may choose a model that can work from pictures."""
    installation.stage.play("offer", "blank")
    return installation.person("painter")


def choose_blank(page: Page) -> None:
    page.locator("#fold-more > summary").click()
    page.get_by_label("Model", exact=True).select_option("blank")
    expect(page.locator("#guides")).to_be_visible()


def open_create(site: Site, person: Person, **window: object) -> Page:
    page = site.sign_in(person, **window)
    choose_blank(page)
    return page


def picture(seed: int = 1, name: str = "a.png") -> FilePayload:
    return {"name": name, "mimeType": "image/png", "buffer": picture_bytes(seed=seed)}


def hand_over(page: Page, kind: str, data: bytes, name: str = "a.png", type: str = "") -> None:
    text = base64.b64encode(data).decode()
    page.evaluate(HAND_OVER, [kind, name, type or "image/png", text])


def shown(page: Page) -> None:
    """One picture, as it is seen and not as an address that leads nowhere."""
    expect(page.locator(".guide img")).to_have_count(1)
    expect(page.locator(".guide img")).to_have_js_property("naturalWidth", 96)


@pytest.mark.parametrize("kind", ["drop", "paste"])
def test_a_picture_can_be_dropped_or_pasted(site: Site, painter: Person, kind: str) -> None:
    page = open_create(site, painter)
    hand_over(page, kind, picture_bytes(seed=3))
    shown(page)
    page.get_by_label("Prompt", exact=True).fill("a fox")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".job").first.locator(".shot.done")).to_have_count(1)
    expect(page.locator(".guide img")).to_have_count(1)


def test_a_picture_can_be_chosen_and_removed(site: Site, painter: Person) -> None:
    page = open_create(site, painter)
    page.get_by_label(re.compile("Work from a picture")).set_input_files(picture())
    shown(page)
    page.get_by_label(re.compile("Another picture")).set_input_files(picture(2))
    expect(page.locator(".guide")).to_have_count(2)
    page.get_by_role("button", name="Remove picture 1").click()
    expect(page.locator(".guide")).to_have_count(1)
    page.get_by_role("button", name="Remove picture 1").click()
    expect(page.locator(".guide")).to_have_count(0)


def test_what_is_no_picture_is_told_and_nothing_typed_is_lost(site: Site, painter: Person) -> None:
    page = open_create(site, painter)
    page.get_by_label("Prompt", exact=True).fill("a fox")
    hand_over(page, "drop", b"<svg onload=alert(1)>", "a.png")
    expect(page.locator("#guides .field-error")).to_contain_text("not a picture")
    expect(page.get_by_label("Prompt", exact=True)).to_have_value("a fox")


def test_text_that_is_pasted_or_dropped_is_left_alone(site: Site, painter: Person) -> None:
    page = open_create(site, painter)
    hand_over(page, "drop", b"hello", "a.txt", "text/plain")
    page.wait_for_timeout(200)
    expect(page.locator("#guides .field-error")).to_have_count(0)
    expect(page.locator(".guide")).to_have_count(0)


def test_an_order_that_is_sent_at_once_waits_for_its_picture(site: Site, painter: Person) -> None:
    page = open_create(site, painter)
    page.get_by_label("Prompt", exact=True).fill("a hasty fox")
    hand_over(page, "drop", picture_bytes(seed=5))
    page.keyboard.press("Control+Enter")
    job = page.locator(".job", has_text="a hasty fox")
    expect(job.locator(".shot.done")).to_have_count(1)
    job.locator(".shot.done a").click()
    expect(page.get_by_role("heading", name="How it was made")).to_be_visible()
    expect(page.locator(".worked-from img")).to_have_count(1)


def test_sliders_say_their_value_and_only_what_fits_is_shown(site: Site, painter: Person) -> None:
    page = open_create(site, painter)
    hand_over(page, "drop", picture_bytes())
    change = page.get_by_label("How much may change")
    change.fill("0.25")
    expect(page.locator(".for-start output")).to_have_text("0.25")
    expect(page.get_by_label("How strictly to follow it")).to_be_hidden()
    page.get_by_label("Use it to").select_option("canny")
    expect(change).to_be_hidden()
    expect(page.get_by_label("How strictly to follow it")).to_be_visible()


def test_enter_in_a_field_orders_and_removes_nothing(site: Site, painter: Person) -> None:
    page = open_create(site, painter)
    hand_over(page, "drop", picture_bytes())
    shown(page)
    page.get_by_label("Prompt", exact=True).fill("a fox")
    page.get_by_label("Steps").press("Enter")
    expect(page.locator(".job")).not_to_have_count(0)
    expect(page.locator(".guide")).to_have_count(1)


def test_another_model_takes_the_pictures_and_loras_away_and_brings_them_back(
    site: Site, painter: Person
) -> None:
    page = open_create(site, painter)
    expect(page.get_by_label("LoRA 1")).to_be_visible()
    page.get_by_label("Model", exact=True).select_option("sketch")
    expect(page.get_by_label("LoRA 1")).to_be_hidden()
    expect(page.locator("#guides")).to_be_hidden()
    page.get_by_label("Model", exact=True).select_option("blank")
    expect(page.get_by_label("LoRA 1")).to_be_visible()


def test_a_filled_row_for_loras_brings_another(site: Site, painter: Person) -> None:
    page = open_create(site, painter)
    page.get_by_label("LoRA 1").fill("ink")
    expect(page.get_by_label("LoRA 2")).to_be_visible()
    expect(page.get_by_label("LoRA 1")).to_have_value("ink")


@pytest.mark.parametrize(("width", "scheme"), WINDOWS)
def test_it_can_be_used_by_everybody(site: Site, painter: Person, width: int, scheme: str) -> None:
    page = open_create(site, painter, width=width, scheme=scheme)
    page.locator("#id_guide_files").set_input_files([picture(1), picture(2)])
    expect(page.locator(".guide")).to_have_count(2)
    page.get_by_text("When and how").last.click()
    page.get_by_label("LoRA 1").fill("ink")
    expect(page.get_by_label("LoRA 2")).to_be_visible()
    hand_over(page, "drop", b"no picture")
    expect(page.locator("#guides .field-error")).to_be_visible()
    assert problems(page) == []


def test_it_works_without_scripts(site: Site, painter: Person) -> None:
    page = site.sign_in(painter, script=False)
    page.get_by_label("Prompt", exact=True).fill("a plain fox")
    page.locator("#fold-more > summary").click()
    page.get_by_label("Model", exact=True).select_option("blank")
    page.get_by_label(re.compile("Work from a picture")).set_input_files(picture(7))
    create = page.get_by_role("button", name=re.compile("Create ·"))
    create.click()
    # The other model has another price, which a page without scripts could not foresee.
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.locator(".guide img")).to_have_count(1)
    create.click()
    expect(page.locator(".job").first).to_contain_text("a plain fox")
    page.get_by_role("button", name="Remove picture 1").click()
    expect(page.locator(".guide")).to_have_count(0)
    expect(page.get_by_label("Prompt", exact=True)).to_have_value("a plain fox")
