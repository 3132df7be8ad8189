"""Pixels to bytes and back. Pure Pillow: knows neither Django nor storage."""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from PIL import Image, ImageOps

#: Widths that pages ask for; a picture gets those below its own width.
VARIANT_WIDTHS = (320, 640, 1280)
#: How a finished picture is written. PNG: run-length matching takes a quarter of the default's
#: time (1024 px: 52 ms, not 220); noisy pictures come out as small, flat ones a third larger.
ENCODINGS: Mapping[str, Mapping[str, Any]] = {
    "png": {"format": "PNG", "compress_type": 3},
    "webp": {"format": "WEBP", "quality": 92, "method": 2},
    "jpeg": {"format": "JPEG", "quality": 92, "subsampling": 0},
}
#: Method 2 takes half the time of the default for 5 % more bytes.
VARIANT_ENCODING: Mapping[str, Any] = {"format": "WEBP", "quality": 78, "method": 2}
MEDIA_TYPES = {"png": "image/png", "webp": "image/webp", "jpeg": "image/jpeg"}
#: What `decode` accepts: 40 MiB in, 40 megapixels out.
MAX_BYTES = 40 * 1024 * 1024
MAX_PIXELS = 40_000_000


class UnsafePicture(ValueError):
    """Bytes that are no PNG, JPEG or WebP still picture within the limits; says which."""


class TooLarge(UnsafePicture):
    """More bytes than allowed."""


class NoPicture(UnsafePicture):
    """Of another type, or broken."""


@dataclass(frozen=True)
class Encoded:
    """A written picture: its bytes and pixels."""

    data: bytes
    width: int
    height: int


def encode(pixels: Image.Image, output_format: str, extras: Mapping[str, Any]) -> bytes:
    """Write `pixels` as png, webp or jpeg; `extras` are the marks of `gallery.provenance`."""
    buffer = io.BytesIO()
    pixels.save(buffer, **ENCODINGS[output_format], **extras)
    return buffer.getvalue()


def variant_widths(width: int) -> list[int]:
    """The widths of a picture's WebP copies, ascending; the last is the picture's, up to 1280."""
    smaller = {size for size in VARIANT_WIDTHS if size < width}
    return sorted(smaller | {min(width, VARIANT_WIDTHS[-1])})


def encode_variants(pixels: Image.Image, extras: Mapping[str, Any]) -> Iterator[Encoded]:
    """WebP copies, widest first. Each is scaled from the one before, which costs less."""
    current = pixels
    for width in reversed(variant_widths(pixels.width)):
        height = max(1, round(pixels.height * width / pixels.width))
        if current.size != (width, height):
            current = current.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=2.0)
        buffer = io.BytesIO()
        current.save(buffer, **VARIANT_ENCODING, **extras)
        yield Encoded(buffer.getvalue(), width, height)


def average_color(pixels: Image.Image) -> str:
    """The mean colour as "rrggbb"."""
    small = pixels.reduce(max(1, min(pixels.size) // 16))
    red, green, blue = small.convert("RGB").resize((1, 1), Image.Resampling.BOX).tobytes()
    return f"{red:02x}{green:02x}{blue:02x}"


def decode(data: bytes, *, max_bytes: int = MAX_BYTES, max_pixels: int = MAX_PIXELS) -> Image.Image:
    """The RGB pixels of a PNG, JPEG or WebP: upright, on white, without what else it carried.

    Raises `UnsafePicture` for every other type, for animations, for broken files and
    for more bytes or pixels than allowed. The pixel count is read before decoding.
    """
    return _read(data, max_bytes, max_pixels, _opaque)


def decode_holes(
    data: bytes, *, max_bytes: int = MAX_BYTES, max_pixels: int = MAX_PIXELS
) -> Image.Image:
    """White where a picture is wholly transparent, black elsewhere; RGB, upright.

    Raises `UnsafePicture` as `decode` does, and for a picture without transparency.
    """
    return _read(data, max_bytes, max_pixels, _holes)


def _read(
    data: bytes, max_bytes: int, max_pixels: int, finish: Callable[[Image.Image], Image.Image]
) -> Image.Image:
    if len(data) > max_bytes:
        raise TooLarge(f"The picture is larger than {max_bytes // 2**20} MB.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            return _decode(data, max_pixels, finish)
    except UnsafePicture:
        raise
    except Image.DecompressionBombError as error:
        raise _too_many_pixels(max_pixels) from error
    except (OSError, ValueError, SyntaxError, EOFError) as error:
        raise NoPicture(
            "This is not a picture that can be read: send PNG, JPEG or WebP."
        ) from error


def _decode(
    data: bytes, max_pixels: int, finish: Callable[[Image.Image], Image.Image]
) -> Image.Image:
    with Image.open(io.BytesIO(data), formats=["PNG", "JPEG", "WEBP"]) as image:
        if image.width * image.height > max_pixels:
            raise _too_many_pixels(max_pixels)
        if getattr(image, "n_frames", 1) > 1:
            raise UnsafePicture("Animations cannot be used: send a still picture.")
        image.load()
        return finish(ImageOps.exif_transpose(image))


def _too_many_pixels(most: int) -> UnsafePicture:
    return UnsafePicture(f"The picture has more than {most // 10**6} megapixels.")


def _holes(image: Image.Image) -> Image.Image:
    if not image.has_transparency_data:
        raise UnsafePicture("The mask has no transparency: what is to change must be transparent.")
    alpha = image.convert("RGBA").getchannel("A")
    return alpha.point(lambda value: 255 if value == 0 else 0).convert("RGB")


def _opaque(image: Image.Image) -> Image.Image:
    """RGB; what was transparent is white, as a page would show it."""
    if image.mode.startswith("I"):
        # 16 bits of grey, as depth maps have: Pillow would cut them off at 255, which is white.
        return image.convert("I").point(lambda value: value * (1 / 256)).convert("RGB")
    if not image.has_transparency_data:
        return image.convert("RGB")
    flat = Image.new("RGBA", image.size, "white")
    flat.alpha_composite(image.convert("RGBA"))
    return flat.convert("RGB")
