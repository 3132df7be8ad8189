"""Styles that rebuild the picture from a material: strokes, facets, paper, plastic, clay."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from generator.engines.sketch import finish, strokes
from generator.engines.sketch.color import Floats, array, luma, mix, saturate
from generator.engines.sketch.frame import SKY, Frame
from generator.engines.sketch.noise import field, smooth
from generator.engines.sketch.strokes import Work


def digital_art(frame: Frame, rgb: Floats) -> Work:
    """Bold digital brushwork, strong colour and light."""
    gen = frame.streams.get("strokes")
    goal = saturate(finish.gouache(rgb, frame.unit, 0.7), 1.3)
    yield
    goal = np.clip(goal * goal * (3 - 2 * goal) * 0.35 + goal * 0.65, 0, 1)
    yield
    paint = yield from strokes.painted(goal, frame.unit, gen, 4, start=2)
    keep = _detail(frame, goal) * 0.55
    paint += (goal - paint) * keep[..., None]
    paint += (paint - finish.blur(paint, frame.unit * 0.004)) * 0.6
    yield
    return finish.bloom(paint, frame.unit, 0.7, 0.55)


def fantasy_art(frame: Frame, rgb: Floats) -> Work:
    """An oil illustration: soft strokes, violet shade, golden light, motes."""
    gen = frame.streams.get("strokes")
    grey = luma(rgb)[..., None]
    goal: Floats = (
        rgb + array((0.035, -0.035, 0.085)) * (1 - grey) ** 2 + array((0.09, 0.05, -0.05)) * grey**2
    )
    goal = saturate(np.clip(goal, 0, 1), 1.16)
    paint = yield from strokes.painted(goal, frame.unit, gen, 3, start=2)
    soft = finish.gouache(goal, frame.unit, 1.2)
    yield
    keep = 0.35 + 0.6 * _detail(frame, goal)
    paint += (soft - paint) * np.clip(keep, 0, 1)[..., None]
    paint = _beams(frame, paint)
    _motes(frame, paint)
    return finish.vignette(finish.bloom(paint, frame.unit, 0.55, 0.8), 0.34)


def _detail(frame: Frame, goal: Floats) -> Floats:
    """Where fine drawing matters: the subject and sharp edges, 0..1."""
    near = frame.figure.astype(np.float32)
    sharp = np.clip(finish.edges(luma(goal)) * 1.2 - 0.15, 0, 1)
    return finish.blur_grey(np.clip(0.75 * near + sharp, 0, 1), frame.unit * 0.004)


def _beams(frame: Frame, rgb: Floats) -> Floats:
    """Shafts of light from the sun or moon."""
    light = frame.scene.sun or frame.scene.moon
    if light is None:
        return rgb
    h, w = frame.height // 4, frame.width // 4
    y = (np.arange(h, dtype=np.float32)[:, None] / h - light[1]) * (frame.height / frame.unit)
    x = (np.arange(w, dtype=np.float32)[None, :] / w - light[0]) * (frame.width / frame.unit)
    angle = np.arctan2(y, x)
    away = np.sqrt(x * x + y * y)
    fan = smooth(0.0, 0.7, frame.noise.at(angle * 5.0 + 9, away * 0.4)) * np.exp(-away * 1.7)
    image = Image.fromarray((np.clip(fan, 0, 1) * 255).astype(np.uint8))
    shafts = np.asarray(
        image.resize((frame.width, frame.height), Image.Resampling.BILINEAR), np.float32
    )
    tint = array(mix(frame.palette["sun"], (1.0, 0.85, 0.5), 0.4))
    return rgb + (tint - rgb) * (shafts * (0.34 / 255))[..., None]


def _motes(frame: Frame, rgb: Floats) -> None:
    gen = frame.streams.get("motes")
    image = finish.to_image(rgb)
    pen = ImageDraw.Draw(image)
    for x, y, s, t in gen.random((80, 4)).tolist():
        r = frame.unit * (0.0012 + 0.0036 * s**4)
        tone = (255, int(225 + 20 * t), int(150 + 80 * t))
        px, py = x * frame.width, (0.25 + 0.75 * y) * frame.height
        pen.ellipse((px - r, py - r, px + r, py + r), fill=tone)
    rgb[:] = finish.from_image(image)


def _mesh(frame: Frame, rgb: Floats, cell: float, gen: np.random.Generator) -> Floats:
    """Grid corners moved onto the strongest edge near them: (rows, columns, 2) of x, y."""
    h, w = frame.height, frame.width
    rows, columns = max(3, round(h / cell)), max(3, round(w / cell))
    edge = finish.edges(luma(finish.blur(rgb, frame.unit * 0.003)))
    near = np.log(np.clip(frame.depth, 1.0, 40.0)).astype(np.float32)
    edge = edge + np.clip(finish.edges(near), 0, 1.5)
    size = min(h // rows, w // columns)
    tiles = (
        edge[: rows * size, : columns * size] if size * rows <= h and size * columns <= w else edge
    )
    tiles = (
        tiles.reshape(rows, size, columns, size).transpose(0, 2, 1, 3).reshape(rows, columns, -1)
    )
    best = tiles.argmax(axis=2)
    weak = tiles.max(axis=2) < 0.12
    jitter = gen.random((2, rows, columns))
    y = np.where(weak, jitter[0], (best // size + 0.5) / size)
    x = np.where(weak, jitter[1], (best % size + 0.5) / size)
    ys = (np.arange(rows)[:, None] + 0.12 + 0.76 * y) * (h / rows)
    xs = (np.arange(columns)[None, :] + 0.12 + 0.76 * x) * (w / columns)
    mesh = np.stack([xs, ys], axis=-1)
    mesh = np.pad(mesh, ((1, 1), (1, 1), (0, 0)), mode="edge")
    mesh[0, :, 1], mesh[-1, :, 1], mesh[:, 0, 0], mesh[:, -1, 0] = -1, h + 1, -1, w + 1
    return mesh.astype(np.float32)


def _facets(mesh: Floats) -> Floats:
    """Triangles (n, 3, 2) from a mesh, each cell cut along its shorter diagonal."""
    a, b, c, d = mesh[:-1, :-1], mesh[:-1, 1:], mesh[1:, 1:], mesh[1:, :-1]
    flat = [part.reshape(-1, 2) for part in (a, b, c, d)]
    a, b, c, d = flat
    short = np.hypot(*(a - c).T) < np.hypot(*(b - d).T)
    one = np.where(short[:, None, None], np.stack([a, b, c], 1), np.stack([a, b, d], 1))
    two = np.where(short[:, None, None], np.stack([a, c, d], 1), np.stack([b, c, d], 1))
    return np.concatenate([one, two])


def _facet_colors(rgb: Floats, triangles: Floats) -> Floats:
    h, w = rgb.shape[:2]
    total = np.zeros((len(triangles), 3), np.float32)
    for wa, wb in ((1 / 3, 1 / 3), (0.6, 0.2), (0.2, 0.6), (0.2, 0.2)):
        p = triangles[:, 0] * wa + triangles[:, 1] * wb + triangles[:, 2] * (1 - wa - wb)
        x = np.clip(p[:, 0], 0, w - 1).astype(np.int32)
        y = np.clip(p[:, 1], 0, h - 1).astype(np.int32)
        total += rgb[y, x]
    return total / 4


def low_poly(frame: Frame, rgb: Floats) -> Work:
    """Flat triangles: large in the sky, small on the subject."""
    gen = frame.streams.get("facets")
    flat = saturate(finish.kuwahara(rgb, max(1, round(frame.unit * 0.004))), 1.12)
    yield
    out = finish.to_image(flat)
    pen = ImageDraw.Draw(out)
    for share, only in ((0.046, None), (0.026, 40.0), (0.011, 0.0)):
        triangles = _facets(_mesh(frame, rgb, max(4.0, share * frame.unit), gen))
        tone = _facet_colors(flat, triangles) * (0.94 + 0.12 * gen.random((len(triangles), 1)))
        if only is not None:
            keep = _deeper(frame, triangles) < only if only else _drawn(frame, triangles)
            triangles, tone = triangles[keep], tone[keep]
        finish.fill(pen, triangles.reshape(-1, 6), np.clip(tone, 0, 1) * 255)
        yield
    return finish.from_image(out)


def _deeper(frame: Frame, triangles: Floats) -> Floats:
    centre = triangles.mean(axis=1)
    x = np.clip(centre[:, 0], 0, frame.width - 1).astype(np.int32)
    y = np.clip(centre[:, 1], 0, frame.height - 1).astype(np.int32)
    return frame.depth[y, x]


def _drawn(frame: Frame, triangles: Floats) -> NDArray[np.bool_]:
    """Which triangles lie on a drawn figure."""
    centre = triangles.mean(axis=1)
    x = np.clip(centre[:, 0], 0, frame.width - 1).astype(np.int32)
    y = np.clip(centre[:, 1], 0, frame.height - 1).astype(np.int32)
    return frame.figure[y, x]


def origami(frame: Frame, rgb: Floats) -> Work:
    """Folded coloured paper: facets of light, bright creases, layers that cast shadows."""
    gen = frame.streams.get("folds")
    flat = saturate(finish.kuwahara(rgb, max(2, round(frame.unit * 0.007))), 1.15)
    yield
    shade = Image.new("L", (frame.width, frame.height), 128)
    crease = Image.new("L", (frame.width, frame.height), 0)
    pens = ImageDraw.Draw(shade), ImageDraw.Draw(crease)
    colored = finish.to_image(flat)
    paint = ImageDraw.Draw(colored)
    for share, only in ((0.10, None), (0.05, 0.0)):
        triangles = _facets(_mesh(frame, rgb, max(8.0, share * frame.unit), gen))
        if only is not None:
            triangles = triangles[_drawn(frame, triangles)]
        tones = (np.clip(_facet_colors(flat, triangles), 0, 1) * 255).astype(int).tolist()
        light = (92 + 72 * gen.random(len(triangles))).astype(int).tolist()
        line = max(1, round(frame.unit / 380))
        for tri, tone, value in zip(triangles.tolist(), tones, light, strict=True):
            points = [tuple(p) for p in tri]
            paint.polygon(points, fill=tuple(tone))
            pens[0].polygon(points, fill=value)
            pens[1].line([*points, points[0]], fill=255, width=line)
        yield
    folded = _folded(frame, flat, finish.from_image(colored), (shade, crease))
    # the fine lines of a figure (eyes, lips) are inked on: the folds alone would lose a face
    lines = np.clip(luma(flat) - luma(rgb) - 0.02, 0, 0.5) * frame.figure
    return folded * (1.0 - 1.5 * lines)[..., None]


def _folded(
    frame: Frame, flat: Floats, facets: Floats, maps: tuple[Image.Image, Image.Image]
) -> Floats:
    shade, crease = (np.asarray(m, np.float32) * (1 / 255) for m in maps)
    keep = np.clip(_detail(frame, flat) * 1.3, 0, 1)[..., None]
    out = facets + (flat - facets) * (0.25 + 0.75 * keep)
    soft = 1 - 0.45 * keep[..., 0]
    out = out * (1.0 + (shade - 0.5) * 0.78 * soft)[..., None]
    out += (1.0 - out) * (crease * 0.17 * soft)[..., None]
    out *= 1 - _layer_shadow(frame)[..., None] * 0.42
    fibre = field(frame.streams.get("fibre"), frame.height, frame.width, 40, 3)
    return out * (1 + 0.045 * fibre)[..., None]


def _layer_shadow(frame: Frame) -> Floats:
    """Shadow that nearer layers throw on what lies behind them, down and to the right."""
    near = 1.0 / np.clip(frame.depth, 1.0, 60.0)
    near = np.where(frame.depth >= SKY, 0.0, near).astype(np.float32)
    off = max(1, round(frame.unit * 0.010))
    moved = np.zeros_like(near)
    moved[off:, off:] = near[:-off, :-off]
    drop = np.clip((moved - near * 1.25) * 14, 0, 1)
    return finish.blur_grey(drop.astype(np.float32), frame.unit * 0.005)


def model_3d(frame: Frame, rgb: Floats) -> Work:
    """A render of smooth plastic: bevels, contact shadows, soft highlights, studio air."""
    flat = finish.kuwahara(rgb, max(2, round(frame.unit * 0.009)))
    yield
    flat += (
        (rgb - flat)
        * finish.blur_grey(frame.figure.astype(np.float32), frame.unit * 0.003)[..., None]
        * 0.8
    )
    flat = finish.blur(flat, frame.unit * 0.0015)
    yield
    sky = (frame.depth >= SKY).astype(np.float32)
    wide = finish.blur(rgb, frame.unit * 0.05)
    yield
    flat += (wide - flat) * finish.blur_grey(sky, frame.unit * 0.002)[..., None] * 0.55
    near = np.log(np.clip(np.where(frame.depth >= SKY, 60.0, frame.depth), 1.0, 60.0)).astype(
        np.float32
    )
    scaled = near / 4.1
    occlusion = np.clip((scaled - finish.blur_grey(scaled, frame.unit * 0.02)) * 3.2, 0, 0.55)
    body = finish.blur_grey(1.0 - scaled, frame.unit * 0.006) + 0.16 * finish.blur_grey(
        luma(flat), frame.unit * 0.004
    )
    gy, gx = np.gradient(body.astype(np.float32))
    yield
    lit = np.clip(-(gx * frame.scene.side) * 0.8 + gy * 0.9, -0.05, 0.05) * (frame.unit * 0.022)
    out = flat * (1 + np.clip(lit, -0.38, 0.3) - occlusion * 0.75)[..., None]
    gloss = finish.blur_grey(np.asarray(np.clip(lit - 0.1, 0, 1), np.float32), frame.unit * 0.003)
    out = out * 0.96 + 0.025 + gloss[..., None] * 0.55
    return finish.vignette(saturate(np.clip(out, 0, 1), 1.12), 0.16)


def modeling_compound(frame: Frame, rgb: Floats) -> Work:
    """Clay: rounded lumps of few colours, grooves between them, finger marks."""
    coarse = finish.kuwahara(rgb, max(2, round(frame.unit * 0.011)))
    yield
    coarse = finish.kuwahara(coarse, max(2, round(frame.unit * 0.008)))
    yield
    fine = finish.kuwahara(rgb, max(1, round(frame.unit * 0.004)))
    yield
    keep = finish.blur_grey(frame.figure.astype(np.float32), frame.unit * 0.003)[..., None]
    flat = saturate(coarse + (fine - coarse) * keep, 1.18)
    line = finish.contours(frame.depth, luma(flat), frame.unit)
    yield
    groove = finish.blur_grey(np.clip(line * 1.4, 0, 1), frame.unit * 0.0035)
    swell = finish.blur_grey(np.clip(line * 1.6, 0, 1), frame.unit * 0.012)
    lumps = field(frame.streams.get("clay"), frame.height, frame.width, 14, 4)
    yield
    y = np.arange(frame.height, dtype=np.float32)[:, None] / frame.unit
    x = np.arange(frame.width, dtype=np.float32)[None, :] / frame.unit
    ridges = np.sin((x * 0.5 + y + 0.05 * lumps) * 330) * smooth(0.3, 0.9, lumps)
    height = -0.5 * groove - 0.9 * swell + 0.10 * lumps + 0.010 * ridges
    gy, gx = np.gradient(height.astype(np.float32))
    yield
    lit = (gy * 0.9 - gx * 0.75 * frame.scene.side) * (frame.unit * 0.018)
    out = flat * (1.0 + np.clip(lit, -0.4, 0.32) - 0.22 * groove)[..., None]
    shine = np.clip(lit - 0.16, 0, 0.4)[..., None] * 0.6
    return finish.vignette(np.clip(out + shine, 0, 1), 0.12)
