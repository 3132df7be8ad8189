"""Brush strokes along the forms, coarse to fine: previews, loose paintings, two styles."""

from __future__ import annotations

import math
from collections.abc import Generator, Iterator

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

from generator.engines.sketch import finish
from generator.engines.sketch.color import Floats

Work = Generator[None, None, Floats]  # work that yields often, then returns pixels
# brush radius as a fraction of the unit, from the first coat to the last
BRUSHES = (0.075, 0.042, 0.022, 0.0115, 0.0075)
CHUNK = 2500  # strokes between two yields
_TURNS = [k * math.pi / 4 + 0.39 for k in range(8)]
_OCTAGON = np.array([[math.cos(a) for a in _TURNS], [math.sin(a) for a in _TURNS]], np.float32)


def toned(rgb: Floats) -> Floats:
    """The bare canvas: the picture's mean colour, muted, lighter."""
    mean = rgb.mean(axis=(0, 1))
    return np.broadcast_to(mean * 0.5 + 0.34, rgb.shape).astype(np.float32)


def coat(
    canvas: Image.Image,
    goal: Image.Image,
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
    w, h = goal.size
    pitch = max(1.5, brush * 1.05)
    rows, columns = max(1, int(h / pitch)), max(1, int(w / pitch))
    jitter = gen.random((4, rows * columns)).astype(np.float32)
    r, c = np.divmod(np.arange(rows * columns), columns)
    y = np.clip((r + jitter[0]) * (h / rows), 0, h - 1)
    x = np.clip((c + jitter[1]) * (w / columns), 0, w - 1)
    yi, xi = y.astype(np.int32), x.astype(np.int32)
    color = _tones(goal.filter(ImageFilter.GaussianBlur(brush * 0.55)), yi, xi)
    lack = np.abs(color - _tones(canvas, yi, xi)).sum(axis=1)
    key = (order[yi, xi] if order is not None else r / rows) + 0.3 * jitter[2]
    chosen = np.argsort(key, kind="stable")
    chosen = chosen[: max(1, round(share * len(chosen)))]
    if not everywhere:
        chosen = chosen[lack[chosen] > 0.06]
    gx, gy = _slopes(goal, brush, yi, xi)
    angle = np.arctan2(gy, gx) + math.pi / 2
    angle = np.where(np.hypot(gx, gy) < 0.002, (jitter[3] - 0.5) * 0.8, angle)
    tone: Floats = np.clip(color * (0.96 + 0.08 * jitter[2])[:, None], 0, 1) * 255
    long = brush * (1.25 + 0.9 * jitter[3])
    parts = [x, y, np.cos(angle) * long, np.sin(angle) * long]
    table = np.stack(parts, axis=1)[chosen]
    outlines = _octagons(table, brush * 0.72 / long[chosen])
    tone, pen = tone[chosen], ImageDraw.Draw(canvas)
    for start in range(0, len(outlines), CHUNK):
        part = slice(start, start + CHUNK)
        finish.fill(pen, outlines[part], tone[part])
        yield


def _tones(image: Image.Image, y: NDArray[np.int32], x: NDArray[np.int32]) -> Floats:
    """The colours of some pixels, 0..1."""
    return np.asarray(image)[y, x].astype(np.float32) * np.float32(1 / 255)


def _slopes(
    goal: Image.Image, brush: float, y: NDArray[np.int32], x: NDArray[np.int32]
) -> tuple[Floats, Floats]:
    """How the softened tone of `goal` rises to the right and downwards at some pixels."""
    grey = np.asarray(goal.convert("L").filter(ImageFilter.GaussianBlur(brush)))
    grey = np.pad(grey, 1, mode="edge").astype(np.float32) * np.float32(0.5 / 255)
    across = grey[y + 1, x + 2] - grey[y + 1, x]
    return across, grey[y + 2, x + 1] - grey[y, x + 1]


def _octagons(table: Floats, slim: Floats) -> Floats:
    """Strokes at x, y along dx, dy, `slim` times as wide as long: rows of eight corners."""
    x, y, dx, dy = (column[:, None] for column in table.T)
    u, v = _OCTAGON
    across = v * slim[:, None]
    points = np.empty((len(table), 16), np.float32)
    points[:, 0::2] = x + u * dx - across * dy
    points[:, 1::2] = y + u * dy + across * dx
    return points


def painted(
    goal: Floats, unit: float, gen: np.random.Generator, finest: int, start: int = 1
) -> Work:
    """`goal` painted over with the brushes `start`..`finest`, canvas texture included."""
    canvas, image = finish.to_image(toned(goal)), finish.to_image(goal)
    for level in range(start, finest + 1):
        brush = max(1.6, BRUSHES[level] * unit)
        yield from coat(canvas, image, brush, gen, everywhere=level == start)
    return bristle(finish.from_image(canvas.filter(ImageFilter.SMOOTH)), gen)


def bristle(rgb: Floats, gen: np.random.Generator) -> Floats:
    """The tooth of a canvas."""
    h, w = rgb.shape[:2]
    rgb += (finish.grain(gen, h, w, 1.4) * 0.018)[..., None]
    return rgb
