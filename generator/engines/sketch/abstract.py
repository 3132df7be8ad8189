"""Poured paint: a warped flow for ideas and words the painter does not know."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from generator.engines.sketch.color import RGB, Floats, array, mix, parse, scale
from generator.engines.sketch.finish import box
from generator.engines.sketch.frame import Frame
from generator.engines.sketch.noise import resize, smooth
from generator.engines.sketch.sky import disc_mask
from generator.engines.sketch.words import COLORS

SETS = (
    "0f3d4c 1f8a8a f4e3c1 e07a3f", "22223b 7d5ba6 f2e9e4 e4b363", "1b2a41 c0392b f7f3e3 e8a87c",
    "16302b 4f9d69 f0f3bd d4a373", "2b193d 2c6e9b f1faee e5989b", "3a0ca3 4895ef fdf0d5 f7b801",
)  # fmt: skip


def paint_abstract(frame: Frame) -> Iterator[float]:
    """Flow, relief, veins of gold and one quiet disc."""
    gen = frame.streams.get("flow")
    h, w = max(32, frame.height * 2 // 3), max(32, frame.width * 2 // 3)
    y = np.linspace(0, frame.height / frame.unit, h, dtype=np.float32)[:, None]
    x = np.linspace(0, frame.width / frame.unit, w, dtype=np.float32)[None, :]
    ox, oy, turn, _ = (float(v) * 40 for v in gen.random(4))
    n = frame.noise
    qx, qy = n.fbm(x * 1.2 + ox, y * 1.2 + oy, 3), n.fbm(x * 1.2 + oy + 7, y * 1.2 + ox, 3)
    yield 0.2
    rx = n.fbm(x * 1.9 + qx * 1.5 + turn, y * 1.9 + qy * 1.5, 3)
    ry = n.fbm(x * 1.9 + qx * 1.5 + 5, y * 1.9 + qy * 1.5 + turn, 3)
    yield 0.4
    flow = n.fbm(x * 0.9 + rx * 0.9, y * 0.9 + ry * 0.9, 4, 0.42)
    fine = n.fbm(x * 2.2 + rx * 1.9, y * 2.2 + ry * 1.9, 3)
    yield 0.55
    rgb = _ramp(colors(frame), np.clip(0.5 + 0.58 * flow + 0.10 * fine, 0, 1))
    rgb = _relief(rgb, flow + 0.35 * fine)
    veins = np.exp(-(((flow - 0.12 - 0.1 * qx) / 0.018) ** 2)) * smooth(-0.25, 0.2, rx)
    rgb += (array(mix(parse("f0c860"), (1.0, 1.0, 0.9), 0.2)) - rgb) * (veins * 0.85)[..., None]
    for c in range(3):
        frame.rgb[..., c] = np.clip(
            resize(np.ascontiguousarray(rgb[..., c], np.float32), frame.height, frame.width), 0, 1
        )
    frame.depth[:] = 10.0 - 4.0 * np.clip(
        resize(flow.astype(np.float32), frame.height, frame.width), -1, 1
    )
    yield 0.8
    _moon(frame, gen)
    yield 1.0


def colors(frame: Frame) -> list[RGB]:
    """The paints: those that the prompt names, or a set."""
    gen = frame.streams.get("paints")
    named = [parse(COLORS[name]) for name in frame.scene.reading.colors][:3]
    pick = SETS[int(gen.random() * len(SETS))].split()
    if not named:
        return [parse(v) for v in pick]
    if len(named) == 1:
        only = named[0]
        return [
            scale(only, 0.28),
            only,
            mix(only, (1.0, 1.0, 1.0), 0.82),
            mix(only, (1.0, 1.0, 1.0), 0.25),
            scale(only, 0.6),
        ]
    dark = scale(named[0], 0.4)
    return [
        dark,
        named[0],
        mix(named[-1], (1.0, 1.0, 1.0), 0.72),
        named[1],
        scale(named[1], 0.6),
        *named[2:],
    ]


def _ramp(colors: list[RGB], t: Floats) -> Floats:
    """Colours repeated along the flow with soft seams."""
    stops = [*colors, *reversed(colors[:-1]), *colors[1:3]]
    grid = np.linspace(0, 1, len(stops))
    return np.stack([np.interp(t, grid, [s[c] for s in stops]) for c in range(3)], axis=-1).astype(
        np.float32
    )


def _relief(rgb: Floats, height: Floats) -> Floats:
    """Light across the ridges, as on thick paint."""
    smear = max(1, height.shape[0] // 160)  # or the cells of the noise would show
    height = box(box(height.astype(np.float32), smear), smear)
    gy, gx = np.gradient(height)
    scale_to = height.shape[0] / 6.5
    shade = np.clip(1.0 + (-gx - gy) * scale_to * 0.35, 0.62, 1.4)[..., None]
    gloss = np.clip((-gx - gy) * scale_to - 0.55, 0, 1)[..., None] * 0.5
    result: Floats = np.clip(rgb * shade + gloss, 0, 1)
    return result


def _moon(frame: Frame, gen: np.random.Generator) -> None:
    x = frame.width * (0.36 + 0.28 * float(gen.random()))
    y = frame.height * (0.34 + 0.2 * float(gen.random()))
    radius = 0.17 * frame.unit
    alpha, left, top = disc_mask(x, y, radius)
    mean = frame.rgb.mean(axis=(0, 1))
    pale = np.broadcast_to((mean * 0.35 + 0.6).astype(np.float32), (*alpha.shape, 3))
    frame.composite(pale, alpha * 0.62, left, top, None)
    for grown in (1.12, 1.22):
        outer, left, top = disc_mask(x, y, radius * grown)
        inner, il, it = disc_mask(x, y, radius * grown - max(1.0, frame.unit / 420))
        oy, ox = it - top, il - left
        line = outer.copy()
        line[oy : oy + inner.shape[0], ox : ox + inner.shape[1]] -= inner
        frame.composite(
            np.broadcast_to(array((0.97, 0.93, 0.84)), (*line.shape, 3)),
            np.clip(line, 0, 1) * 0.8,
            left,
            top,
            None,
        )
