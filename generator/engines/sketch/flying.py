"""What is in the air: birds, fireworks, meteors, a planet in the sky, a volcano's fire."""

from __future__ import annotations

import math

import numpy as np
from PIL import ImageDraw

from generator.engines.sketch import space
from generator.engines.sketch.color import array, mix, parse, scale
from generator.engines.sketch.frame import Frame
from generator.engines.sketch.noise import field, resize
from generator.engines.sketch.pen import curve
from generator.engines.sketch.terrain import FALL, path

Gen = np.random.Generator


def paint_sky_things(frame: Frame) -> None:
    """Planet, meteors and fireworks, behind the land."""
    features = frame.scene.features
    if "planet" in features:
        space.paint_planets(frame)
        frame.depth[:] = 1000.0
    if "meteor" in features:
        _meteors(frame)
    if "fireworks" in features:
        _fireworks(frame)


def paint_birds(frame: Frame) -> None:
    """A loose flock of pen strokes against the sky."""
    if "birds" not in frame.scene.features:
        return
    gen = frame.streams.get("birds")
    thing = frame.scene.reading.things["birds"]
    count = thing.count if thing.counted else 7 if thing.plural or "flock" in thing.words else 2
    cx, cy = 0.3 + 0.4 * float(gen.random()), 0.18 + 0.14 * float(gen.random())
    tone = tuple(
        int(v * 255) for v in scale(mix(frame.palette["zenith"], (0.1, 0.1, 0.14), 0.6), 0.7)
    )
    with frame.drawn(0, int(frame.horizon)) as pen:
        for i in range(count):
            a, b, c = (float(v) for v in gen.random(3))
            x = (cx + (a - 0.5) * 0.5) * frame.width
            y = (cy + (b - 0.5) * 0.22 + 0.02 * (i % 3)) * frame.height
            _bird(pen, x, y, frame.unit * (0.016 + 0.018 * c), 0.2 + 0.6 * b, tone)


def _bird(
    pen: ImageDraw.ImageDraw, x: float, y: float, span: float, lift: float, tone: tuple[int, ...]
) -> None:
    for s in (-1, 1):
        upper = ((x, y), (x + s * span * 0.45, y - span * lift), (x + s * span, y - span * 0.1))
        lower = (
            (x + s * span, y - span * 0.1),
            (x + s * span * 0.45, y - span * lift * 0.62),
            (x, y + span * 0.14),
        )
        pen.polygon(curve(upper, closed=False) + curve(lower, closed=False), fill=tone)


def _meteors(frame: Frame) -> None:
    gen = frame.streams.get("meteor")
    for _ in range(1 + int(gen.random() * 3)):
        x, y = float(gen.random()) * frame.width, float(gen.random()) * frame.horizon * 0.5
        long = frame.unit * (0.14 + 0.16 * float(gen.random()))
        for k in range(60):
            t = k / 60
            frame.shine(
                x + long * t * 0.9,
                y + long * t * 0.42,
                frame.unit * (0.002 + 0.005 * t),
                (0.9, 0.95, 1.0),
                0.5 * t * t,
            )


def _fireworks(frame: Frame) -> None:
    gen = frame.streams.get("fireworks")
    tones = ("ff5a5a", "ffd860", "60c8ff", "ff80d0", "90f090", "f8f0e0")
    for k in range(5):
        x, y = (
            (0.12 + 0.76 * float(gen.random())) * frame.width,
            (0.1 + 0.34 * float(gen.random())) * frame.height,
        )
        tone, reach = (
            parse(tones[(k + int(gen.random() * 6)) % 6]),
            frame.unit * (0.09 + 0.09 * float(gen.random())),
        )
        frame.shine(x, y, reach * 0.7, tone, 0.25)
        with frame.drawn(0, int(frame.horizon)) as pen:
            for ray in range(34):
                angle, far = ray / 34 * math.tau, reach * (0.7 + 0.3 * float(gen.random()))
                for j in range(10):
                    t = 0.25 + 0.75 * j / 10
                    px, py = (
                        x + math.cos(angle) * far * t,
                        y + math.sin(angle) * far * t + 0.12 * reach * t * t,
                    )
                    r = frame.unit * 0.0022 * (1.2 - t * 0.6)
                    fill = tuple(
                        int(255 * v) for v in mix((1.0, 1.0, 0.95), tone, min(1.0, t * 1.3))
                    )
                    pen.ellipse((px - r, py - r, px + r, py + r), fill=fill)


def paint_lava(frame: Frame) -> None:
    """Glow, smoke and streams of a volcano."""
    cone = frame.scene.land.cone
    if cone is None or "volcano" not in frame.scene.reading.things:
        return
    x, z, lift, _ = cone
    px, py = frame.project(x, lift * 0.72, z)
    gen = frame.streams.get("lava")
    r = frame.unit * 0.06
    _smoke(frame, px, py)
    frame.shine(px, py - r * 0.2, r * 0.7, (1.0, 0.45, 0.12), 0.7)
    frame.shine(px, py - r, r * 2.6, (0.9, 0.25, 0.08), 0.4)
    with frame.drawn(0, int(frame.horizon) + 1) as pen:
        for a, b, c in gen.random((70, 3)).tolist():
            sx, sy = px + (a - 0.5) * r * (1 + 3 * b), py - b * b * r * 4
            spark = frame.unit * (0.0012 + 0.0028 * c * c)
            pen.ellipse((sx - spark, sy - spark, sx + spark, sy + spark), fill=(255, 190, 96))
        for k in range(3):
            _stream(frame, pen, (px + (k - 1) * r * 0.3, py), k - 1, gen)


def _stream(
    frame: Frame, pen: ImageDraw.ImageDraw, at: tuple[float, float], lean: int, gen: Gen
) -> None:
    """One stream of lava down the slope, and its light."""
    r = frame.unit * 0.06
    bends = (gen.random(18) - 0.5 + 0.25 * lean).tolist()
    points = [at]
    for bend in bends:
        points.append((points[-1][0] + bend * r * 0.22, points[-1][1] + r * 0.13))
        frame.shine(*points[-1], r * 0.14, (1.0, 0.36, 0.08), 0.22)
    for width, tone in ((0.13, (226, 66, 22)), (0.06, (255, 190, 80))):
        pen.line(points, fill=tone, width=max(1, round(r * width)), joint="curve")


def _smoke(frame: Frame, px: float, py: float) -> None:
    h, w = frame.height // 3, frame.width // 3
    y = (np.arange(h, dtype=np.float32)[:, None] * 3 - py) / frame.unit
    x = (np.arange(w, dtype=np.float32)[None, :] * 3 - px) / frame.unit
    up = np.clip(-y, 0, 1)
    puff = field(frame.streams.get("smoke"), h, w, 7, 5)
    column = np.exp(-(((x - up * 0.25) / (0.05 + up * 0.42)) ** 2)) * (y < 0.01)
    alpha = np.clip(column * (0.9 + 0.35 * puff) * (1.1 - up * 1.3), 0, 0.92).astype(np.float32)
    hot = np.exp(-up * 14)[..., None] * 0.7
    dark, glow = array(scale(frame.palette["ambient"], 0.55)), array((0.95, 0.42, 0.18))
    body = dark * (1.1 + 0.35 * puff)[..., None]
    body = body + (glow - body) * hot
    a = np.clip(resize(alpha, frame.height, frame.width), 0, 1)[..., None]
    for c in range(3):
        plane = resize(
            np.ascontiguousarray(np.broadcast_to(body[..., c], alpha.shape), np.float32),
            frame.height,
            frame.width,
        )
        frame.rgb[..., c] += (plane - frame.rgb[..., c]) * a[..., 0]


def paint_fall(frame: Frame) -> None:
    """White water down the rock, and the spray at its foot."""
    land = frame.scene.land
    if not land.fall:
        return
    middle = float(path(np.full((1, 1), FALL, np.float32), 1.3)[0, 0])
    level = max(frame.levels([middle] * 6, [FALL + 0.2 * k for k in range(1, 7)]))
    x, top = frame.project(middle, level, FALL + 1.0)
    foot = frame.project(middle, 0.0, FALL - 0.6)[1]
    half = 0.04 * frame.unit
    y0, y1 = max(0, int(top)), min(frame.height, int(foot) + 2)
    x0, x1 = max(0, int(x - half * 1.6)), min(frame.width, int(x + half * 1.6))
    if y1 - y0 < 3 or x1 - x0 < 3:
        return
    down = np.linspace(0, 1, y1 - y0, dtype=np.float32)[:, None]
    across = (np.arange(x0, x1, dtype=np.float32)[None, :] - x) / half
    streaks = frame.noise.fbm(across * 5 + 3, down * 2.2, 3)
    edge = np.abs(across) - (0.62 + 0.3 * down + 0.18 * frame.noise.at(down * 6, 4.0))
    alpha = np.clip(-edge * 6, 0, 1) * np.clip(0.82 + 0.35 * streaks, 0, 1)
    white = mix(frame.palette["cloud"], frame.palette["haze"], 0.3)
    body = array(frame.palette.lit(white, 0.9)) * (0.86 + 0.2 * streaks)[..., None]
    frame.composite(np.clip(body, 0, 1), alpha, x0, y0, FALL)
    for k in range(7):
        frame.shine(x + (k - 3) * half * 0.45, foot, half * 0.55, white, 0.22)
