"""Contact sheets of the sketch engine: the pictures to look at after changing it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from PIL import Image, ImageDraw

from generator.engines.sketch.styles import STYLES
from generator.management.commands.make_style_pictures import painted

CAPTION = 14
PROMPTS_1 = (
    "mountains at sunrise with a lake", "a lighthouse on a rocky coast at night, stormy sea",
    "city skyline at night", "autumn forest", "desert dunes at sunset",
    "a castle on a hill, fantasy", "red house in a green meadow, sunny day",
    "full moon over the sea with stars", "a sailboat on a calm ocean at sunset",
    "winding road through hills", "river valley with pine trees, morning mist",
    "tropical island with palm trees", "a field of red flowers", "a black cat",
    "a red fox in the snow", "birds over the ocean, golden hour", "a friendly robot",
    "portrait of a woman", "northern lights over snowy mountains",
    "hot air balloons over a canyon", "purple sky, pagoda and cherry blossoms",
    "rainy city street with a car", "a planet with rings, outer space",
    "quantum entanglement of jealousy, teal and orange",
)  # fmt: skip
PROMPTS_2 = (
    "snowy cabin in the mountains at night, warm light",
    "japanese torii gate, misty lake at dawn", "windmill and tulips, spring morning",
    "pyramids in the desert, golden hour", "volcano eruption at night",
    "two sailboats on a turquoise sea", "village in a green valley, autumn",
    "thunderstorm over the ocean, dark mood", "campfire and tent under the milky way",
    "crescent moon over desert dunes", "rainbow over hills after rain",
    "a lone tree on a hill at dusk", "three foxes in a forest",
    "astronaut on a snowy mountain, aurora", "spaceship above a ringed planet",
    "pink sky over a calm lake, boat", "road to the mountains, sunrise",
    "foggy pine forest, moody", "cyberpunk city at night, rain", "palm beach at sunset",
    "green dragon", "blue and gold, elegance", "a white rabbit in a flower meadow",
    "black and white portrait of a king",
)  # fmt: skip
SUBJECTS = (
    "a black cat on a roof at night, city", "a friendly robot in a meadow",
    "portrait of a woman with red hair", "an owl in a forest at night", "a panda",
    "a lion at sunset, savanna", "a bird on a branch, spring", "a cup of coffee", "a red apple",
    "a vase of flowers", "a bouquet of roses", "sunflowers field at sunset",
    "a wanderer in the mountains at dawn", "rocket launch at night",
    "mushroom in an autumn forest", "a penguin on ice, snow", "a goldfish",
    "coral reef underwater", "a pirate ship in a storm", "an elephant in the savanna",
)  # fmt: skip
SPECIAL = (
    ("a castle by a lake, mountains, sunset", "isometric"), ("city at night", "isometric"),
    ("lighthouse on an island", "isometric"), ("red fox in a pine forest", "isometric"),
    ("desert pyramids", "isometric"), ("village in autumn", "isometric"),
    ("cats", "tile-texture"), ("sea waves with boats", "tile-texture"),
    ("forest", "tile-texture"), ("blue flowers", "tile-texture"),
    ("mushrooms, night", "tile-texture"), ("abstract gold and navy", "tile-texture"),
)  # fmt: skip
SEEDED = ("mountains at sunrise with a lake", "city skyline at dusk", "a house on an island")
Cell = tuple[str, str, int]  # prompt, style, seed

SHEETS: dict[str, list[Cell]] = {
    "prompts-1": [(prompt, "none", 1) for prompt in PROMPTS_1],
    "prompts-2": [(prompt, "none", 1) for prompt in PROMPTS_2],
    "subjects": [(prompt, "none", 1) for prompt in SUBJECTS],
    "styles-fox": [("a red fox in a pine forest, mountains, morning", s, 1) for s in STYLES],
    "styles-lighthouse": [("a lighthouse on an island, sunset, birds", s, 1) for s in STYLES],
    "isometric-and-tiles": [(prompt, style, 1) for prompt, style in SPECIAL],
    "seeds": [(prompt, "none", seed) for prompt in SEEDED for seed in range(1, 7)],
}


class Command(BaseCommand):
    """Writes one PNG per sheet; always the same pictures for one engine version."""

    help = "Draw contact sheets of the sketch engine (prompts, styles, subjects, seeds)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("sheets", nargs="*", help=f"of: {', '.join(SHEETS)} (default: all)")
        parser.add_argument("--to", type=Path, default=Path("build/sheets"))
        parser.add_argument("--size", type=int, default=320, help="side of a picture, pixels")

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path = options["to"]
        folder.mkdir(parents=True, exist_ok=True)
        for name in options["sheets"] or SHEETS:
            path = folder / f"{name}.png"
            draw_sheet(SHEETS[name], options["size"]).save(path)
            self.stdout.write(str(path))


def draw_sheet(cells: list[Cell], size: int) -> Image.Image:
    """Six pictures a row, each with its words under it."""
    rows = -(-len(cells) // 6)
    sheet = Image.new("RGB", (6 * size, rows * (size + CAPTION)), "white")
    pen = ImageDraw.Draw(sheet)
    for index, (prompt, style, seed) in enumerate(cells):
        x, y = index % 6 * size, index // 6 * (size + CAPTION)
        sheet.paste(painted(prompt, style, size, size, seed), (x, y))
        note = prompt if style == "none" else f"{prompt} | {style}"
        pen.text((x + 2, y + size + 1), note, fill="black")
    return sheet
