"""What comes back, before it counts as a picture: whole, of a kind we keep, of the right size."""

from __future__ import annotations

import base64
import binascii
import io
import struct

from PIL import Image

from generator.engines.remote.faults import Refused, Unavailable

FORMATS = ("PNG", "JPEG", "WEBP")
MOST_PIXELS = 4096 * 4096
PREVIEW_SIDE = 256
_BROKEN = (OSError, ValueError, SyntaxError, EOFError, struct.error, Image.DecompressionBombError)


def decode(title: str, text: str, most: int) -> bytes:
    """The bytes of base64 or of a data: URL, at most `most` of them."""
    if text[:5].lower() == "data:":
        head, comma, text = text.partition(",")
        if not comma or not head.lower().endswith(";base64"):
            raise Unavailable(f"{title} sent something that is not a picture.", over=True)
    if len(text) > most * 4 // 3 + 1024:
        raise Refused(f"{title} sent a picture of more than {most // 1024**2} MiB.", over=True)
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        raise Unavailable(f"{title} sent something that is not a picture.", over=True) from None


def read(
    title: str, data: bytes, wanted: tuple[int, int], asked: tuple[int, int]
) -> tuple[Image.Image, tuple[int, int]]:
    """`data` as RGB pixels of the size `wanted`, and the size it came in.

    The provider was `asked` for the nearest size that it can do: such a picture is cropped
    evenly and scaled. Any other size is a fault.
    """
    if not data:
        raise Unavailable(f"{title} sent an empty picture.", over=True)
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as image:
            came = image.size
            _check_size(title, came, wanted, asked)
            pixels = _rgb(image)
    except _BROKEN:
        raise Unavailable(f"{title} sent a broken picture.", over=True) from None
    return _fit(pixels, wanted), came


def read_preview(text: str, most: int) -> Image.Image | None:
    """A small picture of what is in the making; None when it is not one."""
    try:
        data = decode("", text, most)
        with Image.open(io.BytesIO(data), formats=FORMATS) as image:
            if image.width * image.height > MOST_PIXELS:
                return None
            pixels = _rgb(image)
    except (*_BROKEN, Refused, Unavailable):
        return None
    pixels.thumbnail((PREVIEW_SIDE, PREVIEW_SIDE))
    return pixels


def _check_size(
    title: str, came: tuple[int, int], wanted: tuple[int, int], asked: tuple[int, int]
) -> None:
    if came[0] * came[1] > MOST_PIXELS:
        raise Refused(f"{title} sent a picture of {came[0]}×{came[1]} pixels.", over=True)
    if came not in (wanted, asked):
        told = f"{came[0]}×{came[1]} instead of {asked[0]}×{asked[1]}"
        raise Refused(f"{title} sent a picture of the wrong size, {told}.", over=True)


def _rgb(image: Image.Image) -> Image.Image:
    """The pixels alone, without whatever else the file carries; what is clear becomes white."""
    image.load()
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        clear = image.convert("RGBA")
        white = Image.new("RGBA", clear.size, "white")
        return Image.alpha_composite(white, clear).convert("RGB")
    pixels = image.convert("RGB")
    pixels.info = {}
    return pixels


def _fit(pixels: Image.Image, wanted: tuple[int, int]) -> Image.Image:
    if pixels.size == wanted:
        return pixels
    scale = max(wanted[0] / pixels.width, wanted[1] / pixels.height)
    width, height = wanted[0] / scale, wanted[1] / scale
    left, top = (pixels.width - width) / 2, (pixels.height - height) / 2
    box = (left, top, left + width, top + height)
    return pixels.resize(wanted, Image.Resampling.LANCZOS, box=box)
