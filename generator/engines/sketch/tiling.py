"""Seamless patterns: periodic ground and motifs that cross the edges."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from generator.engines.sketch import things
from generator.engines.sketch.color import RGB, Floats, array, mix, parse, scale
from generator.engines.sketch.frame import Frame
from generator.engines.sketch.noise import field, smooth
from generator.engines.sketch.pen import shapes
from generator.engines.sketch.scene import Placed
from generator.engines.sketch.strokes import Work
from generator.engines.sketch.trees import Grove
from generator.engines.sketch.words import COLORS

Stamp = tuple[Floats, Floats]  # colours, coverage
GROUNDS = ("f6ead4 e8d4b0", "dcebdc b8d4b8", "dbe8f4 b0cce6", "f4dcd8 e6b8b4", "e6e0f2 c4b8e0")


def paint_tile(frame: Frame) -> Iterator[float]:
    """Ground, small ornaments, then motifs on a lattice of the torus."""
    _ground(frame)
    yield 0.3
    motifs = _motifs(frame)
    yield 0.6
    _dots(frame)
    _throw(frame, motifs)
    frame.depth[:] = 10.0
    yield 1.0


def _ground(frame: Frame) -> None:
    gen = frame.streams.get("ground")
    a, b = _ground_colors(frame, float(gen.random()))
    soft = field(gen, frame.height, frame.width, 3, 3)
    frame.rgb[:] = array(a) + (array(b) - array(a)) * smooth(-0.5, 0.6, soft)[..., None]
    if frame.scene.reading.has("sea", "boat", "ship", "whale", "fish", "lake"):
        _waves(frame, a, b)
    else:
        lines = np.abs((soft * 5) - np.round(soft * 5))
        ink = smooth(0.05, 0.02, lines) * 0.28
        frame.rgb += (array(scale(b, 0.72)) - frame.rgb) * ink[..., None]


def _ground_colors(frame: Frame, draw: float) -> tuple[RGB, RGB]:
    reading, p = frame.scene.reading, frame.palette
    if reading.colors:
        first = parse(COLORS[reading.colors[0]])
        return mix(first, (1.0, 1.0, 1.0), 0.12), scale(first, 0.86)
    if frame.scene.night:
        return scale(p["upper"], 1.0), scale(p["zenith"], 1.1)
    if reading.has("sea", "boat", "ship", "whale", "fish", "lake"):
        return parse("f4f0e2"), parse("2f7a98")
    if reading.has("forest", "tree", "meadow", "pine"):
        return parse("d8e4c0"), parse("a8c49a")
    pair = GROUNDS[int(draw * len(GROUNDS))].split()
    return parse(pair[0]), parse(pair[1])


def _waves(frame: Frame, a: RGB, b: RGB) -> None:
    """Scales of concentric arcs in a brick pattern, each row laid over the one above it."""
    columns = max(3, round(frame.width / frame.unit * 6))
    wide = frame.width / columns
    rows = max(4, 2 * round(frame.height / wide * 2))
    y = np.arange(frame.height, dtype=np.float32)[:, None] * (rows / frame.height)
    x = np.arange(frame.width, dtype=np.float32)[None, :] * (columns / frame.width)
    flat = frame.height / rows / wide  # the distance of rows in the widths of scales
    away = np.full((frame.height, frame.width), 9.0, np.float32)
    for k in range(3):
        row = np.floor(y) + 2 - k
        dx = x - (row % 2) * 0.5
        dx = dx - np.round(dx)
        d = np.sqrt(dx * dx + ((y - row) * flat) ** 2)
        away = np.where((away > 1) & (d < 0.5), d, away)
    ring = smooth(-0.3, 0.3, np.cos(np.minimum(away, 0.5) * 2 * np.pi * 5))
    frame.rgb[:] = array(a) + (array(b) - array(a)) * (1 - ring)[..., None]


def _motifs(frame: Frame) -> list[Stamp]:
    """One to three drawings of what the prompt names."""
    scene = frame.scene
    size = int(frame.unit * 0.21)
    named: list[Stamp] = []
    seen: set[str] = set()
    for placed in [*scene.subjects, *scene.placed]:
        if placed.shape in shapes() and placed.shape not in seen:
            seen.add(placed.shape)
            tall = int(size / max(1.0, shapes()[placed.shape].width) ** 0.6)
            drawn = things.sprite(frame, Placed(placed.shape, 0, 0, 1, placed.thing), tall)
            named.append((drawn.rgb, drawn.alpha))
    named = named[:3]
    if scene.reading.has("tree", "pine", "forest", "palm", "cherry", "cactus") or (
        named and scene.kind == "land" and scene.trees
    ):
        named += _trees(frame, size)
    for kind in scene.flowers[:2]:
        named.append(_blossom(frame, kind, size))
    if not named:
        named = [_ornament(frame, k, size) for k in range(3)]
    return named


def _trees(frame: Frame, size: int) -> list[Stamp]:
    grove = Grove(frame, size)
    kinds = sorted({t.shape for t in frame.scene.trees})[:2] or ["tree"]
    out = []
    for kind in kinds:
        data = np.asarray(grove.stamp(kind, 0), np.float32) * (1 / 255)
        out.append((data[..., :3], data[..., 3]))
    return out


def _blossom(frame: Frame, kind: str, size: int) -> Stamp:
    from generator.engines.sketch.ground import petal

    return _radial(
        size, petal(frame, kind, 0.5), {"sunflower": 13, "daisy": 10, "rose": 6}.get(kind, 6), 0.62
    )


def _ornament(frame: Frame, k: int, size: int) -> Stamp:
    colors = [parse(COLORS[c]) for c in frame.scene.reading.colors[1:]] or [
        parse(c) for c in ("3f5a8a", "d8604a", "e0a030")
    ]
    return _radial(
        int(size * (0.9 - 0.2 * k)), colors[k % len(colors)], (6, 8, 12)[k], (0.62, 0.8, 0.36)[k]
    )


def _radial(size: int, color: RGB, petals: int, width: float) -> Stamp:
    """A flower drawn by its polar equation."""
    g = np.linspace(-1.1, 1.1, size, dtype=np.float32)
    x, y = g[None, :], g[:, None]
    r, angle = np.sqrt(x * x + y * y), np.arctan2(y, x)
    lobe = np.abs(np.cos(angle * petals / 2)) ** width
    alpha = np.clip((0.30 + 0.68 * lobe - r) * size * 0.28, 0, 1)
    shade = 0.72 + 0.42 * np.clip(r, 0, 1) + 0.10 * (x * -0.7 - y * 0.7)
    rgb = array(color) * shade[..., None]
    core = np.clip((0.24 - r) * size * 0.3, 0, 1)[..., None]
    rgb = rgb + (array((0.97, 0.82, 0.35)) * (1.0 - 0.5 * r)[..., None] - rgb) * core
    return np.clip(rgb, 0, 1).astype(np.float32), alpha.astype(np.float32)


def _dots(frame: Frame) -> None:
    gen = frame.streams.get("dots")
    tone = np.clip(frame.rgb.mean(axis=(0, 1)) * 0.5 + array((0.45, 0.18, 0.12)), 0, 1)
    for x, y, s in gen.random((34, 3)).tolist():
        _wrap(
            frame, _disc(frame.unit * (0.004 + 0.005 * s), tone), x * frame.width, y * frame.height
        )


def _disc(radius: float, tone: Floats) -> Stamp:
    n = int(radius * 2) + 3
    g = np.arange(n, dtype=np.float32) - (n - 1) / 2
    alpha = np.clip(radius - np.hypot(g[None, :], g[:, None]) + 0.5, 0, 1)
    return np.broadcast_to(tone.astype(np.float32), (n, n, 3)), alpha.astype(np.float32)


def _throw(frame: Frame, motifs: list[Stamp]) -> None:
    """Motifs in turn on an even lattice of the torus, each a little off its place."""
    gen = frame.streams.get("darts")
    count = max(5, round(13 * frame.width * frame.height / frame.unit**2))
    turn = max(range(1, count), key=lambda g: _spacing(frame, count, g))
    ox, oy = (float(v) for v in gen.random(2))
    shifts = ((gen.random((count, 2)) - 0.5) * (0.25 / count**0.5)).tolist()
    chosen = [
        ((ox + k / count + dx) % 1.0, (oy + k * turn / count + dy) % 1.0)
        for k, (dx, dy) in enumerate(shifts)
    ]
    for k in sorted(range(count), key=lambda k: chosen[k][1]):
        rgb, alpha = motifs[k % len(motifs)]
        if gen.random() < 0.5:
            rgb, alpha = rgb[:, ::-1], alpha[:, ::-1]
        _wrap(frame, (rgb, alpha), chosen[k][0] * frame.width, chosen[k][1] * frame.height)


def _spacing(frame: Frame, count: int, turn: int) -> float:
    """How far apart the points k / count, k * turn / count are at least."""
    others = ((k / count, k * turn / count % 1.0) for k in range(1, count))
    return min(_gap(frame, (0.0, 0.0), other) for other in others)


def _gap(frame: Frame, a: tuple[float, float], b: tuple[float, float]) -> float:
    dx, dy = abs(a[0] - b[0]), abs(a[1] - b[1])
    dx, dy = min(dx, 1 - dx) * frame.width, min(dy, 1 - dy) * frame.height
    return (dx * dx + dy * dy) ** 0.5 / frame.unit


def _wrap(frame: Frame, stamp: Stamp, x: float, y: float) -> None:
    """Draw `stamp` centred at a point, and again wherever it crosses an edge."""
    rgb, alpha = stamp
    h, w = alpha.shape
    left, top = int(x - w / 2), int(y - h / 2)
    for dx in (-frame.width, 0, frame.width):
        for dy in (-frame.height, 0, frame.height):
            frame.composite(rgb, alpha, left + dx, top + dy, None)


def finish_tile(frame: Frame, rgb: Floats) -> Work:
    """A printed look that keeps the edges meeting."""
    yield
    weave = field(frame.streams.get("weave"), frame.height, frame.width, 64, 2)
    return np.clip(rgb * (1 + 0.03 * weave)[..., None], 0, 1)
