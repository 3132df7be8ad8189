"""An original without its recipe: the same pixels, the mark, and no word more."""

from __future__ import annotations

import io
from typing import Literal

import pytest
from PIL import Image

from accounts.models import User
from gallery import files, provenance
from gallery.stripping import NotOurs, without_recipe
from tests.factories import keep, make_picture

FORMATS = ("png", "webp", "jpeg")


def original(owner: User, kind: Literal["png", "webp", "jpeg"]) -> tuple[bytes, str]:
    picture = make_picture(owner, prompt="the secret prompt", output_format=kind)
    asset = keep(picture)
    with files.open_file(asset.file) as file:
        return file.read(), asset.media_type


@pytest.mark.django_db
@pytest.mark.parametrize("kind", FORMATS)
def test_the_prompt_is_gone_and_the_pixels_are_the_same(
    alice: User, kind: Literal["png", "webp", "jpeg"]
) -> None:
    data, media_type = original(alice, kind)
    stripped = without_recipe(data, media_type)
    for words in ("secret", "parameters", "Steps: 12"):
        for encoding in ("utf-8", "utf-16-be"):
            assert words.encode(encoding) not in stripped
    with Image.open(io.BytesIO(data)) as before, Image.open(io.BytesIO(stripped)) as after:
        assert before.tobytes() == after.tobytes()


@pytest.mark.django_db
@pytest.mark.parametrize("kind", FORMATS)
def test_the_mark_stays(alice: User, kind: Literal["png", "webp", "jpeg"]) -> None:
    stripped = without_recipe(*original(alice, kind))
    with Image.open(io.BytesIO(stripped)) as image:
        image.load()
        told = provenance.read(image)
    assert told == provenance.Provenance(digital_source_type="algorithmicMedia")


@pytest.mark.parametrize("media_type", ["image/png", "image/webp", "image/jpeg", "image/gif"])
def test_what_is_laid_out_otherwise_does_not_leave(media_type: str) -> None:
    buffer = io.BytesIO()
    Image.new("RGB", (4, 4)).save(buffer, "PNG" if media_type != "image/png" else "JPEG")
    with pytest.raises(NotOurs):
        without_recipe(buffer.getvalue(), media_type)
