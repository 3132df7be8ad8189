"""Under water: light from above, sand, weeds, coral, bubbles and fish."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
from PIL import ImageDraw

from generator.engines.sketch import things
from generator.engines.sketch.color import array, mix, parse, scale
from generator.engines.sketch.frame import Frame
from generator.engines.sketch.noise import resize, smooth
from generator.engines.sketch.pen import curve
from generator.engines.sketch.scene import Placed
from generator.engines.sketch.sky import disc_mask

CORALS = ("e8607a", "f08a4a", "b060c0", "f0b848", "60b890")


def paint_deep(frame: Frame) -> Iterator[float]:
    """From the light down to the sand."""
    _water(frame)
    yield 0.3
    _floor(frame)
    yield 0.45
    _weeds(frame)
    _school(frame)
    yield 0.65
    for _ in things.paint_subjects(frame):
        yield 0.85
    _bubbles(frame)
    yield 1.0


def _water(frame: Frame) -> None:
    p = frame.palette
    dark = 0.5 if frame.scene.night else 1.0
    top = mix(scale(mix(parse("7fe0d8"), p["shallow"], 0.4), dark), (1.0, 1.0, 1.0), 0.15 * dark)
    low = scale(mix(parse("0d4a78"), p["deep"], 0.4), dark)
    t = np.linspace(0, 1, frame.height, dtype=np.float32)[:, None, None] ** 0.75
    frame.rgb[:] = array(top) + (array(low) - array(top)) * t
    h, w = frame.height // 2, frame.width // 2
    y = np.linspace(0, 1, h, dtype=np.float32)[:, None]
    x = np.linspace(-0.5, 0.5, w, dtype=np.float32)[None, :] * (frame.width / frame.unit)
    fan = (x + 0.15) / (0.35 + y)
    rays = smooth(-0.05, 0.7, frame.noise.fbm(fan * 5 + 3, y * 0.5, 3)) * (1 - y) ** 1.4
    light = np.clip(resize(rays.astype(np.float32), frame.height, frame.width), 0, 1)[..., None]
    frame.rgb += light * 0.5 * array(mix(top, (1.0, 1.0, 1.0), 0.5))
    frame.depth[:] = 60.0


def _floor(frame: Frame) -> None:
    gen = frame.streams.get("floor")
    x = np.linspace(0, 5, frame.width, dtype=np.float32) * (frame.width / frame.unit)
    sand = array(frame.palette.lit(frame.palette["sand"], 0.7))
    blue = frame.rgb[-1, 0].copy()
    for layer in range(3):
        level = 0.74 + 0.075 * layer
        line = (
            level + 0.05 * frame.noise.fbm(x + float(gen.random()) * 30, layer * 3.0, 3)
        ) * frame.height
        rows = np.arange(frame.height, dtype=np.float32)[:, None]
        mask = np.clip(rows - line[None, :], 0, 1)
        ripple = frame.noise.at(x[None, :] * 6, rows / frame.unit * 40 + x[None, :] * 2)
        tone = blue + (sand - blue) * (0.22 + 0.25 * layer)
        rgb = tone * (1 + 0.07 * ripple)[..., None]
        frame.rgb += (rgb - frame.rgb) * mask[..., None]
        frame.depth[mask > 0.5] = 14.0 - 5 * layer


def _weeds(frame: Frame) -> None:
    gen = frame.streams.get("weeds")
    with frame.drawn(0, frame.height) as pen:
        for i in range(30):
            x, tall, kind, tone, bend = (float(v) for v in gen.random(5))
            base = frame.height * (0.80 + 0.20 * i / 30)
            near = 0.25 + 0.6 * i / 30
            if kind < 0.62:
                color = mix(parse("2f8a5a"), parse("8ab83c"), tone)
                _frond(
                    frame,
                    pen,
                    (x * frame.width, base),
                    (0.10 + 0.16 * tall, bend),
                    _tint(frame, color, near),
                )
            else:
                color = parse(CORALS[int(tone * len(CORALS))])
                _coral(
                    frame,
                    pen,
                    (x * frame.width, base),
                    (0.03 + 0.03 * tall, bend),
                    _tint(frame, color, near),
                )


def _tint(frame: Frame, color: tuple[float, float, float], near: float) -> tuple[int, int, int]:
    far = frame.rgb[int(frame.height * 0.6), 0]
    r, g, b = (
        int(255 * min(1.0, float(f) + (c - float(f)) * near))
        for c, f in zip(color, far, strict=True)
    )
    return r, g, b


def _frond(
    frame: Frame,
    pen: ImageDraw.ImageDraw,
    at: tuple[float, float],
    shape: tuple[float, float],
    fill: tuple[int, int, int],
) -> None:
    x, y = at
    tall, bend = shape[0] * frame.unit, shape[1] * 6
    for k in range(3):
        off = (k - 1) * 0.014 * frame.unit
        spine = [
            (
                x + off + math.sin(bend + t * 4 + k) * 0.018 * frame.unit * t,
                y - tall * t * (1 - 0.16 * k),
            )
            for t in (j / 6 for j in range(7))
        ]
        left = [(px - 0.008 * frame.unit * (1 - j / 7), py) for j, (px, py) in enumerate(spine)]
        right = [(px + 0.008 * frame.unit * (1 - j / 7), py) for j, (px, py) in enumerate(spine)]
        pen.polygon(
            curve(tuple(left), closed=False) + curve(tuple(reversed(right)), closed=False),
            fill=fill,
        )


def _coral(
    frame: Frame,
    pen: ImageDraw.ImageDraw,
    at: tuple[float, float],
    shape: tuple[float, float],
    fill: tuple[int, int, int],
) -> None:
    stack = [(at[0], at[1], -math.pi / 2 + (shape[1] - 0.5) * 0.4, shape[0] * frame.unit, 0)]
    while stack:
        x, y, angle, long, level = stack.pop()
        nx, ny = x + math.cos(angle) * long, y + math.sin(angle) * long
        width = max(1, int(long * 0.42))
        pen.line((x, y, nx, ny), fill=fill, width=width)
        pen.ellipse((nx - width / 2, ny - width / 2, nx + width / 2, ny + width / 2), fill=fill)
        if level < 3:
            stack += [
                (nx, ny, angle - 0.5, long * 0.76, level + 1),
                (nx, ny, angle + 0.46, long * 0.76, level + 1),
            ]


def _school(frame: Frame) -> None:
    """Small fish in the distance."""
    gen = frame.streams.get("school")
    if "fish" in frame.scene.reading.removed:
        return
    cx, cy = 0.25 + 0.5 * float(gen.random()), 0.25 + 0.2 * float(gen.random())
    drawn = things.sprite(frame, Placed("fish", 0, 0, 1), max(8, int(0.03 * frame.unit)))
    far = frame.rgb[int(frame.height * 0.4), 0]
    rgb = drawn.rgb + (far - drawn.rgb) * 0.55
    for _ in range(13):
        x = (cx + 0.34 * (float(gen.random()) - 0.5)) * frame.width
        y = (cy + 0.2 * (float(gen.random()) - 0.5)) * frame.height
        frame.composite(rgb, drawn.alpha * 0.85, int(x), int(y), 30.0)


def _bubbles(frame: Frame) -> None:
    gen = frame.streams.get("bubbles")
    for x, y, s in gen.random((26, 3)).tolist():
        radius = max(1.2, (0.003 + 0.012 * s**3) * frame.unit)
        alpha, left, top = disc_mask(x * frame.width, y * frame.height * 0.9, radius)
        inner, _, _ = disc_mask(x * frame.width, y * frame.height * 0.9, radius * 0.78)
        pad = (alpha.shape[0] - inner.shape[0]) // 2
        ring = alpha * 0.75
        ring[pad : pad + inner.shape[0], pad : pad + inner.shape[1]] -= (
            inner[: ring.shape[0] - pad, : ring.shape[1] - pad] * 0.55
        )
        frame.composite(
            np.ones((*alpha.shape, 3), np.float32), np.clip(ring, 0, 1) * 0.6, left, top, None
        )
