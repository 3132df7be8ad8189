"""Sizes in pixels, under the ids and names of the services that list them.

Sources: PicFinder, Text to image, "Image sizes" (there is no 10, 12..15, 18 or
19); Stubber, Generate Image, "size"; OpenAI, Images, "size" of dall-e-2,
dall-e-3 and gpt-image-1. AIThriving and ModelsLab take any size within limits.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import log

from generator.catalog.limits import AITHRIVING_SIDE, MODELSLAB_SIDE, Whole, unquoted
from generator.catalog.lookup import find
from generator.contract import InvalidRequest


@dataclass(frozen=True)
class Size:
    """Width and height in pixels."""

    width: int
    height: int

    @property
    def name(self) -> str:
        """Stubber's and OpenAI's spelling: "1792x1024"."""
        return f"{self.width}x{self.height}"


PICFINDER = {
    1: Size(512, 512),
    2: Size(512, 768),
    3: Size(512, 1024),
    4: Size(768, 512),
    5: Size(1024, 512),
    6: Size(704, 512),
    7: Size(896, 512),
    8: Size(512, 896),
    9: Size(512, 704),
    11: Size(1024, 1024),
    16: Size(1344, 768),
    17: Size(768, 1344),
    20: Size(640, 960),
    21: Size(960, 640),
}
#: The ids PicFinder labels as those SDXL paints best.
PICFINDER_FOR_SDXL = frozenset({11, 16, 17, 20, 21})

SQUARE = Size(1024, 1024)
STUBBER_DEFAULT = SQUARE
STUBBER = {size.name: size for size in (SQUARE, Size(1024, 1792), Size(1792, 1024))}

_DALL_E_2 = (Size(256, 256), Size(512, 512), SQUARE)
_DALL_E_3 = (SQUARE, Size(1792, 1024), Size(1024, 1792))
_GPT_IMAGE = (SQUARE, Size(1536, 1024), Size(1024, 1536))
OPENAI = {size.name: size for size in (*_DALL_E_2, *_DALL_E_3, *_GPT_IMAGE)}
OPENAI_BY_MODEL = {"dall-e-2": _DALL_E_2, "dall-e-3": _DALL_E_3, "gpt-image-1": _GPT_IMAGE}


def by_picfinder_id(number: object) -> Size:
    """PicFinder's `sizeId`; raises `InvalidRequest` on it."""
    return find(PICFINDER, number, field="sizeId")


def by_stubber_name(name: object) -> Size:
    """Stubber's `size`, one of three; raises `InvalidRequest` on it."""
    return find(STUBBER, name, field="size")


def by_openai_name(name: object) -> Size:
    """OpenAI's `size`; null and "auto" leave it to us. Raises `InvalidRequest` on it."""
    return SQUARE if name in (None, "auto") else find(OPENAI, name, field="size")


def nearest(sizes: Iterable[Size], width: int, height: int) -> Size:
    """Of `sizes`, the one whose shape is most like `width` x `height`, then whose area is."""

    def unlike(size: Size) -> tuple[float, int]:
        shape = log(size.width * height / (size.height * width))
        return round(abs(shape), 3), abs(size.width * size.height - width * height)

    return min(sizes, key=unlike)


def for_aithriving(width: object, height: object) -> Size:
    """AIThriving's `width` and `height`; raises `InvalidRequest` on each that is wrong."""
    return _within(AITHRIVING_SIDE, width, height)


def for_modelslab(width: object, height: object) -> Size:
    """ModelsLab's, numbers or text; raises `InvalidRequest` on each that is wrong."""
    return _within(MODELSLAB_SIDE, unquoted(width), unquoted(height))


def nearest_for_picfinder(width: int, height: int) -> int:
    """The `sizeId` of what PicFinder paints that is nearest to a size of ours."""
    numbers = {size: number for number, size in PICFINDER.items()}
    return numbers[nearest(numbers, width, height)]


def nearest_for_aithriving(width: int, height: int) -> Size:
    """What AIThriving paints, nearest to a size of ours, each side for itself."""
    return Size(AITHRIVING_SIDE.nearest(width), AITHRIVING_SIDE.nearest(height))


def nearest_for_modelslab(width: int, height: int) -> Size:
    """What ModelsLab paints: the same shape, smaller where one side is too long."""
    scale = min(1.0, MODELSLAB_SIDE.high / max(width, height))
    return Size(MODELSLAB_SIDE.nearest(width * scale), MODELSLAB_SIDE.nearest(height * scale))


def _within(limit: Whole, width: object, height: object) -> Size:
    errors: dict[str, list[str]] = {}
    sides = []
    for field, value in (("width", width), ("height", height)):
        try:
            sides.append(limit.check(value, field=field))
        except InvalidRequest as refusal:
            errors.update(refusal.errors)
    if errors:
        raise InvalidRequest(errors)
    return Size(*sides)
