"""How the pickers of the Create page look: little shapes and pictures beside the names."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from django.contrib.staticfiles import finders

from generator.catalog import RATIOS, STYLES

#: Side of the square that a shape's drawing fits in, and its longest edge, in pixels.
GLYPH, LONGEST = 24, 20


@dataclass(frozen=True)
class Shape:
    """A ratio and the rectangle that draws it, in a square of `GLYPH` pixels."""

    slug: str
    label: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Look:
    """A style and its sample; `picture` is a static file, "" when there is none."""

    slug: str
    name: str
    picture: str


@cache
def shapes() -> list[Shape]:
    return [_shape(ratio.slug, ratio.label, ratio.width, ratio.height) for ratio in RATIOS]


@cache
def looks() -> list[Look]:
    return [Look(style.slug, style.name, static_picture("styles", style.slug)) for style in STYLES]


def static_picture(folder: str, name: str) -> str:
    """The static file of a sample picture, "" when it was not painted yet."""
    path = f"img/{folder}/{name}.webp"
    return path if finders.find(path) else ""


def _shape(slug: str, label: str, width: int, height: int) -> Shape:
    scale = LONGEST / max(width, height)
    w, h = round(width * scale, 1), round(height * scale, 1)
    return Shape(slug, label, round((GLYPH - w) / 2, 1), round((GLYPH - h) / 2, 1), w, h)
