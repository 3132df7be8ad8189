"""Pictures without a landscape: a still life on a table, and a portrait."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from generator.engines.sketch import things
from generator.engines.sketch.color import RGB, array, mix, parse, scale
from generator.engines.sketch.frame import Frame
from generator.engines.sketch.noise import field, smooth
from generator.engines.sketch.pen import Light, Pen, shapes
from generator.engines.sketch.sky import disc_mask
from generator.engines.sketch.words import COLORS

WALLS = ("c86a58", "6a90b8", "a88a80", "7a9a84", "c89a58", "8a7aa8", "5a8a90")
SKINS = ("f0c8a8", "e0a880", "c08458", "8a5836", "6a4028")
HAIRS = ("2a1c18", "4a2c1c", "7a4a26", "b8843c", "1c1a22", "8a3020")
CLOTHES = ("d8563c", "3a6a9a", "3f8a6a", "8a3a6a", "d89a30", "46508a")


def paint_still(frame: Frame) -> Iterator[float]:
    """A wall with soft lights, a table, and the things on it."""
    gen = frame.streams.get("room")
    a, b = (float(v) for v in gen.random(2))
    colors = frame.scene.reading.colors
    wall = parse(COLORS[colors[0]]) if colors else parse(WALLS[int(a * len(WALLS))])
    dim = 0.45 if frame.scene.night else 1.0
    _wall(frame, scale(wall, dim), b)
    yield 0.3
    _bokeh(frame, wall)
    _table(frame, dim)
    yield 0.6
    for _ in things.paint_subjects(frame):
        yield 0.8
    yield 1.0


def _wall(frame: Frame, wall: RGB, turn: float) -> None:
    y = np.linspace(0, 1, frame.height, dtype=np.float32)[:, None]
    x = np.linspace(0, 1, frame.width, dtype=np.float32)[None, :]
    lx = 0.2 + 0.6 * turn
    light = np.exp(-((x - lx) ** 2 * 2.2 + (y - 0.25) ** 2 * 2.0))[..., None]
    dark, pale = array(scale(wall, 0.55)), array(mix(wall, (1.0, 0.94, 0.82), 0.42))
    frame.rgb[:] = dark + (pale - dark) * light
    patina = field(frame.streams.get("patina"), frame.height, frame.width, 4, 5)
    frame.rgb *= (1 + 0.05 * patina)[..., None]


def _bokeh(frame: Frame, wall: RGB) -> None:
    gen = frame.streams.get("bokeh")
    tint = np.broadcast_to
    for x, y, r, s in gen.random((11, 4)).tolist():
        alpha, left, top = disc_mask(
            x * frame.width, y * 0.62 * frame.height, (0.02 + 0.05 * r) * frame.unit
        )
        warm = array(mix(mix(wall, (1.0, 1.0, 1.0), 0.5), (1.0, 0.85, 0.6), s))
        frame.composite(tint(warm, (*alpha.shape, 3)), alpha * (0.08 + 0.16 * s), left, top, None)


def _table(frame: Frame, dim: float) -> None:
    top = int(frame.height * 0.68)
    h = frame.height - top
    gen = frame.streams.get("table")
    grain = frame.noise.fbm(
        np.linspace(0, 5, frame.width, dtype=np.float32)[None, :] + float(gen.random()) * 40,
        (np.linspace(1, 0, h, dtype=np.float32)[:, None] ** 1.5) * 26, 4)  # fmt: skip
    wood, dark = array(scale(parse("8a5430"), dim)), array(scale(parse("4a2a18"), dim))
    rgb = dark + (wood - dark) * np.clip(0.55 + 0.5 * grain, 0, 1)[..., None]
    sheen = np.exp(-((np.linspace(0, 1, h, dtype=np.float32) * 2.6) ** 2))[:, None, None] * 0.28
    frame.rgb[top:] = rgb + (array((1.0, 0.9, 0.75)) * dim - rgb) * sheen
    frame.depth[top:] = np.linspace(9, 2, h, dtype=np.float32)[:, None]
    edge = frame.rgb[max(0, top - 2) : top]
    edge *= 0.6


def paint_portrait(frame: Frame) -> Iterator[float]:
    """Rays and a halo behind one calm face."""
    gen = frame.streams.get("portrait")
    draws = [float(v) for v in gen.random(6)]
    colors = frame.scene.reading.colors
    base = parse(COLORS[colors[0]]) if colors else parse(WALLS[int(draws[0] * len(WALLS))])
    _rays(frame, base)
    yield 0.3
    _medallion(frame, base, parse(CLOTHES[int(draws[3] * len(CLOTHES))]))
    yield 0.4
    thing = frame.scene.reading.things["portrait"]
    name = _who(thing.words)
    wanted = {
        "skin": parse(SKINS[int(draws[1] * len(SKINS))]),
        "hair": parse(HAIRS[int(draws[2] * len(HAIRS))]),
    }
    if "old" in frame.scene.reading.moods:
        wanted["hair"] = parse("d4d0c8")
    wanted["brow"] = scale(wanted["hair"], 0.8)
    wanted["dress"] = parse(CLOTHES[int(draws[3] * len(CLOTHES))])
    wanted |= {role: parse(COLORS[color]) for role, color in thing.extra.items()}
    if thing.color:
        wanted["dress"] = parse(COLORS[thing.color])
    tall = int(min(frame.height * 0.94, frame.width * 0.98))
    pen = Pen(
        shapes()[name],
        tall,
        Light(-1.0, (1.0, 0.96, 0.9), (0.72, 0.74, 0.8)),
        wanted,
        flip=draws[4] < 0.5,
    )
    drawn = pen.draw()
    left, top = int(frame.width / 2 - drawn.foot[0]), int(frame.height + 2 - drawn.foot[1])
    frame.composite(drawn.rgb, drawn.alpha, left, top, 2.0, figure=True)
    _shoulders(frame, drawn.rgb, drawn.alpha, left)
    yield 1.0


SITTERS = {
    "king": "king", "prince": "king", "queen": "queen", "princess": "queen", "man": "man",
    "boy": "man", "gentleman": "man", "sailor": "sailor", "captain": "sailor",
    "grandfather": "sailor", "grandpa": "sailor",
}  # fmt: skip


def _who(named: list[str]) -> str:
    """The drawn shape for the words that named the sitter."""
    return next((shape for word, shape in SITTERS.items() if word in named), "portrait")


def _rays(frame: Frame, base: RGB) -> None:
    y = (np.arange(frame.height, dtype=np.float32)[:, None] - frame.height * 0.45) / frame.unit
    x = (np.arange(frame.width, dtype=np.float32)[None, :] - frame.width * 0.5) / frame.unit
    angle = np.arctan2(y, x) * (16 / math.pi)
    stripe = smooth(-0.06, 0.06, np.abs(angle - np.round(angle / 2) * 2) - 0.5)
    a, b = array(mix(base, (1.0, 1.0, 1.0), 0.22)), array(scale(base, 0.92))
    frame.rgb[:] = a + (b - a) * stripe[..., None]
    frame.rgb *= (1.04 - 0.25 * (x * x + y * y))[..., None]


def _medallion(frame: Frame, base: RGB, accent: RGB) -> None:
    x, y, radius = frame.width / 2, frame.height * 0.42, 0.36 * min(frame.width, frame.height)
    pale = mix(base, (1.0, 0.98, 0.9), 0.8)
    for size, tone in ((1.06, accent), (1.035, pale), (1.02, scale(accent, 0.9)), (1.0, pale)):
        alpha, left, top = disc_mask(x, y, radius * size)
        frame.composite(np.broadcast_to(array(tone), (*alpha.shape, 3)), alpha, left, top, 8.0)


def _shoulders(frame: Frame, rgb: np.ndarray, alpha: np.ndarray, left: int) -> None:
    """On wide pictures the garment runs on to both edges."""
    row = alpha.shape[0] - 3
    for edge, columns in (
        (left, range(max(0, left + 3))),
        (left + alpha.shape[1], range(max(0, left + alpha.shape[1] - 3), frame.width)),
    ):
        if not len(columns):
            continue
        inner = min(max(0, edge + (4 if edge == left else -5)), frame.width - 1)
        solid = np.flatnonzero(alpha[:, min(max(0, inner - left), alpha.shape[1] - 1)] > 0.5)
        high = len(solid)
        for column in columns:
            away = abs(column - inner) / max(1.0, frame.unit)
            rows = int(high * max(0.0, 1.0 - away * 1.2))
            if rows:
                tone = rgb[row, min(max(0, inner - left), rgb.shape[1] - 1)]
                frame.rgb[frame.height - rows :, column] = tone
                frame.depth[frame.height - rows :, column] = 2.0
