"""Bars of a chart, as numbers for an SVG. Pure: no markup, no database."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 600, 120
#: How much of a bar's place is left empty.
GAP = 0.2


@dataclass(frozen=True)
class Bar:
    """One day; the four are SVG units, y from the top."""

    date: dt.date
    value: float
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Chart:
    """`top` is the value at the upper edge."""

    title: str
    unit: str
    bars: list[Bar]
    top: float
    total: float


def chart(title: str, unit: str, values: Sequence[tuple[dt.date, float]]) -> Chart:
    """One bar for each day, the highest value at the upper edge; what is above 0 is seen."""
    top = max((value for _date, value in values), default=0)
    step = WIDTH / max(1, len(values))
    bars = []
    for place, (date, value) in enumerate(values):
        height = max(1.5, HEIGHT * value / top) if value > 0 else 0.0
        x, width = round((place + GAP / 2) * step, 2), round(step * (1 - GAP), 2)
        bars.append(Bar(date, value, x, round(HEIGHT - height, 2), width, round(height, 2)))
    return Chart(title, unit, bars, top, sum(value for _date, value in values))
