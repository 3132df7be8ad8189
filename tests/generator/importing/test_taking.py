"""Pictures from elsewhere in one's gallery: private, unrated, marked, with what their files say."""

from __future__ import annotations

import io
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from accounts.models import User
from gallery import files as stored
from gallery import provenance, sharing
from gallery.models import Asset, Rating, Visibility
from gallery.uploading import StorageFull
from generator.importing.taking import MadeBy, UnknownOrigin, take
from tests.factories import picture_bytes
from tests.generator.api.programs import Program
from tests.generator.importing import files

pytestmark = pytest.mark.django_db


@pytest.fixture
def alices(alice: User) -> Program:
    return Program(alice)


LIGHTHOUSE = files.png(parameters=files.A1111)


def kept_file(asset: Asset) -> provenance.Provenance:
    with stored.open_file(asset.file) as file, Image.open(io.BytesIO(file.read())) as image:
        image.load()
        return provenance.read(image)


def test_a_picture_comes_in_private_and_unrated_with_its_recipe(alice: User) -> None:
    asset = take(alice, LIGHTHOUSE, name="C:\\out\\00042-storm_\u202egnp.png")
    assert (asset.visibility, asset.rating) == (Visibility.PRIVATE, Rating.UNRATED)
    assert (asset.name, asset.owner) == ("00042-storm gnp", alice)
    assert asset.recipe["request"]["seed"] == 2841090223
    assert asset.recipe["engine"] == "AUTOMATIC1111"


def test_what_leaves_again_is_marked_and_has_the_recipe(alice: User) -> None:
    said = kept_file(take(alice, LIGHTHOUSE))
    assert said.digital_source_type == provenance.DigitalSourceType.TRAINED
    assert said.recipe["request"]["steps"] == 28
    assert said.parameters.startswith("masterpiece, a lighthouse")


def test_the_same_file_is_the_same_picture(alice: User, bob: User) -> None:
    first = take(alice, LIGHTHOUSE)
    first.move_to_bin()
    assert take(alice, LIGHTHOUSE) == first
    assert Asset.objects.visible_to(alice).count() == 1
    assert take(bob, LIGHTHOUSE) != first


def test_a_silent_file_needs_a_word_from_its_owner(alice: User) -> None:
    with pytest.raises(UnknownOrigin):
        take(alice, picture_bytes())
    assert not Asset.objects.exists()
    asset = take(alice, picture_bytes(), made_by=MadeBy.CAMERA)
    assert kept_file(asset).digital_source_type == "digitalCapture"


@pytest.mark.parametrize(
    ("made_by", "badge"),
    [
        (MadeBy.CAMERA, "Taken by a camera"),
        (MadeBy.PERSON, "Made by a person"),
        (MadeBy.MODEL, "AI generated"),
    ],
)
def test_what_others_are_shown_calls_it_what_its_owner_did(
    made_by: MadeBy, badge: str, alice: User
) -> None:
    asset = take(alice, picture_bytes(), made_by=made_by)
    page = Client().get(reverse("share_link", args=[sharing.by_link(asset).token]))
    assert f'class="badge">{badge}<' in page.content.decode()


def test_nothing_is_claimed_of_what_came_before_origins_were_kept(alice: User) -> None:
    asset = take(alice, picture_bytes(), made_by=MadeBy.CAMERA)
    Asset.objects.update(recipe={"imported": True})
    page = Client().get(reverse("share_link", args=[sharing.by_link(asset).token]))
    assert 'class="badge"' not in page.content.decode()


def test_who_has_no_room_brings_nothing_in(alice: User) -> None:
    alice.storage_limit = 0
    with pytest.raises(StorageFull):
        take(alice, LIGHTHOUSE)


def test_a_file_cannot_claim_to_be_rated_or_labelled(alice: User) -> None:
    recipe = {"request": {"prompt": "x"}, "engine": "sketch", "label": "Safe", "rating": "safe"}
    extras = {"parameters": "x", "recipe": recipe, "digital_source_type": "algorithmicMedia"}
    buffer = io.BytesIO()
    image = Image.new("RGB", (64, 64))
    image.save(buffer, "PNG", **provenance.original_extras("png", **extras))
    asset = take(alice, buffer.getvalue())
    assert asset.rating == Rating.UNRATED
    assert asset.recipe["engine"] == "Limner"
    assert "label" not in asset.recipe


def test_the_page_brings_in_what_it_can_and_names_the_rest(client: Client, alice: User) -> None:
    client.force_login(alice)
    sent = [
        SimpleUploadedFile("storm.png", LIGHTHOUSE),
        SimpleUploadedFile("bad.png", b"<script>"),
        SimpleUploadedFile("plain.png", picture_bytes()),
    ]
    page = client.post(reverse("import"), {"pictures": sent, "made_by": ""})
    assert page.status_code == 422
    assert "bad.png: This is not a picture" in page.content.decode()
    assert "plain.png: The file does not say" in page.content.decode()
    assert Asset.objects.get().name == "storm"


def test_one_picture_leads_to_its_page_and_can_be_remixed(client: Client, alice: User) -> None:
    client.force_login(alice)
    sent = SimpleUploadedFile("fox.png", files.png(invokeai_metadata=json.dumps(files.INVOKEAI)))
    answer = client.post(reverse("import"), {"pictures": sent})
    asset = Asset.objects.get()
    assert answer.headers["Location"] == asset.get_absolute_url()
    form = client.get(f"{reverse('create')}?repeat={asset.pk}").content.decode()
    assert "a fox in the snow" in form
    assert "The model “Juggernaut XL” is not offered here" in form


def test_no_more_than_ten_at_once(client: Client, alice: User) -> None:
    client.force_login(alice)
    sent = [SimpleUploadedFile(f"{n}.png", LIGHTHOUSE) for n in range(11)]
    assert client.post(reverse("import"), {"pictures": sent}).status_code == 422
    assert not Asset.objects.exists()


def test_a_program_brings_a_picture_in(alices: Program) -> None:
    answer = alices.client.generic("POST", "/v1/imports?name=storm.png", LIGHTHOUSE, "image/png")
    assert answer.status_code == 201
    assert answer.json()["name"] == "storm"
    assert answer.json()["recipe"]["request"]["model"] == "dreamer_v8"


def test_a_program_is_asked_who_made_it(alices: Program) -> None:
    send = alices.client.generic
    answer = send("POST", "/v1/imports", picture_bytes(), "image/png")
    assert (answer.status_code, list(answer.json()["errors"])) == (422, ["madeBy"])
    answer = send("POST", "/v1/imports?madeBy=digitalCreation", picture_bytes(), "image/png")
    assert answer.status_code == 201


def test_the_gallery_leads_there(client: Client, alice: User) -> None:
    client.force_login(alice)
    assert reverse("import") in client.get(reverse("gallery")).content.decode()
