"""A small world on a slab, seen from above at an angle."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from generator.engines.sketch import abstract, finish, sky, space, things, trees
from generator.engines.sketch.color import RGB, Floats, array, mix, parse, scale, to_bytes
from generator.engines.sketch.frame import Frame
from generator.engines.sketch.pen import shapes
from generator.engines.sketch.placing import ALOFT, SIZES
from generator.engines.sketch.reading import Thing
from generator.engines.sketch.scene import Placed
from generator.engines.sketch.trees import Grove

CELLS = 26
BARE = {"space": "8a86a8", "still": "b88a60"}  # slabs that nothing grows on
Grid = Floats


@dataclass
class Slab:
    """Heights in cells, colours by kind of cover, and the geometry on screen."""

    height: Grid
    cover: NDArray[np.int8]  # 0 ground, 1 water, 2 rock, 3 snow, 4 sand, 5 road
    cell: float
    x0: float
    y0: float

    def at(self, i: float, j: float, lift: float = 0.0) -> tuple[float, float]:
        """Screen position of a grid point."""
        return self.x0 + (i - j) * self.cell, self.y0 + (i + j) * self.cell * 0.5 - lift * self.cell


def paint_isometric(frame: Frame) -> Iterator[float]:
    """Backdrop, blocks from back to front, then what stands on them."""
    _backdrop(frame)
    yield 0.2
    slab = _slab(frame)
    _blocks(frame, slab)
    yield 0.5
    for _ in _standing(frame, slab):
        yield 0.8
    yield 1.0


def _backdrop(frame: Frame) -> None:
    p, space_scene = frame.palette, frame.scene.kind == "space"
    top, low = (
        (p["zenith"], p["middle"])
        if space_scene
        else (p["upper"], mix(p["horizon"], p["middle"], 0.25))
    )
    t = np.linspace(0, 1, frame.height, dtype=np.float32)[:, None, None]
    frame.rgb[:] = array(top) + (array(low) - array(top)) * t
    frame.depth[:] = 60.0
    if frame.scene.night or space_scene:
        sky.paint_stars(frame, 0.7)
    if space_scene:
        sky.paint_galaxy(frame, 0.6)
        size = min(frame.width, frame.height) / frame.unit
        space.globe(frame, (0.5, 0.30), 0.17 * size, (parse("c8683c"), parse("d8a070")), -0.3,
                    ringed=frame.scene.reading.has("rings", "planet"))  # fmt: skip
    y = (np.arange(frame.height, dtype=np.float32)[:, None] / frame.height - 0.86) * 5.5
    x = (np.arange(frame.width, dtype=np.float32)[None, :] / frame.width - 0.5) * 2.6
    shade = np.exp(-(x * x * 1.4 + y * y))[..., None] * (0.0 if space_scene else 0.42)
    frame.rgb *= 1 - shade


def _slab(frame: Frame) -> Slab:
    n, gen = CELLS, frame.streams.get("slab")
    has = frame.scene.reading.has
    side = min(frame.width, frame.height * 1.25)
    cell = side * 0.90 / (2 * n)
    i, j = np.meshgrid(
        np.arange(n, dtype=np.float32), np.arange(n, dtype=np.float32), indexing="ij"
    )
    ox = float(gen.random()) * 40
    rough = frame.noise.fbm(i * 0.13 + ox, j * 0.13, 3)
    height = 1.2 + rough * (0.25 if frame.scene.land.ground == "street" or has("city") else 0.8)
    cover = np.zeros((n, n), np.int8)
    if has("mountain", "volcano", "canyon"):
        peak = np.clip(1 - np.hypot(i - 5, j - 5) / 9.5, 0, 1)
        height += peak**1.3 * (9 + 3 * rough)
        cover[peak > 0.2] = 2
        cover[height > 6.2] = 3
    if frame.scene.land.ground == "snow":
        cover[:] = 3
    if frame.scene.land.ground == "sand":
        cover[:] = 4
        height += 0.8 * np.clip(frame.noise.at(i * 0.22, j * 0.16 + ox), 0, 1)
    if frame.scene.kind == "abstract":
        height += np.clip(5 * rough + 1.5, -0.5, 9)
    _flood(frame, (i, j, rough), height, cover)
    return Slab(
        np.round(height * 2) / 2, cover, cell, frame.width / 2, frame.height * 0.60 - n * cell * 0.5
    )


def _flood(
    frame: Frame, grid: tuple[Grid, Grid, Grid], height: Grid, cover: NDArray[np.int8]
) -> None:
    """Sea around an island, a lake in a corner, a river or a road across."""
    i, j, rough = grid
    land, n = frame.scene.land, CELLS
    wet = np.zeros_like(cover, dtype=bool)
    if land.islands:
        wet = np.hypot(i - n / 2, j - n / 2) + rough * 3 > n * 0.34
        cover[(~wet) & (np.hypot(i - n / 2, j - n / 2) + rough * 3 > n * 0.28)] = 4
    elif land.sea is not None:
        wet = (i + j + rough * 5 > n * 0.62) if land.sea > 1 else np.ones_like(wet)
    elif land.lake:
        wet = np.hypot(i - n * 0.78, (j - n * 0.55) * 0.8) + rough * 3 < n * 0.26
    elif land.river or (frame.scene.kind == "land" and land.ground == "grass" and not land.road):
        wet = np.abs(i - n * 0.68 - 2.6 * np.sin(j * 0.35) - rough * 2) < 1.6
    if frame.scene.reading.has("city"):
        streets = (i % 4 == 0) | (j % 4 == 0)
        height[:] = np.where(streets, 1.0, 1.5)
        cover[streets] = 5
    height[wet] = 0.5
    cover[wet] = 1
    if land.road:
        road = np.abs(j - n * 0.62) < 1.6
        height[road & ~wet] = 1.0
        cover[road & ~wet] = 5


def _cover_color(frame: Frame, kind: int, level: float, draw: float) -> RGB:
    p = frame.palette
    grass = mix(p["grass"], p["grass2"], 0.35 + 0.5 * draw)
    table = {
        0: grass, 1: mix(p["deep"], p["shallow"], 0.55 + 0.2 * draw),
        2: mix(p["rock"], p["rock2"], draw * 0.7),
        3: p["snow"], 4: mix(p["sand"], p["sand2"], draw * 0.5), 5: p["road"],
    }  # fmt: skip
    if frame.scene.kind == "abstract":
        colors = abstract.colors(frame)
        return scale(colors[int(level * 2) % len(colors)], 0.92 + 0.16 * draw)
    if frame.scene.kind in {"space", "still", "portrait"}:
        tone = parse(BARE[frame.scene.kind]) if frame.scene.kind in BARE else p["ambient"]
        return p.lit(scale(tone, 0.9 + 0.2 * draw), 0.9)
    return p.lit(scale(table[kind], 0.94 + 0.03 * level), 0.95)


def _blocks(frame: Frame, slab: Slab) -> None:
    ss = 2 if frame.unit < 700 else 1
    image = finish.to_image(frame.rgb)
    if ss == 2:
        image = image.resize((frame.width * 2, frame.height * 2), Image.Resampling.BILINEAR)
    pen, n = ImageDraw.Draw(image), CELLS
    draws = frame.streams.get("cells").random((n, n)).tolist()
    left = frame.scene.sun is None or frame.scene.sun[0] < 0.5
    for i in range(n):
        for j in range(n):
            _block(frame, pen, slab, (i, j), draws[i][j], left=left, ss=ss)
    if ss == 2:
        image = image.reduce(2)
    frame.rgb[:] = finish.from_image(image)
    frame.depth[int(slab.y0) :] = np.where(frame.depth[int(slab.y0) :] > 50, 30.0, 30.0)


def _block(
    frame: Frame,
    pen: ImageDraw.ImageDraw,
    slab: Slab,
    at: tuple[int, int],
    draw: float,
    *,
    left: bool,
    ss: int,
) -> None:
    i, j = at
    level, kind = float(slab.height[i, j]), int(slab.cover[i, j])
    tone = _cover_color(frame, kind, level, draw)
    soil = frame.palette.lit(frame.palette["soil" if kind != 1 else "deep"], 0.7)
    edge_i, edge_j = i == CELLS - 1, j == CELLS - 1
    foot = -2.2
    a, b, c, d = (slab.at(i + u, j + v, level) for u, v in ((0, 0), (1, 0), (1, 1), (0, 1)))
    lights = (0.86, 0.66) if left else (0.66, 0.86)
    below_j = foot if edge_j else float(slab.height[i, j + 1])
    below_i = foot if edge_i else float(slab.height[i + 1, j])
    for (p, q), low, light, edge in (
        ((d, c), below_j, lights[0], edge_j),
        ((c, b), below_i, lights[1], edge_i),
    ):
        if low >= level:
            continue
        drop = (level - low) * slab.cell
        quad = [p, q, (q[0], q[1] + drop), (p[0], p[1] + drop)]
        side = mix(tone, soil, 0.75) if edge else mix(tone, soil, 0.35)
        pen.polygon(_grown(quad, ss), fill=to_bytes(scale(side, light)))
        if edge and kind != 1:
            turf = [p, q, (q[0], q[1] + slab.cell * 0.45), (p[0], p[1] + slab.cell * 0.45)]
            pen.polygon(_grown(turf, ss), fill=to_bytes(scale(tone, light)))
    pen.polygon(_grown([a, b, c, d], ss), fill=to_bytes(tone))


def _grown(points: list[tuple[float, float]], ss: int) -> list[tuple[float, float]]:
    return [(x * ss, y * ss) for x, y in points]


def _standing(frame: Frame, slab: Slab) -> Iterator[None]:
    """Trees, things and the subject, back to front."""
    items: list[tuple[float, float, float, Placed | str, float]] = []
    gen = frame.streams.get("places")
    items += _tree_places(frame, slab, gen)
    items += _thing_places(frame, slab, gen)
    grove = Grove(frame, int(slab.cell * 6))
    for order, (i, j, _, what, size) in enumerate(sorted(items, key=lambda t: t[0] + t[1])):
        x, y = slab.at(i + 0.5, j + 0.5, float(slab.height[int(i), int(j)]))
        if isinstance(what, str):
            tall = max(4, int(size * slab.cell))
            data = grove.scaled(what, order % 3, tall, flip=False)
            left, top = int(x - tall / 2), int(y - tall * 0.96)
            frame.composite(data[..., :3], data[..., 3], left, top, 10.0)
        else:
            _thing(frame, what, x, y, size * slab.cell)
        yield


def _thing(frame: Frame, placed: Placed, x: float, y: float, tall: float) -> None:
    if placed.shape not in shapes():
        return
    drawn = things.sprite(frame, placed, int(min(tall, frame.height * 0.62)))
    if placed.shape in ALOFT:
        y -= tall * 0.8
    else:
        trees.shadow(frame, x, y, tall * 0.42 * shapes()[placed.shape].width, 0.2)
    left, top = int(x - drawn.foot[0]), int(y - drawn.foot[1])
    frame.composite(drawn.rgb, drawn.alpha, left, top, 5.0)
    things.shine_from(frame, drawn, left, top)


def _tree_places(
    frame: Frame, slab: Slab, gen: np.random.Generator
) -> list[tuple[float, float, float, Placed | str, float]]:
    kinds = sorted({t.shape for t in frame.scene.trees})
    if not kinds:
        return []
    count = 46 if frame.scene.reading.has("forest") else 16 if len(frame.scene.trees) > 1 else 1
    found: list[tuple[float, float, float, Placed | str, float]] = []
    for i, j, k, s in gen.random((count * 2, 4)).tolist():
        a, b = int(i * CELLS), int(j * CELLS)
        middle = abs(a - CELLS * 0.55) + abs(b - CELLS * 0.55) < 7
        if (
            slab.cover[a, b] in (0, 3, 4)
            and slab.height[a, b] < 6
            and not middle
            and len(found) < count
        ):
            found.append((a, b, 0.0, kinds[int(k * len(kinds))], 2.6 + 2.0 * s))
    return found


def _thing_places(
    frame: Frame, slab: Slab, gen: np.random.Generator
) -> list[tuple[float, float, float, Placed | str, float]]:
    scene, n = frame.scene, CELLS
    out: list[tuple[float, float, float, Placed | str, float]] = []
    if scene.reading.has("city"):
        out += _towers(slab, gen)
    total = len(scene.placed)
    for k, placed in enumerate(scene.placed):
        size = SIZES[placed.shape][0] * (34 if total == 1 else 22)
        u = 0.22 + 0.6 * ((k * 0.57 + 0.3) % 1.0)
        v = 0.22 + 0.6 * ((k * 0.755 + 0.45) % 1.0)
        if total == 1:
            u, v = (0.2, 0.52) if scene.subjects else (0.5, 0.5)
        if placed.thing and placed.thing.place in {"left", "right"}:
            u, v = (0.25, 0.75) if placed.thing.place == "left" else (0.75, 0.25)
        out.append((u * n, v * n, 0.0, placed, size))
    for k, hero in enumerate(scene.subjects):
        off = (k - (len(scene.subjects) - 1) / 2) * min(6.0, 20 / len(scene.subjects))
        size = 15 / (1 + 0.25 * (len(scene.subjects) - 1))
        out.append((n * 0.55 + off, n * 0.55 - off, 0.0, hero, size))
    if scene.kind == "portrait":
        bust = Placed("bust", 0, 0, 1, Thing("portrait", ["portrait"]))
        out.append((n * 0.55, n * 0.55, 0.0, bust, 15))
    return out


def _towers(
    slab: Slab, gen: np.random.Generator
) -> list[tuple[float, float, float, Placed | str, float]]:
    """Blocks of flats as sprites on a grid of streets."""
    out: list[tuple[float, float, float, Placed | str, float]] = []
    for i in range(2, CELLS - 2, 4):
        for j in range(2, CELLS - 2, 4):
            d = float(gen.random())
            middle = max(0.0, 1.0 - abs(i - j) / 16)  # the tallest stand along the diagonal
            if slab.cover[i, j] != 1 and d > 0.08:
                shape = ("tower_a", "tower_b", "tower_c")[int(d * 97) % 3]
                out.append((i, j, 0.0, Placed(shape, 0, 0, 1), 4.5 + 4.0 * d + 4.0 * d * middle))
    return out
