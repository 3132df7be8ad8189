"""Brush strokes along the forms, coarse to fine: previews, loose paintings, two styles."""

from __future__ import annotations

import math
from collections.abc import Generator, Iterator

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from generator.engines.sketch import finish
from generator.engines.sketch.color import Floats, luma

Work = Generator[None, None, Floats]  # work that yields often, then returns pixels
# brush radius as a fraction of the unit, from the first coat to the last
BRUSHES = (0.075, 0.042, 0.022, 0.0115, 0.0075)
CHUNK = 2500  # strokes between two yields
_OCTAGON = [(math.cos(k * math.pi / 4 + 0.39), math.sin(k * math.pi / 4 + 0.39)) for k in range(8)]


def toned(rgb: Floats) -> Floats:
    """The bare canvas: the picture's mean colour, muted, lighter."""
    mean = rgb.mean(axis=(0, 1))
    return np.broadcast_to(mean * 0.5 + 0.34, rgb.shape).astype(np.float32)


def coat(
    canvas: Image.Image,
    goal: Floats,
    brush: float,
    gen: np.random.Generator,
    share: float = 1.0,
    order: Floats | None = None,
    *,
    everywhere: bool = False,
) -> Iterator[None]:
    """Lay one coat of strokes with `brush` (pixels) wherever `canvas` differs from `goal`.

    `share` (0..1) of the coat is laid; `order` (same size) says what comes first (low first).
    """  # fmt: skip
    h, w = goal.shape[:2]
    soft = finish.blur(goal, brush * 0.55)
    gy, gx = (np.asarray(g) for g in np.gradient(luma(finish.blur(goal, brush))))
    pitch = max(1.5, brush * 1.05)
    rows, columns = max(1, int(h / pitch)), max(1, int(w / pitch))
    jitter = gen.random((4, rows * columns)).astype(np.float32)
    r, c = np.divmod(np.arange(rows * columns), columns)
    y = np.clip((r + jitter[0]) * (h / rows), 0, h - 1)
    x = np.clip((c + jitter[1]) * (w / columns), 0, w - 1)
    yi, xi = y.astype(np.int32), x.astype(np.int32)
    color = np.asarray(soft)[yi, xi]
    lack = np.abs(color - finish.from_image(canvas)[yi, xi]).sum(axis=1)
    key = (order[yi, xi] if order is not None else r / rows) + 0.3 * jitter[2]
    chosen = np.argsort(key, kind="stable")
    chosen = chosen[: max(1, round(share * len(chosen)))]
    if not everywhere:
        chosen = chosen[lack[chosen] > 0.06]
    angle = np.arctan2(gy[yi, xi], gx[yi, xi]) + math.pi / 2
    flat = np.hypot(gx, gy)[yi, xi] < 0.002
    angle = np.where(flat, (jitter[3] - 0.5) * 0.8, angle)
    tone: Floats = np.clip(color * (0.96 + 0.08 * jitter[2])[:, None], 0, 1) * 255
    long = brush * (1.25 + 0.9 * jitter[3])
    parts = [x, y, np.cos(angle), np.sin(angle), long, *tone.T]
    table = np.stack(parts, axis=1)[chosen]
    pen = ImageDraw.Draw(canvas)
    for start in range(0, len(table), CHUNK):
        _draw(pen, table[start : start + CHUNK], brush * 0.72)
        yield


def _draw(pen: ImageDraw.ImageDraw, table: Floats, half: float) -> None:
    for x, y, c, s, long, r, g, b in table.tolist():
        points = [
            (x + u * long * c - v * half * s, y + u * long * s + v * half * c) for u, v in _OCTAGON
        ]
        pen.polygon(points, fill=(int(r), int(g), int(b)))


def painted(
    goal: Floats, unit: float, gen: np.random.Generator, finest: int, start: int = 1
) -> Work:
    """`goal` painted over with the brushes `start`..`finest`, canvas texture included."""
    canvas = finish.to_image(toned(goal))
    for level in range(start, finest + 1):
        brush = max(1.6, BRUSHES[level] * unit)
        yield from coat(canvas, goal, brush, gen, everywhere=level == start)
    return bristle(finish.from_image(canvas.filter(ImageFilter.SMOOTH)), gen)


def bristle(rgb: Floats, gen: np.random.Generator) -> Floats:
    """The tooth of a canvas."""
    h, w = rgb.shape[:2]
    rgb += (finish.grain(gen, h, w, 1.4) * 0.018)[..., None]
    return rgb
