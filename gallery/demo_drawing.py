"""What the pictures of a made-up gallery show: soft landscapes, and words that go with any."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any

from PIL import Image, ImageDraw, ImageFilter

from accounts.models import User
from gallery import keeping
from gallery.models import Rating

LABEL = "Made-up picture for load tests"
LIGHTS = ("at dawn", "at noon", "at dusk", "by moonlight", "in fog", "after rain", "in snow")
THINGS = (
    "a lighthouse", "a fox", "two owls", "a harbour", "an orchard", "a mill", "a glass bottle",
    "a mountain lake", "a red bicycle", "an old piano", "a market", "a heron", "a bridge",
    "a paper boat", "a greenhouse", "a ruined tower", "a cat", "a night train", "a balloon",
)  # fmt: skip
PLACES = (
    "by the sea", "in a birch forest", "on a hill", "in a small town", "under a viaduct",
    "on the moor", "in a walled garden", "at the river", "in the desert", "on an island",
)  # fmt: skip
STYLES = ("watercolour", "ink drawing", "poster", "oil painting", "woodcut", "pastel", "pencil")


@dataclass(frozen=True)
class Drawn:
    """A shared file and its copies, as columns of the rows that name it."""

    columns: dict[str, Any]
    variants: tuple[keeping.StoredVariant, ...]


def draw(chance: random.Random, shape: tuple[int, int]) -> Drawn:
    """Store one soft landscape and say what rows write about it."""
    stored = keeping.store(
        keeping.NewPicture(
            owner=User(),
            source="",
            pixels=_landscape(chance, shape),
            prompt="",
            recipe={"label": LABEL},
            parameters=LABEL,
            digital_source_type="algorithmicMedia",
            rating=Rating.SAFE,
        )
    )
    columns = {
        "file": stored.file,
        "media_type": "image/png",
        "width": shape[0],
        "height": shape[1],
        "size": stored.size,
        "sha256": stored.sha256,
        "color": stored.color,
    }
    return Drawn(columns, stored.variants)


def _landscape(chance: random.Random, shape: tuple[int, int]) -> Image.Image:
    width, height = shape
    hue = chance.randrange(256)
    image = Image.new("HSV", shape, (hue, 90, 225))
    draw = ImageDraw.Draw(image)
    x, y, radius = chance.randrange(width), chance.randrange(height // 2), height // 12
    draw.ellipse((x - radius, y - radius, x + radius, y + radius), (30, 60, 255))
    for ridge in range(4):
        base = height * (4 + ridge) // 8
        points = [(width * n // 8, base - chance.randrange(height // 6)) for n in range(9)]
        draw.polygon([(0, height), *points, (width, height)], (hue, 120, 180 - 38 * ridge))
    return image.convert("RGB").filter(ImageFilter.SMOOTH)
