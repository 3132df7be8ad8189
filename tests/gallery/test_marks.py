"""Every way in which a picture leaves the gallery: exiftool reads its digital source type."""

from __future__ import annotations

import io
import zipfile
from typing import Any, Literal

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from gallery import sharing
from gallery.models import Asset, Share
from tests import exif
from tests.factories import keep, make_collection, make_picture

pytestmark = pytest.mark.django_db

Kind = Literal["png", "webp", "jpeg"]
KINDS: tuple[Kind, ...] = ("png", "webp", "jpeg")
MADE, SHEET = "algorithmicMedia", "composite"


def body(answer: Any) -> bytes:
    assert answer.status_code == 200
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def at_home(client: Client, asset: Asset) -> dict[str, bytes]:
    """What opens by the id of the picture."""
    names = ["original", *(f"{each.width}.webp" for each in asset.variants.all())]
    addresses = {name: reverse("asset_file", args=[asset.pk, name]) for name in names}
    addresses["download"] = reverse("asset_download", args=[asset.pk])
    addresses["link preview"] = reverse("asset_preview", args=[asset.pk])
    return {name: body(client.get(address)) for name, address in addresses.items()}


def by_link(link: Share) -> dict[str, bytes]:
    """What a visitor gets who has the link."""
    names = ["original", *(f"{each.width}.webp" for each in link.asset.variants.all())]
    addresses = {name: reverse("share_link_file", args=[link.token, name]) for name in names}
    addresses["download"] = reverse("share_link_download", args=[link.token])
    told = "with" if link.shows_prompt else "without"
    return {f"{name}, {told}": body(Client().get(url)) for name, url in addresses.items()}


def zipped(answer: Any) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(body(answer))) as archive:
        names = [name for name in archive.namelist() if not name.endswith(".json")]
        return {f"zip: {name}": archive.read(name) for name in names}


@pytest.mark.parametrize("kind", KINDS)
def test_one_picture_by_every_way(kind: Kind, client: Client, alice: User) -> None:
    asset = keep(make_picture(alice, output_format=kind), public=True)
    client.force_login(alice)
    found = at_home(client, asset)
    for shows_prompt in (True, False):
        found |= by_link(sharing.by_link(asset, shows_prompt=shows_prompt))
    found |= zipped(client.get("/gallery/zip/"))
    assert len(found) >= 11
    assert exif.marks(found) == dict.fromkeys(found, MADE)


def test_many_in_one_file(client: Client, alice: User) -> None:
    collection = make_collection(alice, *(keep(make_picture(alice)) for _number in range(2)))
    client.force_login(alice)
    sheet = f"/collections/{collection.pk}/sheet/"
    sheets = {kind: body(client.get(sheet, {"format": kind})) for kind in ("png", "pdf")}
    assert exif.marks(sheets) == dict.fromkeys(sheets, SHEET)
    members = zipped(client.get(f"/collections/{collection.pk}/zip/"))
    assert exif.marks(members) == dict.fromkeys(members, MADE)
    assert len(members) == 2


def test_what_a_link_without_the_prompt_gives_says_nothing_else(alice: User) -> None:
    asset = keep(make_picture(alice, prompt="the secret prompt"))
    found = by_link(sharing.by_link(asset, shows_prompt=False))
    assert "the secret prompt" not in str(exif.tags(found))
    assert all(b"secret" not in data for data in found.values())
