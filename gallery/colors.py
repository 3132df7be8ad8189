"""How near two colours are to the eye, and the cells that near colours share.

Distances are those of Oklab (Björn Ottosson, 2020, https://bottosson.github.io/posts/oklab/),
in which equal steps look about equal: lightness runs from 0 to 1.
"""

from __future__ import annotations

import itertools
import math
import re

from gallery.words import token

#: The edge of a cell; colours within one cell's edge count as similar.
STEP = 0.06
_HEX = re.compile(r"#?([0-9a-f]{6}|[0-9a-f]{3})", re.ASCII | re.IGNORECASE)
Lab = tuple[float, float, float]


def read(text: str) -> str | None:
    """The colour that somebody wrote, as six lower-case hex digits."""
    found = _HEX.fullmatch(text.strip())
    if not found:
        return None
    digits = found[1].lower()
    return digits if len(digits) == 6 else "".join(2 * digit for digit in digits)


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
    return _token(*(math.floor(value / STEP) for value in lab(color)))


def cells_around(color: str) -> list[str]:
    """The cells of all colours at most `STEP` away, and of some that are a little further."""
    l, a, b = lab(color)  # noqa: E741  lightness is called so
    near = itertools.product(*(_steps(value) for value in (l, a, b)))
    return [_token(*place) for place in near]


def _steps(value: float) -> range:
    # The half on whose side the colour lies would do for half the distance; all three for all.
    middle = math.floor(value / STEP)
    return range(middle - 1, middle + 2)


def _token(*place: int) -> str:
    # Lightness has 17 steps, the others at most 7 to either side.
    return token("c", "".join(chr(ord("i") + step) for step in place))


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
