"""Content credentials: the operator's signature in originals, where one is set up."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import c2pa
import pytest
from django.core import checks
from pytest_django import Settings

from accounts.models import User
from gallery import files, imaging, provenance, signing
from gallery.provenance import DigitalSourceType
from tests.factories import keep, make_picture, make_pixels
from tests.gallery import certificates

KINDS = ("png", "webp", "jpeg")


@pytest.fixture
def signed_here(settings: Settings, tmp_path: Path) -> None:
    settings.C2PA_CERTIFICATE, settings.C2PA_PRIVATE_KEY = certificates.make(tmp_path)


def read(data: bytes, kind: str) -> dict[str, Any]:
    reader = c2pa.Reader(imaging.MEDIA_TYPES[kind], io.BytesIO(data))
    found: dict[str, Any] = json.loads(reader.json())
    return found


def picture(kind: str) -> bytes:
    extras = provenance.original_extras(
        kind,
        parameters="a fox",
        recipe={"request": {"prompt": "a fox"}},
        digital_source_type=DigitalSourceType.TRAINED,
    )
    return imaging.encode(make_pixels(), kind, extras)


@pytest.mark.usefixtures("signed_here")
@pytest.mark.parametrize("kind", KINDS)
def test_a_signature_says_how_the_picture_was_created(kind: str) -> None:
    data = signing.sign(picture(kind), imaging.MEDIA_TYPES[kind], DigitalSourceType.TRAINED)
    found = read(data, kind)
    (action,) = found["manifests"][found["active_manifest"]]["assertions"][0]["data"]["actions"]
    assert found["validation_state"] == "Valid"
    assert action["action"] == "c2pa.created"
    assert action["digitalSourceType"].endswith("/trainedAlgorithmicMedia")
    assert "fox" not in json.dumps(found)


@pytest.mark.usefixtures("signed_here")
@pytest.mark.parametrize("kind", KINDS)
def test_recipe_and_mark_survive_it(kind: str) -> None:
    data = signing.sign(picture(kind), imaging.MEDIA_TYPES[kind], DigitalSourceType.TRAINED)
    assert provenance.mark_of(data) == DigitalSourceType.TRAINED
    assert provenance.read_bytes(data).recipe["request"]["prompt"] == "a fox"


@pytest.mark.usefixtures("signed_here")
def test_a_changed_byte_breaks_it() -> None:
    data = bytearray(signing.sign(picture("jpeg"), "image/jpeg", DigitalSourceType.TRAINED))
    data[-20] ^= 1  # among the pixels, at the file's end
    assert read(bytes(data), "jpeg")["validation_state"] == "Invalid"


@pytest.mark.usefixtures("signed_here")
def test_a_kept_picture_is_signed(alice: User) -> None:
    asset = keep(make_picture(alice))
    with files.open_file(asset.file) as file:
        data = file.read()
    assert read(data, "png")["validation_state"] == "Valid"
    assert asset.size == len(data)


def test_without_a_certificate_nothing_changes() -> None:
    data = picture("png")
    assert signing.sign(data, "image/png", DigitalSourceType.TRAINED) == data
    assert signing.check_configuration() == []


def test_a_picture_is_kept_when_it_cannot_be_signed(
    settings: Settings, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    chain, key = certificates.make(tmp_path)
    key.write_text("no key")
    settings.C2PA_CERTIFICATE, settings.C2PA_PRIVATE_KEY = chain, key
    assert signing.sign(b"bytes", "image/png", DigitalSourceType.TRAINED) == b"bytes"
    assert "without its signature" in caplog.text
    (error,) = signing.check_configuration()
    assert isinstance(error, checks.Error)


def test_a_certificate_needs_its_key(settings: Settings, tmp_path: Path) -> None:
    settings.C2PA_CERTIFICATE, _key = certificates.make(tmp_path)
    (error,) = signing.check_configuration()
    assert "or neither" in error.msg
