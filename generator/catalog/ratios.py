"""Aspect ratios: goneural's `ImageRatio`, and what our own form offers.

Source: goneural, Text to Image, "ratio"; its /enums page. The strings are those
of Comfyroll's "SDXL Aspect Ratio" node, whose whole list is taken over, because
the stored enums page breaks off after "16:9".
"""

from __future__ import annotations

from dataclasses import dataclass

from generator.catalog.lookup import find
from generator.contract import SIDE_STEP

#: The form's "size" choices: how much larger or smaller than the ratio's own size.
SCALES = {"small": (1, 2), "standard": (1, 1), "large": (5, 4)}


@dataclass(frozen=True)
class Ratio:
    """A shape with the size in pixels at which models paint it best."""

    slug: str
    orientation: str
    width: int
    height: int

    @property
    def label(self) -> str:
        """For people: "Square 1:1"."""
        return f"{self.orientation.capitalize()} {self.slug}"

    @property
    def goneural(self) -> str:
        """goneural's spelling: "1:1 square 1024x1024"."""
        return f"{self.slug} {self.orientation} {self.width}x{self.height}"

    def size(self, scale: str = "standard") -> tuple[int, int]:
        """Width and height at one of `SCALES`, each a multiple of 8."""
        numerator, denominator = find(SCALES, scale, field="size")
        unit = SIDE_STEP * denominator
        return (
            self.width * numerator // unit * SIDE_STEP,
            self.height * numerator // unit * SIDE_STEP,
        )


RATIOS = (
    Ratio("1:1", "square", 1024, 1024),
    Ratio("3:4", "portrait", 896, 1152),
    Ratio("5:8", "portrait", 832, 1216),
    Ratio("9:16", "portrait", 768, 1344),
    Ratio("9:21", "portrait", 640, 1536),
    Ratio("4:3", "landscape", 1152, 896),
    Ratio("3:2", "landscape", 1216, 832),
    Ratio("16:9", "landscape", 1344, 768),
    Ratio("21:9", "landscape", 1536, 640),
)

_BY_SLUG = {ratio.slug: ratio for ratio in RATIOS}
_BY_GONEURAL = {ratio.goneural: ratio for ratio in RATIOS}
_BY_SIZE = {ratio.size(scale): (ratio, scale) for ratio in RATIOS for scale in SCALES}


def by_slug(slug: object) -> Ratio:
    """The ratio called "16:9"; raises `InvalidRequest` on `ratio`."""
    return find(_BY_SLUG, slug, field="ratio")


def by_goneural_name(name: object) -> Ratio:
    """The ratio of an `ImageRatio` string; raises `InvalidRequest` on `ratio`."""
    return find(_BY_GONEURAL, name, field="ratio")


def by_size(width: int, height: int) -> tuple[Ratio, str] | None:
    """Which choices of the form give this size: the ratio and the scale, if any."""
    return _BY_SIZE.get((width, height))
