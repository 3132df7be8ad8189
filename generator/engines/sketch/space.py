"""Outer space: nebulae, planets with rings and weather."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from generator.engines.sketch import sky, things
from generator.engines.sketch.color import RGB, array, mix, parse, scale
from generator.engines.sketch.frame import Frame
from generator.engines.sketch.noise import smooth
from generator.engines.sketch.placing import SIZES
from generator.engines.sketch.words import COLORS

WORLDS = ("c8683c d8a070", "3f78b8 9ac4d8", "b84a3c e09068", "8a68b8 d0a8d8", "4a9a88 b8e0c0")
NAMED = {"earth": "2f6fb8 7ab87a", "mars": "b84a3c e09068", "venus": "d8a860 f0d8a0",
         "jupiter": "b87a50 ecd0a8", "saturn": "c8a468 ecd8a4"}  # fmt: skip


def paint_space(frame: Frame) -> Iterator[float]:
    """The void from the back to the front."""
    sky.paint_gradient(frame)
    sky.paint_galaxy(frame, 0.9)
    yield 0.3
    sky.paint_stars(frame, max(frame.scene.stars, 1.0))
    yield 0.45
    if (
        frame.scene.reading.has("planet", "rocket", "ufo")
        and "planet" not in frame.scene.reading.removed
    ):
        paint_planets(frame)
    yield 0.7
    if frame.scene.moon or frame.scene.reading.has("moon"):
        sky.paint_moon(frame, frame.scene.moon or (0.75, 0.2))
    yield 0.75
    for placed in frame.scene.placed:
        grown = 1.15 if placed.shape == "astronaut" else 0.82
        tall = int(SIZES[placed.shape][0] * grown * frame.unit)
        x = frame.width * (0.5 + placed.x / (placed.z * frame.scene.aspect**0.5) * 0.9)
        y = frame.height * (0.58 + 0.08 * (placed.z % 1))
        drawn = things.sprite(frame, placed, tall)
        left, top = int(x - drawn.foot[0]), int(y - drawn.alpha.shape[0] / 2)
        frame.composite(drawn.rgb, drawn.alpha, left, top, 3.0, figure=True)
        things.shine_from(frame, drawn, left, top)
        yield 0.85
    for _ in things.paint_subjects(frame):
        yield 0.95
    yield 1.0


def paint_planets(frame: Frame) -> None:
    """One large world, ringed more often than not, and a small companion."""
    gen = frame.streams.get("planets")
    a, b, c, d = (float(v) for v in gen.random(4))
    thing = frame.scene.reading.things.get("planet")
    named = thing.words if thing else []
    side = 0.32 if a < 0.5 else 0.68
    if thing and thing.place:
        side = {"left": 0.28, "right": 0.72, "center": 0.5}[thing.place]
    known = next((NAMED[word] for word in named if word in NAMED), None)
    pair = [parse(v) for v in (known or WORLDS[int(b * len(WORLDS))]).split()]
    if thing and thing.color:
        pair = [parse(COLORS[thing.color]), mix(parse(COLORS[thing.color]), (1.0, 1.0, 1.0), 0.4)]
    radius = 0.20 + 0.05 * c
    bare = {"earth", "mars", "venus"} & set(named)
    ringed = (d < 0.5 and not bare) or "saturn" in named or frame.scene.reading.has("rings")
    globe(frame, (side, 0.34), radius, (pair[0], pair[1]), -0.35 + 0.7 * a, ringed=ringed)
    if thing is None or thing.plural or c > 0.6:
        other = [parse(v) for v in WORLDS[int((b + 0.4) % 1 * len(WORLDS))].split()]
        globe(frame, (1 - side, 0.16 + 0.5 * d), 0.055, (other[0], other[1]), 0.2, ringed=False)


def globe(
    frame: Frame,
    at: tuple[float, float],
    size: float,
    colors: tuple[RGB, RGB],
    tilt: float,
    *,
    ringed: bool,
) -> None:
    """A lit sphere with bands of weather; the ring's far half is drawn first."""
    x, y, radius = at[0] * frame.width, at[1] * frame.height, size * frame.unit
    if ringed:
        _ring(frame, x, y, radius, colors[1], tilt, front=False)
    n = int(radius) + 2
    left, top = int(x) - n, int(y) - n
    g = (np.arange(2 * n + 1, dtype=np.float32) - n) / radius
    u, v = np.broadcast_arrays(g[None, :], g[:, None])
    rr = u * u + v * v
    w = np.sqrt(np.clip(1 - rr, 0, 1))
    c, s = math.cos(tilt), math.sin(tilt)
    along, across = u * c + v * s, -u * s + v * c
    swirl = frame.noise.fbm(along * 1.6 + 20 * size, across * 4.5 + 3, 5)
    bands = 0.5 + 0.5 * np.sin(across * 9 + swirl * 2.6)
    body = (
        array(colors[0])
        + (array(colors[1]) - array(colors[0]))
        * np.clip(bands * 0.8 + swirl * 0.3, 0, 1)[..., None]
    )
    light = np.clip(-0.66 * u - 0.5 * v + 0.56 * w, 0, 1) ** 0.8
    rgb = body * (0.05 + 1.05 * light)[..., None]
    rim = smooth(0.62, 1.0, rr) * (0.15 + light)
    rgb += rim[..., None] * array(mix(colors[1], (0.7, 0.85, 1.0), 0.5)) * 0.55
    alpha = np.clip((1.0 - np.sqrt(rr)) * radius + 0.5, 0, 1)
    frame.composite(
        np.clip(rgb, 0, 1).astype(np.float32), alpha.astype(np.float32), left, top, 40.0
    )
    if ringed:
        _ring(frame, x, y, radius, colors[1], tilt, front=True)


def _ring(
    frame: Frame, x: float, y: float, radius: float, color: RGB, tilt: float, *, front: bool
) -> None:
    n = int(radius * 2.2) + 2
    g = (np.arange(2 * n + 1, dtype=np.float32) - n) / radius
    u, v = g[None, :], g[:, None]
    c, s = math.cos(tilt), math.sin(tilt)
    along, across = u * c + v * s, (-u * s + v * c) * 3.6
    r = np.sqrt(along * along + across * across)
    grooves = 0.62 + 0.38 * np.sin(r * 34 + np.sin(r * 11) * 2)
    alpha = (
        smooth(1.28, 1.34, r)
        * smooth(2.08, 2.0, r)
        * grooves
        * (1 - 0.75 * np.exp(-(((r - 1.72) / 0.03) ** 2)))
    )
    alpha = alpha * ((across > 0) if front else (across <= 0)) * 0.85
    tint = np.broadcast_to(array(scale(mix(color, (0.95, 0.9, 0.85), 0.45), 0.92)), (*r.shape, 3))
    frame.composite(tint, alpha.astype(np.float32), int(x) - n, int(y) - n, None)
