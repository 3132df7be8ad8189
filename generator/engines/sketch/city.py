"""A skyline: towers in layers, lit windows, antennas."""

from __future__ import annotations

import numpy as np
from PIL import ImageDraw

from generator.engines.sketch.color import RGB, mix, parse, scale, to_bytes
from generator.engines.sketch.frame import Frame
from generator.engines.sketch.words import COLORS

Gen = np.random.Generator
LAYERS = ((1.35, 0.62, 26), (1.12, 0.85, 20), (1.0, 1.0, 13))  # depth, height, towers
GLOW = ("ffd890", "ffe8b8", "fff4dc", "bfe0ff", "ffc470")
NEON = ("ff5ad0", "50e8ff", "ffd890", "b070ff", "ff9a60")


def paint_city(frame: Frame) -> None:
    """Far to near; the whole city stands on one line of ground."""
    land = frame.scene.land
    z = land.lake[1] + 1.0 if land.lake else 15.0
    gen = frame.streams.get("city")
    centre = 0.3 + 0.4 * float(gen.random())
    foot = frame.project(0.0, frame.ground(0.0, z + 0.5), z + 0.5)[1] + 1
    for depth, tall, count in LAYERS:
        _layer(frame, gen, (z * depth, tall, count), centre, foot)


def _layer(
    frame: Frame, gen: Gen, layer: tuple[float, float, int], centre: float, foot: float
) -> None:
    z, tall, count = layer
    draws = gen.random((count, 8)).tolist()
    count = max(4, round(count * frame.width / frame.unit))
    boxes = []
    for i in range(count):
        d = draws[i % len(draws)]
        x = (i + 0.2 + 0.6 * d[0]) / count
        middle = max(0.0, 1.0 - abs(x - centre) * 2.4)
        high = (
            (0.10 + 0.16 * d[1] + 0.30 * middle * (0.35 + 0.65 * d[2]))
            * tall
            * min(frame.unit, frame.height * 1.15)
        )
        wide = frame.unit * (0.030 + 0.030 * d[3])
        boxes.append((x * frame.width - wide / 2, foot - high, wide, d))
    top = int(min(b[1] for b in boxes) - 0.14 * frame.unit)
    with frame.drawn(top, int(foot) + 2) as pen:
        for x, y, wide, d in boxes:
            _tower(frame, pen, (x, y - max(0, top), wide, foot - max(0, top)), d, z)
    low = max(0, int(foot))
    for x, y, wide, _ in boxes:
        covered = np.s_[max(0, int(y)) : low, max(0, int(x)) : max(0, int(x + wide))]
        frame.depth[covered], frame.figure[covered] = z, True


def _tower(
    frame: Frame,
    pen: ImageDraw.ImageDraw,
    box: tuple[float, float, float, float],
    d: list[float],
    z: float,
) -> None:
    x, y, wide, foot = box
    body = _body(frame, d, z)
    fill, shade = to_bytes(body), to_bytes(scale(body, 0.78))
    split = x + wide * (0.62 if frame.scene.side < 0 else 0.38)
    pen.rectangle((x, y, x + wide, foot), fill=fill)
    left = split < x + wide / 2
    pen.rectangle((x, y, split, foot) if left else (split, y, x + wide, foot), fill=shade)
    if d[4] < 0.4:
        inset, step = wide * 0.2, wide * (0.3 + d[5])
        pen.rectangle((x + inset, y - step, x + wide - inset, y), fill=fill)
        y -= step
        x, wide = x + inset, wide - 2 * inset
    elif d[4] < 0.55:
        pen.polygon([(x, y), (x + wide, y), (x + wide / 2, y - wide * 1.1)], fill=shade)
    if d[5] < 0.3:
        pen.line(
            (x + wide / 2, y - wide * 1.2, x + wide / 2, y),
            fill=shade,
            width=max(1, int(frame.unit / 400)),
        )
    _windows(frame, pen, (x, y, wide, foot), d, body)


def _body(frame: Frame, d: list[float], z: float) -> RGB:
    p = frame.palette
    base = mix(mix(parse("8a8f9c"), parse("b89a86"), d[6]), parse("5f7388"), d[7])
    bound = frame.scene.reading.color("city")
    if bound:
        base = mix(base, parse(COLORS[bound]), 0.6)
    lit = p.lit(base, 0.75)
    if frame.scene.night:
        lit = mix(scale(lit, 0.62), p["zenith"], 0.35)
    return mix(lit, p["haze"], min(0.75, frame.haze(z) * (1.5 if not frame.scene.night else 0.8)))


def _windows(
    frame: Frame,
    pen: ImageDraw.ImageDraw,
    box: tuple[float, float, float, float],
    d: list[float],
    body: RGB,
) -> None:
    x, y, wide, foot = box
    pitch = max(3.0, frame.unit * 0.0105)
    columns, rows = max(1, int(wide / pitch) - 0), int((foot - y) / (pitch * 1.25))
    night = frame.scene.night
    table = (
        NEON
        if frame.scene.reading.has("city")
        and "cyberpunk" in frame.scene.reading.things["city"].words
        else GLOW
    )
    state = int(d[0] * 65536) + 1
    size = pitch * 0.5
    for row in range(rows):
        for column in range(columns):
            state = (state * 1103515245 + 12345) & 0x7FFFFFFF
            draw = (state >> 12 & 1023) / 1023
            on = draw < (0.5 if night else 0.16 if frame.scene.time == "grey" else 0.0)
            color = (
                mix(body, parse(table[(state >> 8) % len(table)]), min(1.0, 0.55 + 0.9 * draw))
                if on
                else scale(body, 0.80 if night else 0.74 + 0.2 * draw)
            )
            wx = x + (column + 0.5) * wide / columns - size / 2
            wy = y + (row + 0.45) * pitch * 1.25
            pen.rectangle((wx, wy, wx + size - 0.5, wy + size * 1.1), fill=to_bytes(color))
