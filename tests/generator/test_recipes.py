"""What a kept picture says of the pictures, LoRAs and controls that it was made with."""

from __future__ import annotations

import pytest
from django.test import Client
from PIL import Image

from accounts.models import User
from gallery import files, provenance
from gallery.models import Asset
from generator.contract import Control, ControlMode, ImageRequest, Lora
from generator.models import EngineModel
from tests.factories import make_upload
from tests.generator.orders import run_all, submit

pytestmark = pytest.mark.django_db


@pytest.fixture
def made(alice: User) -> Asset:
    """A public picture made from an upload of Alice's with everything there is."""
    guide = str(make_upload(alice).pk)
    control = Control(preprocessor="canny", guide=guide, weight=0.5, end=0.8,
                      mode=ControlMode.PROMPT)  # fmt: skip
    loras = (Lora(model="ink", weight=0.8),)
    submit(alice, "a fox", loras=loras, controls=(control,), initial_image=guide, strength=0.4)
    run_all()
    asset = Asset.objects.get()
    Asset.objects.update(visibility="public", machine_rating="safe", machine_source="engine")
    return asset


def told(asset: Asset) -> provenance.Provenance:
    with files.open_file(asset.file) as file:
        return provenance.read(Image.open(file))


def test_the_text_for_other_tools_names_them_as_a1111_does(made: Asset) -> None:
    text = told(made).parameters
    assert text.startswith("a fox <lora:ink:0.8>\n")
    assert "Denoising strength: 0.4" in text
    assert 'ControlNet 0: "Module: canny, Weight: 0.5, Guidance Start: 0, ' in text
    assert "Guidance End: 0.8, Control Mode: My prompt is more important" in text


def test_the_recipe_inside_the_file_is_enough_to_ask_again(made: Asset, alice: User) -> None:
    request = ImageRequest.from_json(told(made).recipe["request"])
    assert request.loras == (Lora(model="ink", weight=0.8),)
    assert request.initial_image == request.controls[0].guide == str(alice.uploads.get().pk)


def test_the_file_says_that_another_picture_is_in_it(made: Asset) -> None:
    assert told(made).digital_source_type == provenance.DigitalSourceType.COMPOSITE


def test_its_owner_sees_on_its_page_what_it_was_made_from(
    client: Client, made: Asset, alice: User
) -> None:
    client.force_login(alice)
    page = client.get(made.get_absolute_url()).content.decode()
    upload = alice.uploads.get()
    assert page.count(f'src="/uploads/{upload.pk}/320.webp"') == 1
    assert "model ink, weight 0.8" in page
    assert "preprocessor canny" in page
    assert f"guide {upload.pk}" not in page


def test_others_read_that_there_was_a_picture_and_see_none_of_it(
    client: Client, made: Asset, bob: User
) -> None:
    client.force_login(bob)
    page = client.get(made.get_absolute_url()).content.decode()
    assert "1 picture that is gone or not shared with you" in page
    assert "/uploads/" not in page


def test_a_remix_by_another_names_the_picture_that_stays_behind(
    client: Client, made: Asset, bob: User
) -> None:
    client.force_login(bob)
    page = client.get(f"/create/?remix={made.pk}").content.decode()
    assert "not yours to use: guide image." in page
    assert "not yours to use: ControlNet canny." in page
    assert 'value="ink"' in page


def test_a_remix_of_ones_own_brings_everything_along(
    client: Client, made: Asset, alice: User
) -> None:
    client.force_login(alice)
    page = client.get(f"/create/?remix={made.pk}").content.decode()
    upload = str(alice.uploads.get().pk)
    assert page.count(f'value="{upload}"') == 2
    assert 'value="0.4"' in page
    assert 'value="ink"' in page
    assert "Left out" not in page


def test_a_picture_can_be_the_beginning_of_another(client: Client, made: Asset, bob: User) -> None:
    client.force_login(bob)
    page = client.get(f"/create/?guide={made.pk}").content.decode()
    assert f'name="guide-0-picture" value="{made.pk}"' in page
    assert "a fox</textarea>" in page


def test_only_who_has_a_model_for_it_is_offered_to_begin_with_a_picture(
    client: Client, made: Asset, bob: User
) -> None:
    link = f"/create/?guide={made.pk}"
    client.force_login(bob)
    assert link in client.get(made.get_absolute_url()).content.decode()
    EngineModel.objects.update(engine="sketch")
    assert link not in client.get(made.get_absolute_url()).content.decode()
