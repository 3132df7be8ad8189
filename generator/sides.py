"""Which sizes a model paints: what the operator wrote of it, and the sentence that says so."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import starmap
from math import lcm, sqrt

from generator.catalog import sizes
from generator.contract import MAX_SIDE, MIN_SIDE, SIDE_STEP

MEGAPIXEL = 1024 * 1024
_SIZE = re.compile(r"(\d{1,5})\s*[x×]\s*(\d{1,5})", re.IGNORECASE)


@dataclass(frozen=True)
class Sides:
    """A list of sizes, or else sides from `low` to `high` in multiples of `step`, in pixels."""

    low: int = MIN_SIDE
    high: int = MAX_SIDE
    step: int = SIDE_STEP
    listed: tuple[tuple[int, int], ...] = ()

    def __str__(self) -> str:
        """What is allowed, to go on after "This model paints …"."""
        if self.listed:
            return _either([f"{width}×{height}" for width, height in self.listed])
        return f"sides of {self.low} to {self.high} pixels, multiples of {self.step}"

    def problems(self, width: int, height: int) -> dict[str, list[str]]:
        """Messages by field when the model does not paint this size; {} when it does."""
        message = f"This model paints {self}; this would be {width}×{height}."
        return {name: [message] for name in self._wrong(width, height)}

    def smallest(self, wish: int) -> tuple[int, int]:
        """A size that is allowed and as near to `wish` squared as the model goes."""
        if self.listed:
            return min(self.listed, key=lambda size: abs(size[0] * size[1] - wish * wish))
        lowest = -(-self.low // self.step) * self.step
        side = max(lowest, min(wish, self.high) // self.step * self.step)
        return side, side

    def nearest(self, width: int, height: int) -> tuple[int, int]:
        """The size that is allowed and most like this one, which may be larger than a megapixel
        where only larger ones are painted."""
        if self.listed:
            size = sizes.nearest(starmap(sizes.Size, self.listed), width, height)
            return size.width, size.height
        scale = min(1.0, sqrt(MEGAPIXEL / (width * height)), self.high / max(width, height))
        step = lcm(self.step, SIDE_STEP)
        low, high = -(-self.low // step) * step, self.high // step * step
        near = [min(max(round(side * scale / step) * step, low), high) for side in (width, height)]
        return near[0], near[1]

    def _wrong(self, width: int, height: int) -> list[str]:
        if self.listed:
            return [] if (width, height) in self.listed else ["width"]
        sides = {"width": width, "height": height}
        return [
            name
            for name, side in sides.items()
            if not self.low <= side <= self.high or side % self.step
        ]


def read_sizes(text: str) -> tuple[tuple[int, int], ...]:
    """The sizes of a list such as "1024x1024, 1792x1024"; ValueError says what is none."""
    found = []
    for part in filter(None, (part.strip() for part in re.split(r"[,;\n]", text))):
        match = _SIZE.fullmatch(part)
        if match is None:
            raise ValueError(f"“{part[:40]}” is no size; write sizes like 1024x1024, 1792x1024.")
        size = int(match[1]), int(match[2])
        if any(not MIN_SIDE <= side <= MAX_SIDE or side % SIDE_STEP for side in size):
            raise ValueError(
                f"{part}: sides are {MIN_SIDE} to {MAX_SIDE} pixels, multiples of {SIDE_STEP}."
            )
        found.append(size)
    return tuple(dict.fromkeys(found))


def _either(names: list[str]) -> str:
    *rest, last = names
    return f"{', '.join(rest)} or {last}" if rest else last
