"""Guide pictures, LoRAs and emphasis on the Create form, with and without scripts."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.models import User
from gallery import uploading
from gallery.models import Upload
from generator.contract import Control, ControlMode, ImageRequest, Lora
from generator.models import EngineModel, Generation
from tests.factories import keep, make_picture, make_upload, picture_bytes
from tests.generator.web.browsing import HTMX, controls, open_form, press_create

ROW = {"guide-0-use": "start", "guide-0-strength": "0.3"}


def file(data: bytes | None = None, name: str = "a.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, picture_bytes() if data is None else data, "image/png")


def send(page: Client, sent: dict[str, Any], *files: SimpleUploadedFile, **more: Any) -> Any:
    """What choosing these files does with scripts."""
    body = {**sent, **more, "guide-files": list(files)}
    return page.post(reverse("create_guides"), body, headers=HTMX)


def ordered(response: HttpResponse) -> ImageRequest:
    told = re.findall(r"field-error.*?<span>(.*?)<|<p>(.*?)<", response.content.decode(), re.S)
    assert response.status_code == 302, told
    return Generation.objects.get().request


def text_of(response: HttpResponse) -> str:
    return response.content.decode()


def test_a_file_that_comes_with_a_plain_form_is_begun_with(page: Client, alice: User) -> None:
    sent: dict[str, Any] = open_form(page, prompt="a fox")
    request = ordered(page.post(reverse("create"), {**sent, "guide-files": file()}))
    assert request.initial_image == str(Upload.objects.of(alice).get().pk)
    assert request.strength == 0.6


def test_a_plain_form_sent_twice_orders_once(page: Client) -> None:
    sent: dict[str, Any] = open_form(page, prompt="a fox")
    for _ in range(2):
        page.post(reverse("create"), {**sent, "guide-files": file()})
    assert Generation.objects.count() == 1
    assert Upload.objects.count() == 1


def test_a_chosen_file_becomes_a_row_with_its_picture(page: Client) -> None:
    response = send(page, open_form(page, prompt="a fox"), file())
    upload = Upload.objects.get()
    text = text_of(response)
    assert f'name="guide-0-picture" value="{upload.pk}"' in text
    assert reverse("upload_file", args=[upload.pk, "320.webp"]) in text
    assert "<textarea" not in text


def test_several_files_become_several_rows_up_to_five(page: Client) -> None:
    files = [file(picture_bytes(seed=n)) for n in range(6)]
    text = text_of(send(page, open_form(page), *files))
    assert text.count('class="guide card"') == 5
    assert "At most 5 pictures." in text


def test_a_row_can_be_ordered_with_what_it_says(page: Client, alice: User) -> None:
    picture = str(make_upload(alice).pk)
    sent = open_form(page, prompt="a fox") | ROW | {"guide-0-picture": picture}
    request = ordered(press_create(page, sent))
    assert (request.initial_image, request.strength) == (picture, 0.3)


def test_pictures_can_guide_in_several_ways(page: Client, alice: User) -> None:
    begin, edges = (str(make_upload(alice, seed=n).pk) for n in range(2))
    more = {"guide-1-picture": edges, "guide-1-use": "canny", "guide-1-weight": "0.5",
            "guide-1-end": "0.8", "guide-1-mode": "controlnet"}  # fmt: skip
    sent = open_form(page, prompt="a fox") | ROW | {"guide-0-picture": begin} | more
    request = ordered(press_create(page, sent))
    assert request.initial_image == begin
    assert request.controls == (
        Control(preprocessor="canny", guide=edges, weight=0.5, end=0.8,
                mode=ControlMode.CONTROLNET),
    )  # fmt: skip


def test_a_removed_row_goes_and_the_others_stay(page: Client, alice: User) -> None:
    first, second = (str(make_upload(alice, seed=n).pk) for n in range(2))
    rows = {"guide-0-picture": first, "guide-1-picture": second}
    text = text_of(send(page, open_form(page), **rows, **{"remove-guide": "0"}))
    assert first not in text
    assert second in text


def test_without_scripts_removing_gives_the_whole_page_with_everything_typed(
    page: Client, alice: User
) -> None:
    rows = {"guide-0-picture": str(make_upload(alice).pk), "remove-guide": "0"}
    sent = open_form(page, prompt="a fox", steps=33) | rows
    response = page.post(reverse("create_guides"), sent)
    kept = controls(response)
    assert (kept["prompt"], kept["steps"], kept["key"]) == ("a fox", "33", sent["key"])
    assert "guide-0-picture" not in kept
    assert not Generation.objects.exists()


@pytest.mark.parametrize("data", [b"<svg onload=alert(1)>", b"", picture_bytes()[:99]])
def test_what_is_no_picture_is_told_where_it_was_chosen(page: Client, data: bytes) -> None:
    sent: dict[str, Any] = open_form(page, prompt="a fox")
    assert "not a picture that can be read" in text_of(send(page, sent, file(data)))
    response = page.post(reverse("create"), {**sent, "guide-files": file(data)})
    if not data:
        return  # An empty file is what a browser sends for none.
    assert response.status_code == 422
    assert 'id="id_guides_error"' in text_of(response)
    assert controls(response)["prompt"] == "a fox"
    assert not Generation.objects.exists()


def test_a_file_beyond_the_limit_is_told_and_not_kept(
    page: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("gallery.uploading", "gallery.upload_handlers"):
        monkeypatch.setattr(f"{module}.MAX_BYTES", 2**20)
    text = text_of(send(page, open_form(page), file(bytes(3 * 2**20))))
    assert "larger than 1 MB" in text
    assert not Upload.objects.exists()


def test_a_strangers_picture_is_not_shown_and_refused_like_none(page: Client, bob: User) -> None:
    for picture in (make_upload(bob).pk, keep(make_picture(bob)).pk, "x"):
        sent = open_form(page, prompt="a fox") | ROW | {"guide-0-picture": str(picture)}
        response = press_create(page, sent)
        assert response.status_code == 422
        assert "There is no such picture." in text_of(response)
        assert f"{picture}/320.webp" not in text_of(response)
    assert not Generation.objects.exists()


def test_two_pictures_to_begin_with_are_refused(page: Client, alice: User) -> None:
    rows = {f"guide-{n}-picture": str(make_upload(alice, seed=n).pk) for n in range(2)}
    uses = {"guide-0-use": "start", "guide-1-use": "start"}
    response = press_create(page, open_form(page, prompt="a fox") | rows | uses)
    assert "Only one picture" in text_of(response)


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("guide-0-strength", "2", "less than or equal to 1"),
        ("guide-0-strength", "much", "Enter a number."),
        ("guide-0-use", "magic", "Select a valid choice."),
    ],
)
def test_a_wrong_row_is_told_beside_its_field(
    page: Client, alice: User, field: str, value: str, message: str
) -> None:
    row = ROW | {"guide-0-picture": str(make_upload(alice).pk), field: value}
    response = press_create(page, open_form(page, prompt="a fox") | row)
    assert response.status_code == 422
    assert f'id="id_{field}_error"' in text_of(response)
    assert message in text_of(response)


def test_a_picture_or_lora_makes_another_wish(page: Client, alice: User) -> None:
    sent = open_form(page, prompt="a fox")
    press_create(page, sent)
    press_create(page, sent | ROW | {"guide-0-picture": str(make_upload(alice).pk)})
    press_create(page, sent | {"lora-0-model": "ink"})
    assert Generation.objects.count() == 3


def test_loras_and_emphasis_reach_the_order(page: Client) -> None:
    loras = {"lora-0-model": "ink", "lora-0-weight": "0.8", "lora-3-model": "urn:air:x:lora:y:1@2"}
    sent = open_form(page, prompt="a (fox:1.3)", prompt_weighting="on") | loras
    request = ordered(press_create(page, sent))
    assert request.loras == (Lora(model="ink", weight=0.8), Lora(model="urn:air:x:lora:y:1@2"))
    assert request.prompt_weighting is True


def test_a_wrong_weight_is_told_beside_it_and_more_is_open(page: Client) -> None:
    loras = {"lora-0-model": "ink", "lora-0-weight": "9"}
    response = press_create(page, open_form(page, prompt="a fox") | loras)
    assert response.status_code == 422
    assert "loras" in text_of(response)
    assert 'id="fold-more" open' in text_of(response)


def priced(page: Client, **sent: str) -> str:
    return text_of(page.post(reverse("price"), open_form(page) | sent, headers=HTMX))


def test_when_the_rows_for_loras_are_full_there_is_one_more(page: Client) -> None:
    assert 'name="lora-1-model"' not in priced(page)
    assert 'name="lora-1-model"' in priced(page, **{"lora-0-model": "ink"})


def test_what_was_chosen_is_named_while_more_is_closed(page: Client) -> None:
    text = priced(page, **{"lora-0-model": "ink", "prompt_weighting": "on"})
    assert "LoRA ink" in text
    assert "Brackets stress words<" in text


@pytest.fixture
def sketch(blank: EngineModel) -> EngineModel:
    """A model that paints from words alone."""
    return EngineModel.objects.create(slug="sketch", name="Sketch", engine="sketch")


def test_where_no_model_works_from_a_picture_none_is_asked_for(
    page: Client, sketch: EngineModel, blank: EngineModel
) -> None:
    blank.delete()
    text = text_of(page.get(reverse("create")))
    assert "guide-files" not in text
    assert 'name="lora-0-model"' not in text
    assert 'name="clip_skip"' not in text


def test_what_the_chosen_model_cannot_do_is_shown_without_scripts_only(
    page: Client, sketch: EngineModel
) -> None:
    assert 'id="guides" class="field guides no-js"' in text_of(page.get(reverse("create")))
    followed = priced(page, model="blank")
    assert 'id="guides" class="field guides" hx-swap-oob="true"' in followed
    assert 'id="adapters"' in followed


def test_a_model_that_cannot_says_so_keeps_the_picture_and_charges_nothing(
    page: Client, alice: User, sketch: EngineModel
) -> None:
    picture = str(make_upload(alice).pk)
    sent = open_form(page, prompt="a fox", model="sketch") | ROW | {"guide-0-picture": picture}
    response = press_create(page, sent)
    alice.wallet.refresh_from_db()
    assert response.status_code == 422
    assert "Sketch paints from words alone" in text_of(response)
    assert controls(response)["guide-0-picture"] == picture
    assert alice.wallet.balance == 200


def test_looking_takes_nothing_in(page: Client) -> None:
    assert page.get(reverse("create_guides")).status_code == 405


def test_visitors_send_nothing(client: Client, db: None) -> None:
    response = client.post(reverse("create_guides"), {"guide-files": file()})
    assert response.status_code == 302
    assert not Upload.objects.exists()


def test_too_many_unused_pictures_are_refused_in_words(
    page: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploading, "MAX_UNUSED", 0)
    assert "they go within a day" in text_of(send(page, open_form(page), file()))
