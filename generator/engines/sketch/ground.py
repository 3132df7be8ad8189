"""What grows at the painter's feet: grass and flowers; and what falls: rain and snow."""

from __future__ import annotations

import math

import numpy as np
from PIL import Image, ImageDraw

from generator.engines.sketch import finish
from generator.engines.sketch.color import RGB, array, mix, parse, scale
from generator.engines.sketch.frame import SKY, Frame
from generator.engines.sketch.noise import field, resize
from generator.engines.sketch.sky import disc_mask
from generator.engines.sketch.terrain import path
from generator.engines.sketch.words import COLORS

PETALS = {"rose": "d22848", "tulip": "e8404c", "sunflower": "f4b81c", "daisy": "fbfaf2",
          "poppy": "e0301e", "lavender": "8a62c8"}  # fmt: skip
SMALL = 200  # pixels; a colour study shows no blade of grass by itself
MEADOW = ("e8486a", "f7f2ea", "f4c430", "b266d0", "f08ab0")


def paint_grass(frame: Frame) -> None:
    """Blades over near grass, coloured from the ground under them."""
    if frame.scene.land.ground != "grass":
        return
    gen = frame.streams.get("grass")
    count = 7000 if frame.unit > SMALL else 2500
    v = np.sort(gen.random(count) ** 0.75)
    x, bend, tall, tone = (gen.random(count).astype(np.float32) for _ in range(4))
    top = frame.horizon + 0.085 * frame.unit
    y = (top + (frame.height * 1.05 - top) * v).astype(np.float32)
    rows = np.minimum(y.astype(np.int32), frame.height - 1)
    columns = np.minimum((x * frame.width).astype(np.int32), frame.width - 1)
    z = frame.depth[rows, columns]
    tint = frame.rgb[rows, columns]
    patch = frame.noise.fbm(x * 9, y / frame.unit * 14, 3)
    size = frame.unit / np.maximum(z, 0.5) * (0.035 + 0.12 * tall * (0.8 + 0.6 * patch))
    shade = np.clip(tint * (0.62 + 0.62 * tone + 0.2 * patch)[:, None], 0, 1) * 255
    bare = frame.water | frame.figure
    green = (tint[:, 1] >= tint[:, 2] * 0.94) & (z < 9) & ~bare[rows, columns]
    if frame.scene.land.road:
        world = (x - 0.5) * (frame.width / frame.unit) * z
        green &= np.abs(world - path(z, 1.1)) > 0.62
    off = max(0, int(top - 0.06 * frame.unit))
    lean = size * (bend - 0.5 + 0.25 * patch) * 1.1
    half = np.maximum(0.55, size * 0.034)
    px, foot = x * frame.width, y - off
    blades = np.stack([px - half, foot, px + half, foot, px + lean, foot - size], axis=1)[green]
    with frame.drawn(off, frame.height) as pen:
        finish.fill(pen, blades, shade[green])


def paint_flowers(frame: Frame) -> None:
    """Blossoms scattered by depth: dots far away, petals near."""
    kinds = frame.scene.flowers
    if not kinds or frame.scene.kind != "land":
        return
    gen = frame.streams.get("flowers")
    count = 1000
    v = np.sort(gen.random(count) ** 1.45)
    top = frame.horizon + 0.05 * frame.unit
    ys = (top + (frame.height * 1.03 - top) * v).tolist()
    xs = (gen.random(count) * frame.width).tolist()
    pick, tint, size = (gen.random(count).tolist() for _ in range(3))
    with frame.drawn(int(top - 0.05 * frame.unit), frame.height) as pen:
        off = int(max(0, top - 0.05 * frame.unit))
        for x, y, k, t, s in zip(xs, ys, pick, tint, size, strict=True):
            row, column = min(frame.height - 1, int(y)), min(frame.width - 1, int(x))
            z = float(frame.depth[row, column])
            if z < 14 and not (frame.water[row, column] or frame.figure[row, column]):
                kind = kinds[int(k * len(kinds))]
                radius = frame.unit / z * (0.055 + 0.075 * s)
                _flower(pen, x, y - off, radius, kind, petal(frame, kind, t), frame)


def petal(frame: Frame, kind: str, draw: float) -> RGB:
    """The colour of one blossom of `kind`; `draw` 0..1 varies it."""
    bound = frame.scene.reading.color(kind)
    base = COLORS[bound] if bound else PETALS.get(kind) or MEADOW[int(draw * len(MEADOW))]
    if kind == "tulip" and not bound:
        base = ("e8404c", "f4b81c", "f6eee4", "e070a8", "f08030")[int(draw * 5)]
    return scale(frame.palette.lit(parse(base), 0.95), 0.92 + 0.3 * (draw - 0.5))


def _flower(
    pen: ImageDraw.ImageDraw, x: float, y: float, r: float, kind: str, color: RGB, frame: Frame
) -> None:
    fill = tuple(int(v * 255) for v in color)
    dark = tuple(int(v * 200) for v in color)
    stem = tuple(int(v * 215) for v in frame.palette.lit(frame.palette["grass"], 0.6))
    if r < 2.2:
        pen.ellipse((x - r, y - r, x + r, y + r), fill=fill)
        return
    pen.line([(x, y), (x, y + r * 3)], fill=stem, width=max(1, int(r * 0.22)))
    for side in (-1, 1):
        leaf = [
            (x, y + r * 2.4),
            (x + side * r * 1.3, y + r * 0.9),
            (x + side * r * 0.5, y + r * 2.2),
        ]
        pen.polygon(leaf, fill=stem)
    if kind == "tulip":
        pen.polygon(
            [
                (x - r * 0.75, y - r),
                (x - r * 0.35, y - r * 0.5),
                (x, y - r * 1.15),
                (x + r * 0.35, y - r * 0.5),
                (x + r * 0.75, y - r),
                (x + r * 0.6, y + r * 0.6),
                (x, y + r),
                (x - r * 0.6, y + r * 0.6),
            ],
            fill=fill,
        )
        pen.polygon(
            [
                (x, y - r * 1.15),
                (x + r * 0.35, y - r * 0.4),
                (x, y + r),
                (x - r * 0.35, y - r * 0.4),
            ],
            fill=dark,
        )
    elif kind == "lavender":
        for k in range(10):
            w = r * (0.34 - 0.026 * k)
            cy = y + r * 0.6 - r * 0.3 * k
            sway = w * 0.5 * (1 if k % 2 else -1)
            box = (x + sway - w, cy - w, x + sway + w, cy + w)
            pen.ellipse(box, fill=fill if k % 2 else dark)
    else:
        _petals(pen, x, y, r, kind, fill, dark)


def _petals(
    pen: ImageDraw.ImageDraw,
    x: float,
    y: float,
    r: float,
    kind: str,
    fill: tuple[int, ...],
    dark: tuple[int, ...],
) -> None:
    count = {"sunflower": 13, "daisy": 9, "rose": 7}.get(kind, 5)
    long = 1.25 if kind == "sunflower" else 1.0
    for ring, tone in ((1.12, tuple(v * 3 // 5 for v in dark)), (0.86, fill)):
        for k in range(count):
            a = k / count * math.tau + ring
            px, py, w = (
                x + math.cos(a) * r * 0.62 * long,
                y + math.sin(a) * r * 0.52 * long,
                r * 0.46 * ring * (0.6 if count > 8 else 1),
            )
            pen.ellipse((px - w, py - w, px + w, py + w), fill=tone)
    core = {"sunflower": (82, 48, 24), "rose": dark, "poppy": (40, 26, 30)}.get(
        kind, (246, 208, 70)
    )
    w = r * (0.52 if kind == "sunflower" else 0.3)
    pen.ellipse((x - w, y - w * 0.9, x + w, y + w * 0.9), fill=core)


def paint_fog(frame: Frame) -> None:
    """Veils of mist, thicker low down and far away."""
    if "fog" not in frame.scene.features:
        return
    gen = frame.streams.get("fog")
    h, w = frame.height // 2, frame.width // 2
    drift = np.clip(field(gen, h, w, 3, 4) * 0.5 + 0.55, 0, 1)
    rows = np.linspace(0, 1, h, dtype=np.float32)[:, None] - frame.scene.horizon
    low = np.exp(-((rows * 2.6 - 0.05) ** 2))
    veil = resize(((0.1 + drift) * low * 0.8).astype(np.float32), frame.height, frame.width)
    far = np.clip(frame.depth / 14.0, 0.1, 0.85)
    a = np.clip(veil * far + 0.3 * (frame.depth >= SKY), 0, 0.85)[..., None]
    frame.rgb += (array(mix(frame.palette["haze"], frame.palette["horizon"], 0.4)) - frame.rgb) * a


def paint_falling(frame: Frame) -> None:
    """Rain streaks or snowflakes before everything."""
    scene = frame.scene
    if ("rain" in scene.features and "rainbow" not in scene.features) or "storm" in scene.features:
        _rain(frame)
    elif (
        "snow" in scene.features
        and scene.reading.has("snow")
        and set(scene.reading.things["snow"].words) - {"snowy"}
    ):
        _snowfall(frame)


def _rain(frame: Frame) -> None:
    gen = frame.streams.get("rain")
    count = 340
    xs, ys = (
        (gen.random(count) * frame.width * 1.1).tolist(),
        (gen.random(count) * frame.height * 1.1).tolist(),
    )
    size = gen.random(count).tolist()
    layer = np.zeros((frame.height, frame.width), np.float32)
    image = Image.fromarray(layer.astype(np.uint8))
    pen = ImageDraw.Draw(image)
    for x, y, s in zip(xs, ys, size, strict=True):
        length = frame.unit * (0.025 + 0.05 * s)
        pen.line(
            (x, y, x - length * 0.22, y + length),
            fill=int(40 + 55 * s),
            width=max(1, int(frame.unit / 640)),
        )
    a = (np.asarray(image, np.float32) * (1 / 255))[..., None]
    frame.rgb += (array(mix(frame.palette["haze"], (1.0, 1.0, 1.0), 0.4)) - frame.rgb) * a
    grey = frame.rgb.mean(axis=2, keepdims=True)
    frame.rgb += (grey - frame.rgb) * 0.3


def _snowfall(frame: Frame) -> None:
    gen = frame.streams.get("snowfall")
    white = array(mix(frame.palette["snow"], frame.palette["key"], 0.15))
    for x, y, s in zip(
        gen.random(240).tolist(), gen.random(240).tolist(), gen.random(240).tolist(), strict=True
    ):
        radius = frame.unit * (0.0022 + 0.0085 * s**4)
        alpha, left, top = disc_mask(x * frame.width, y * frame.height, max(0.7, radius))
        frame.composite(
            np.broadcast_to(white, (*alpha.shape, 3)), alpha * (0.85 - 0.3 * s), left, top, None
        )
