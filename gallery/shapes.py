"""The names of picture shapes, as people search for them."""

from __future__ import annotations

import math
import re

#: Width to height.
_WIDE = ((1, 1), (5, 4), (4, 3), (3, 2), (16, 10), (16, 9), (2, 1), (21, 9))
KNOWN = {f"{w}:{h}": w / h for w, h in _WIDE} | {f"{h}:{w}": h / w for w, h in _WIDE}
SQUARE, WIDE, TALL = "square", "wide", "tall"
#: Nearly square is square to the eye.
_NEARLY = 1.08
_RATIO = re.compile(r"(\d{1,5})[:x/](\d{1,5})", re.ASCII)


def nearest(width: int, height: int) -> str:
    """The known ratio that `width` x `height` pixels come nearest to, such as "3:2"."""
    wanted = math.log(width / height)
    return min(KNOWN, key=lambda name: abs(math.log(KNOWN[name]) - wanted))


def orientation(width: int, height: int) -> str:
    """Whether it is "square", "wide" or "tall"."""
    if max(width, height) <= min(width, height) * _NEARLY:
        return SQUARE
    return WIDE if width > height else TALL


def read(text: str) -> str | None:
    """The shape that somebody wrote: one of those words, or a ratio such as 3:2 or 768x512."""
    if text.lower() in (SQUARE, WIDE, TALL):
        return text.lower()
    found = _RATIO.fullmatch(text)
    if not found or not int(found[1]) or not int(found[2]):
        return None
    return nearest(int(found[1]), int(found[2]))
