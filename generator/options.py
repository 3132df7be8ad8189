"""The pickers of the Create page: shapes and pictures beside the names, and models' defaults."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from django.contrib.staticfiles import finders
from django.http import QueryDict

from generator.catalog import RATIOS, STYLES
from generator.models import EngineModel

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


def follow_model(data: QueryDict, models: Mapping[str, EngineModel]) -> QueryDict | None:
    """`data` with the defaults of the model that was just chosen; None when none was.

    `shown_model` is the model whose defaults the page shows. What somebody typed stays, whoever
    paints; what was only the former model's default becomes the new one's.
    """
    before, now = models.get(data.get("shown_model", "")), models.get(data.get("model", ""))
    if before is None or now is None or before == now:
        return None
    moved = data.copy()
    moved["shown_model"] = now.slug
    for name, value in now.defaults.items():
        if _is(data.get(name, ""), before.defaults[name]):
            moved[name] = str(value)
    return moved


def _is(text: str, default: object) -> bool:
    """Whether a field that holds `text` holds `default`, or nothing; 7 and 7.0 are the same."""
    try:
        return text in ("", str(default)) or float(text) == default
    except ValueError:
        return False


def _shape(slug: str, label: str, width: int, height: int) -> Shape:
    scale = LONGEST / max(width, height)
    w, h = round(width * scale, 1), round(height * scale, 1)
    return Shape(slug, label, round((GLYPH - w) / 2, 1), round((GLYPH - h) / 2, 1), w, h)
