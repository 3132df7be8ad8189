"""Paint the pictures that the site itself shows: one per style, six on the landing page."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from PIL import Image

from generator.contract import ImageRequest
from generator.engines import Picture
from generator.engines.sketch import SketchEngine
from generator.showcase import SHOWCASE

SIZE = (240, 160)
# slug -> prompt and seed that show the style off
STYLES = {
    "none": ("mountains with a lake, morning", 12),
    "3d-model": ("a friendly robot in a meadow", 3),
    "analog-film": ("a car on a road through hills at sunset", 5),
    "anime": ("cherry blossoms, torii gate by a lake, day", 4),
    "cinematic": ("hot air balloons over a canyon at sunset", 2),
    "comic-book": ("rocket above a ringed planet", 7),
    "digital-art": ("a lighthouse by the sea at sunset, sailboat", 6),
    "enhance": ("tulips and a windmill, sunny day", 3),
    "fantasy-art": ("a castle by a lake, mountains, dawn", 2),
    "isometric": ("a village in autumn", 2),
    "line-art": ("a sailboat on a lake, mountains", 9),
    "low-poly": ("a red fox in a pine forest, morning", 3),
    "modeling-compound": ("a panda in a meadow, day", 5),
    "neon-punk": ("city skyline at night", 2),
    "origami": ("a butterfly in a meadow, day", 4),
    "photographic": ("a deer in a forest, morning", 3),
    "pixel-art": ("a lighthouse on an island at sunset", 3),
    "tile-texture": ("foxes and mushrooms", 2),
}


class Command(BaseCommand):
    """Writes WebP files under `static/img`; the same ones on every run of one engine version."""

    help = "Paint the pictures of the style picker and of the landing page."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--to", type=Path, default=Path("static/img"))

    def handle(self, *args: Any, **options: Any) -> None:
        total = make(options["to"])
        self.stdout.write(f"{total // 1024} KB written to {options['to']}")


def make(folder: Path) -> int:
    """Paint everything into `folder`; returns the bytes written."""
    total = 0
    for slug, (prompt, seed) in STYLES.items():
        picture = painted(prompt, slug, 3 * SIZE[0], 3 * SIZE[1], seed)
        filter_ = Image.Resampling.NEAREST if slug == "pixel-art" else Image.Resampling.LANCZOS
        total += _save(picture.resize(SIZE, filter_), folder / "styles" / f"{slug}.webp", 84)
    for example in SHOWCASE:
        picture = painted(example.prompt, "none", example.width, example.height, example.seed)
        total += _save(picture, folder / "showcase" / f"{example.name}.webp", 82)
    return total


def painted(prompt: str, style: str, width: int, height: int, seed: int) -> Image.Image:
    """One finished picture of the sketch engine."""
    request = ImageRequest(prompt=prompt, style=style, width=width, height=height, seed=seed)
    events = SketchEngine().generate([request])
    return next(event.image.pixels for event in events if isinstance(event, Picture))


def _save(picture: Image.Image, path: Path, quality: int) -> int:
    path.parent.mkdir(parents=True, exist_ok=True)
    picture.save(path, quality=quality, method=6)
    return path.stat().st_size
