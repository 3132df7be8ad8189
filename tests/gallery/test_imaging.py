"""Pixels to bytes and back; what is hostile or broken is refused before it is decoded."""

from __future__ import annotations

import contextlib
import io
import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from gallery import imaging
from gallery.imaging import UnsafePicture, decode
from tests.factories import make_pixels

PAYLOAD = b"<script>alert(1)</script>"


def written(image: Image.Image, kind: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def png_header(width: int, height: int) -> bytes:
    """The beginning of a PNG that claims to be that large."""
    body = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunk = struct.pack(">I", 13) + body + struct.pack(">I", zlib.crc32(body))
    return b"\x89PNG\r\n\x1a\n" + chunk


@given(st.integers(1, 4096))
def test_widths_of_copies(width: int) -> None:
    expected = {w for w in (320, 640, 1280) if w < width} | {min(width, 1280)}
    assert imaging.variant_widths(width) == sorted(expected)


@pytest.mark.parametrize(("width", "height"), [(1400, 700), (512, 512), (300, 900), (8, 2000)])
def test_copies_keep_the_shape(width: int, height: int) -> None:
    copies = list(imaging.encode_variants(make_pixels(width, height), {}))
    assert [copy.width for copy in copies] == imaging.variant_widths(width)[::-1]
    for copy in copies:
        assert Image.open(io.BytesIO(copy.data)).size == (copy.width, copy.height)
        assert copy.height == max(1, round(height * copy.width / width))


def test_a_png_keeps_every_pixel() -> None:
    pixels = Image.effect_noise((64, 48), 80).convert("RGB")
    assert decode(imaging.encode(pixels, "png", {})).tobytes() == pixels.tobytes()


@pytest.mark.parametrize("color", [(255, 0, 0), (16, 200, 90), (0, 0, 0)])
@pytest.mark.parametrize("size", [(8, 8), (1024, 300), (3, 2000)])
def test_the_average_of_one_colour_is_that_colour(
    color: tuple[int, int, int], size: tuple[int, int]
) -> None:
    assert imaging.average_color(Image.new("RGB", size, color)) == bytes(color).hex()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_the_three_types_are_read(kind: str) -> None:
    assert decode(written(make_pixels(), kind)).size == make_pixels().size


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b'<svg xmlns="http://www.w3.org/2000/svg"/>',
        b"<!doctype html>" + PAYLOAD,
        b"GIF89a" + PAYLOAD,
        b"8BPS\x00\x01" + bytes(60),
        b"SIMPLE  =                    T" + bytes(2880),
        written(make_pixels(), "PNG")[:200],
        written(make_pixels(), "GIF"),
        written(make_pixels(), "TIFF"),
        b"\x89PNG\r\n\x1a\n" + PAYLOAD,
        png_header(64, 64),
    ],
)
def test_what_is_no_whole_picture_of_these_types_is_refused(data: bytes) -> None:
    with pytest.raises(UnsafePicture):
        decode(data)


@given(st.binary(max_size=300) | st.binary(max_size=80).map(lambda b: png_header(9, 9) + b))
def test_no_bytes_do_anything_but_read_or_be_refused(data: bytes) -> None:
    with contextlib.suppress(UnsafePicture):
        assert decode(data).mode == "RGB"


@pytest.mark.parametrize("side", [50_000, 6_400, 2**31 - 1])
def test_a_bomb_is_refused_by_its_header(side: int) -> None:
    with pytest.raises(UnsafePicture):
        decode(png_header(side, side))


def test_a_text_bomb_is_refused() -> None:
    chunks = PngImagePlugin.PngInfo()
    for n in range(3):
        chunks.add_text(f"k{n}", "x" * 30_000_000, zip=True)
    with pytest.raises(UnsafePicture):
        decode(written(make_pixels(), "PNG", pnginfo=chunks))


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_an_animation_is_refused(kind: str) -> None:
    frames = [make_pixels(seed=n) for n in range(3)]
    data = written(frames[0], kind, save_all=True, append_images=frames[1:])
    with pytest.raises(UnsafePicture, match="still"):
        decode(data)


def test_too_many_bytes_are_refused_unread() -> None:
    with pytest.raises(UnsafePicture, match="larger"):
        decode(written(make_pixels(), "PNG"), max_bytes=100)


def test_what_a_file_carried_besides_its_pixels_is_gone() -> None:
    chunks = PngImagePlugin.PngInfo()
    chunks.add_text("Comment", PAYLOAD.decode())
    data = written(make_pixels(), "PNG", pnginfo=chunks) + PAYLOAD
    assert PAYLOAD in data
    assert PAYLOAD not in imaging.encode(decode(data), "png", {})


def test_a_photo_that_lies_on_its_side_is_put_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    assert decode(written(make_pixels(96, 64), "JPEG", exif=exif)).size == (64, 96)


def test_sixteen_bits_of_grey_keep_their_tones() -> None:
    buffer = io.BytesIO()
    depth = Image.new("I;16", (3, 1))
    for x, value in enumerate((0, 0x8000, 0xFFFF)):
        depth.putpixel((x, 0), value)
    depth.save(buffer, "PNG")
    pixels = imaging.decode(buffer.getvalue())
    assert [pixels.getpixel((x, 0))[0] for x in range(3)] == [0, 128, 255]


@pytest.mark.parametrize("mode", ["RGBA", "L", "P", "LA", "I;16"])
def test_every_mode_becomes_rgb(mode: str) -> None:
    image = make_pixels().convert("L").convert("I").convert(mode) if ";" in mode else (
        make_pixels().convert(mode)
    )  # fmt: skip
    assert decode(written(image, "PNG")).mode == "RGB"
