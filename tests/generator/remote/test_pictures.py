"""What a finished picture may be: whole, RGB, of the right size, with nothing hidden in it."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from generator.engines.remote import pictures
from generator.engines.remote.faults import Fault, Refused, Unavailable
from tests.generator.remote.provider import b64, png

SIZE = (64, 48)


def read(data: bytes, wanted=SIZE, asked=SIZE) -> Image.Image:
    return pictures.read("They", data, wanted, asked)[0]


def saved(image: Image.Image, kind: str, **options) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_three_kinds_are_taken_and_become_rgb(kind):
    assert (read(png(*SIZE, kind=kind)).mode, read(png(*SIZE, kind=kind)).size) == ("RGB", SIZE)


@pytest.mark.parametrize("mode", ["L", "P", "1", "CMYK", "RGBA", "LA", "I;16"])
def test_other_modes_become_rgb(mode):
    kind = "JPEG" if mode == "CMYK" else "PNG"
    assert read(saved(Image.new(mode, SIZE), kind)).mode == "RGB"


def test_what_is_clear_becomes_white():
    assert read(saved(Image.new("RGBA", SIZE, (0, 0, 0, 0)), "PNG")).getpixel((0, 0)) == (255,) * 3


def test_notes_inside_the_file_do_not_come_along():
    notes = PngInfo()
    notes.add_text("parameters", "somebody's prompt")
    assert read(saved(Image.new("RGB", SIZE), "PNG", pnginfo=notes)).info == {}


@pytest.mark.parametrize("kept", [0.1, 0.5, 0.9])
@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_truncated_file_is_broken(kind, kept):
    noise = Image.effect_noise(SIZE, 90).convert("RGB")
    whole = saved(noise, kind)
    with pytest.raises(Unavailable, match="broken picture"):
        read(whole[: int(len(whole) * kept)])


@pytest.mark.parametrize("kind", ["GIF", "BMP", "TIFF", "ICO", "PPM"])
def test_other_kinds_are_broken_pictures(kind):
    with pytest.raises(Unavailable, match="broken picture"):
        read(png(*SIZE, kind=kind))


def test_a_bomb_is_refused_by_its_header_alone():
    header = struct.pack(">IIBBBBB", 50_000, 50_000, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + header
    data = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + chunk
    data += struct.pack(">I", zlib.crc32(chunk)) + struct.pack(">I", 0) + b"IDAT"
    with pytest.raises(Fault) as caught:
        read(data)
    assert caught.value.over


def test_a_picture_of_the_size_asked_for_is_cropped_evenly_to_the_one_wanted():
    square = Image.new("RGB", (100, 100), "red")
    square.paste("blue", (0, 20, 100, 80))
    found = read(saved(square, "PNG"), wanted=(100, 50), asked=(100, 100))
    assert found.size == (100, 50)
    assert found.getpixel((0, 0)) == found.getpixel((99, 49)) == (0, 0, 255)


def test_any_other_size_is_refused():
    with pytest.raises(Refused, match="32×32 instead of 64×48"):
        read(png(32, 32))


@pytest.mark.parametrize("text", ["{}", "data:image/png;base64,{}", "DATA:image/webp;BASE64,{}"])
def test_base64_is_read_bare_and_as_a_data_url_across_lines(text):
    data = png()
    lines = "\r\n".join(b64(data)[n : n + 76] for n in range(0, len(b64(data)), 76))
    assert pictures.decode("They", text.format(lines), 2**20) == data


def test_base64_that_is_too_long_is_refused_before_it_is_decoded():
    with pytest.raises(Refused, match="more than 1 MiB"):
        pictures.decode("They", "A" * (2 * 2**20), 2**20)


def test_a_preview_that_is_no_picture_is_none():
    assert pictures.read_preview("%%%", 2**20) is None
    small = pictures.read_preview(b64(png(600, 300)), 2**20)
    assert small is not None
    assert small.size == (256, 128)
