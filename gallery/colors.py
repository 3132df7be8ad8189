"""How near two colours are to the eye, and the cells that near colours share.

Distances are those of Oklab (Björn Ottosson, 2020, https://bottosson.github.io/posts/oklab/),
in which equal steps look about equal: lightness runs from 0 to 1. A difference of 0.02 is one
that the eye can just tell (CSS Color Module Level 4, 13.2.1).

Colours are put into cells, so that an index finds those around a colour. An order by nearness
goes outwards in rings of cells: how near a picture is, is known to the nearest cell.
"""

from __future__ import annotations

import functools
import itertools
import math
import re

from gallery.words import token

#: The edge of a cell.
STEP = 0.02
#: Colours that are so far away count as similar.
REACH = 0.06
#: How much further than the ring before it a ring lies.
RING = 0.01
#: From the middle of a cell to its corner.
_CORNER = STEP * math.sqrt(3) / 2
_HEX = re.compile(r"#?([0-9a-f]{6}|[0-9a-f]{3})", re.ASCII | re.IGNORECASE)
Lab = tuple[float, float, float]


def read(text: str) -> str | None:
    """The colour that somebody wrote, as six lower-case hex digits."""
    found = _HEX.fullmatch(text.strip())
    if not found:
        return None
    digits = found[1].lower()
    return digits if len(digits) == 6 else "".join(2 * digit for digit in digits)


@functools.lru_cache(maxsize=1024)
def lab(color: str) -> Lab:
    """`rrggbb` in Oklab."""
    r, g, b = (_linear(int(color[n : n + 2], 16) / 255) for n in (0, 2, 4))
    long = math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b)
    medium = math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b)
    short = math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b)
    return (
        0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short,
    )


def distance(one: str, other: str) -> float:
    """How different two colours look: 0 is the same, 1 black and white."""
    return math.dist(lab(one), lab(other))


def cell(color: str) -> str:
    """What stands for a colour's cell in a document."""
    return _token(*_cell(color))


@functools.lru_cache(maxsize=256)
def rings(color: str) -> tuple[tuple[str, ...], ...]:
    """The cells of all colours at most `REACH` away, and of some that are a little further.

    Those of one ring are about equally far away, the nearest ring first.
    """
    found: list[list[str]] = [[] for _ in range(math.floor((REACH + _CORNER) / RING) + 1)]
    middle, steps = _cell(color), math.ceil((REACH + _CORNER) / STEP)
    around = range(-steps, steps + 1)
    for offset in itertools.product(around, around, around):
        place = (middle[0] + offset[0], middle[1] + offset[1], middle[2] + offset[2])
        away = _away(color, place)
        if place[0] >= 0 and away <= REACH + _CORNER:
            found[math.floor(away / RING)].append(_token(*place))
    return tuple(map(tuple, found))


def ring_of(color: str, around: str) -> int:
    """The ring of `rings(around)` in which `color` lies; beyond them all, a higher number."""
    return math.floor(_away(around, _cell(color)) / RING)


def cells_around(color: str) -> list[str]:
    """The cells of all rings."""
    return [each for ring in rings(color) for each in ring]


def _cell(color: str) -> tuple[int, int, int]:
    l, a, b = lab(color)  # noqa: E741  lightness is called so
    return math.floor(l / STEP), math.floor(a / STEP), math.floor(b / STEP)


def _away(color: str, place: tuple[int, int, int]) -> float:
    """How far the middle of a cell is from a colour."""
    return math.dist(lab(color), [(step + 0.5) * STEP for step in place])


def _token(*place: int) -> str:
    # Lightness has 51 steps, the others fewer than 20 to either side.
    return token("c", "".join(f"{step:02}" for step in (place[0], place[1] + 50, place[2] + 50)))


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
