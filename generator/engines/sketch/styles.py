"""Styles: each turns the finished scene into a kind of picture. `STYLES` maps slug to painter."""

from __future__ import annotations

from collections.abc import Callable, Generator

import numpy as np
from PIL import Image

from generator.engines.sketch import finish, materials, tiling
from generator.engines.sketch.color import Floats, array, luma, saturate
from generator.engines.sketch.frame import Frame
from generator.engines.sketch.noise import smooth

Work = Generator[None, None, Floats]
Style = Callable[[Frame, Floats], Work]


def default(frame: Frame, rgb: Floats) -> Work:
    """Gouache on toothed paper."""
    sharp = rgb
    rgb = finish.gouache(rgb, frame.unit)
    yield
    rgb += (sharp - rgb) * (0.8 if frame.scene.kind == "abstract" else frame.figured(0.002) * 0.75)
    rgb = _paper(frame, rgb, 0.016)
    yield
    return finish.vignette(rgb, 0.10)


def _paper(frame: Frame, rgb: Floats, strength: float) -> Floats:
    gen = frame.streams.get("paper")
    tooth = finish.grain(gen, frame.height, frame.width, max(1.0, frame.unit / 480))
    rgb += (tooth * strength)[..., None]
    return rgb


def enhance(frame: Frame, rgb: Floats) -> Work:
    """Crisp and rich: local contrast, sharpening, more colour, bloom."""
    base = finish.gouache(rgb, frame.unit, 0.5)
    yield
    wide = finish.blur(base, frame.unit * 0.03)
    yield
    rgb = base + (base - wide) * 0.55
    rgb += (rgb - finish.blur(rgb, frame.unit * 0.0022)) * 1.1
    yield
    rgb = saturate(np.clip(rgb, 0, 1), 1.34)
    rgb = rgb * rgb * (3 - 2 * rgb) * 0.45 + rgb * 0.55
    return finish.bloom(rgb, frame.unit, 0.75, 0.5)


def photographic(frame: Frame, rgb: Floats) -> Work:
    """A lens: depth of field, a filmic curve, fine grain, no paint."""
    near = frame.scene.subjects or frame.scene.kind in {"portrait", "still"}
    focus = 1.7 if near else 7.0
    depth = np.clip(frame.depth, 1.0, 60.0)
    off = np.clip(np.abs(np.log(depth / focus)) * 0.75 - 0.25, 0, 1)
    yield
    off = finish.blur_grey(off.astype(np.float32), frame.unit * 0.006)[..., None]
    soft = finish.blur(rgb, frame.unit * 0.012)
    yield
    rgb = rgb + (soft - rgb) * np.clip(off * 1.2, 0, 1)
    rgb = np.clip(rgb, 0, 1) ** 1.12
    rgb = saturate(rgb * (1.06 - 0.06 * rgb), 0.86)
    gen = frame.streams.get("grain")
    rgb += (finish.grain(gen, frame.height, frame.width, 1.0) * 0.05)[..., None]
    return finish.vignette(finish.bloom(rgb, frame.unit, 0.8, 0.6), 0.28)


def analog_film(frame: Frame, rgb: Floats) -> Work:
    """Faded stock: lifted blacks, warm lights, green shades, grain, a light leak."""
    rgb = finish.blur(rgb, frame.unit * 0.0016)
    yield
    rgb = saturate(rgb, 0.86)
    grey = luma(rgb)[..., None]
    rgb = (
        rgb * 0.86
        + 0.065
        + array((0.05, 0.035, -0.03)) * grey
        + array((-0.01, 0.02, 0.015)) * (1 - grey)
    )
    gen = frame.streams.get("film")
    coarse = finish.grain(gen, frame.height, frame.width, max(1.0, frame.unit / 620))
    rgb += (coarse * 0.08 * (0.4 + 0.6 * (1 - grey[..., 0])))[..., None]
    yield
    x = np.linspace(0, 1, frame.width, dtype=np.float32)
    leak = np.exp(-(((x - (1.02 if gen.random() < 0.5 else -0.02)) / 0.2) ** 2))
    rgb += leak[None, :, None] * array((0.34, 0.14, 0.03))
    return finish.vignette(rgb, 0.3)


def cinematic(frame: Frame, rgb: Floats) -> Work:
    """Wide screen: teal shades, orange lights, bloom and black bars."""
    grey = luma(rgb)[..., None]
    rgb = saturate(rgb, 0.85)
    rgb = rgb + array((-0.06, 0.01, 0.06)) * (1 - grey) ** 3 + array((0.09, 0.0, -0.04)) * grey
    rgb = np.clip(rgb, 0, 1)
    rgb = rgb * rgb * (3 - 2 * rgb) * 0.6 + rgb * 0.4
    yield
    rgb = finish.vignette(finish.bloom(rgb, frame.unit, 0.6, 0.7), 0.34)
    yield
    bar = round(frame.height * (0.115 if frame.width < frame.height * 1.6 else 0.085))
    rgb[:bar] = 0.012
    rgb[frame.height - bar :] = 0.012
    return rgb


def anime(frame: Frame, rgb: Floats) -> Work:
    """Flat bright areas, thin dark contours, clear air."""
    flat = finish.kuwahara(rgb, max(2, round(frame.unit * 0.007)))
    yield
    flat += (rgb - flat) * (finish.blur_grey(frame.figure.astype(np.float32), 1.5) * 0.85)[
        ..., None
    ]
    grey = luma(flat)
    steps = 7.0
    level = (
        np.floor(grey * steps) + smooth(0.25, 0.75, grey * steps - np.floor(grey * steps))
    ) / steps
    flat *= ((level + 0.03) / (grey + 0.03))[..., None]
    flat = saturate(np.clip(flat, 0, 1), 1.25) ** 0.88
    ink = finish.contours(frame.depth, luma(rgb), frame.unit)[..., None]
    yield
    flat += (array((0.16, 0.12, 0.24)) - flat) * ink * 0.6
    return finish.bloom(flat, frame.unit, 0.7, 0.4)


def comic_book(frame: Frame, rgb: Floats) -> Work:
    """Four-colour print: posterised, halftone shade, thick ink, a white gutter."""
    flat = finish.kuwahara(rgb, max(2, round(frame.unit * 0.008)))
    yield
    flat += (rgb - flat) * (finish.blur_grey(frame.figure.astype(np.float32), 1.5) * 0.8)[..., None]
    dark = frame.scene.night or frame.scene.kind == "space"
    mid, middle = float(np.median(luma(flat))), 0.34 if dark else 0.5
    flat = saturate(np.clip((flat - mid) * 1.4 + max(mid, middle), 0, 1), 1.5)
    grey = np.clip(luma(flat), 0, 1)
    level = np.clip(np.ceil(grey * 4.5) / 4.5, 0.16, 1)
    flat = np.clip(flat, 0, 1) * (level / (grey + 0.02))[..., None]
    flat *= 1.0 - (_halftone(frame, grey) * 0.34)[..., None]
    line = finish.contours(frame.depth, luma(rgb), frame.unit)
    yield
    line = np.clip(finish.blur_grey(line, frame.unit * 0.0016) * 2.2 - 0.1, 0, 1)
    if dark:
        lights = _lights(frame, luma(rgb))
        line *= 1 - lights
        flat += np.clip(rgb * 1.15 - flat, 0, 1) * lights[..., None]
    flat += (array((0.05, 0.04, 0.07)) - flat) * line[..., None]
    return _gutter(frame, np.clip(flat, 0, 1))


def _lights(frame: Frame, grey: Floats) -> Floats:
    """Stars, windows and lamps with a little around them, 0..1: ink would put them out."""
    small = np.clip((grey - finish.blur_grey(grey, frame.unit * 0.012)) * 6 - 0.5, 0, 1)
    return np.clip(finish.blur_grey(small, frame.unit * 0.003) * 3, 0, 1)


def _halftone(frame: Frame, grey: Floats) -> Floats:
    """Dots that grow where it is dark."""
    pitch = max(3.0, frame.unit / 92)
    y = np.arange(frame.height, dtype=np.float32)[:, None] * (np.pi / pitch)
    x = np.arange(frame.width, dtype=np.float32)[None, :] * (np.pi / pitch)
    dots = 0.5 + 0.5 * np.cos(x + y) * np.cos(x - y)
    return smooth(-0.08, 0.08, np.clip(0.62 - grey, 0, 0.5) * 1.5 - dots)


def _gutter(frame: Frame, rgb: Floats) -> Floats:
    edge, line = round(frame.unit * 0.022), max(1, round(frame.unit * 0.005))
    for inset, tone in ((edge + line, (0.05, 0.04, 0.07)), (edge, (0.98, 0.96, 0.9))):
        for cut in (np.s_[:inset], np.s_[-inset:], np.s_[:, :inset], np.s_[:, -inset:]):
            rgb[cut] = array(tone)
    return rgb


def neon_punk(frame: Frame, rgb: Floats) -> Work:
    """Night, tubes of light along every contour, cyan to magenta."""
    grey = finish.blur_grey(luma(rgb), frame.unit * 0.002)
    cyan, pink, dark = array((0.1, 0.95, 1.0)), array((1.0, 0.12, 0.75)), array((0.035, 0.01, 0.09))
    rows = np.linspace(0, 1, frame.height, dtype=np.float32)[:, None]
    turn = np.clip(rows * 1.3 - 0.1 + 0.5 * (rgb[..., 2] - rgb[..., 0]), 0, 1)[..., None]
    hue = pink + (cyan - pink) * turn
    base = dark + hue * (grey**1.4 * 0.40)[..., None]
    line = finish.contours(frame.depth, luma(rgb), frame.unit)
    yield
    tube = np.clip(finish.blur_grey(line, frame.unit * 0.002) * 1.8, 0, 1)[..., None]
    halo = finish.blur_grey(line, frame.unit * 0.012)[..., None]
    yield
    out = base + hue * (tube * 0.9 + halo * 1.1) + tube**3 * 0.35
    out *= (1 - 0.10 * (np.arange(frame.height) // max(1, frame.height // 256) % 2))[
        :, None, None
    ].astype(np.float32)
    return np.clip(out, 0, 1)


def pixel_art(frame: Frame, rgb: Floats) -> Work:
    """A small canvas, a palette of 28 colours and ordered dither."""
    h, w = frame.height, frame.width
    cell = max(2, round(frame.unit / 128))
    small = (max(8, w // cell), max(8, h // cell))
    crisp = saturate(np.clip(rgb, 0, 1), 1.2)
    image = finish.to_image(crisp).resize(small, Image.Resampling.BOX)
    yield
    tiny = finish.from_image(image)
    bayer = (
        np.array([[0, 8, 2, 10], [12, 4, 14, 6], [3, 11, 1, 9], [15, 7, 13, 5]], np.float32) / 16
        - 0.47
    )
    tiles = np.tile(bayer, (small[1] // 4 + 1, small[0] // 4 + 1))[: small[1], : small[0]]
    table = image.quantize(28, method=Image.Quantize.MAXCOVERAGE, kmeans=2)
    dithered = finish.to_image(tiny + tiles[..., None] * 0.055)
    few = dithered.quantize(palette=table, dither=Image.Dither.NONE).convert("RGB")
    return finish.from_image(few.resize((w, h), Image.Resampling.NEAREST))


def line_art(frame: Frame, rgb: Floats) -> Work:
    """Ink on paper: contours, and hatching where it is dark."""
    grey = luma(finish.kuwahara(rgb, max(1, round(frame.unit * 0.005))))
    yield
    line = finish.contours(frame.depth, luma(rgb), frame.unit)
    yield
    y = np.arange(frame.height, dtype=np.float32)[:, None]
    x = np.arange(frame.width, dtype=np.float32)[None, :]
    pitch = max(4.0, frame.unit / 100)
    low, high = (float(v) for v in np.percentile(grey[::4, ::4], (3, 90)))
    tone = np.clip((grey - low) / max(0.05, high - low), 0, 1)
    ink = line
    for angle, below in ((0.8, 0.52), (-0.75, 0.32), (0.05, 0.16)):
        phase = (x * float(np.cos(angle)) + y * float(np.sin(angle))) / pitch
        stroke = np.abs(phase - np.floor(phase) - 0.5) * 2
        weight = np.clip((below - tone) * 2.2, 0, 0.42)
        ink = np.maximum(ink, smooth(0.06, -0.06, stroke - weight) * 0.62 * (weight > 0.05))
    paper, pen = array((0.965, 0.955, 0.93)), array((0.13, 0.13, 0.17))
    tooth = finish.grain(frame.streams.get("paper"), frame.height, frame.width, 1.5) * 0.025
    return paper + (pen - paper) * np.clip(ink, 0, 1)[..., None] + tooth[..., None]


def diorama(frame: Frame, rgb: Floats) -> Work:
    """The small world as it is, a little crisper."""
    rgb += (rgb - finish.blur(rgb, frame.unit * 0.002)) * 0.5
    yield
    return finish.vignette(finish.bloom(rgb, frame.unit, 0.8, 0.35), 0.14)


STYLES: dict[str, Style] = {
    "none": default, "enhance": enhance, "photographic": photographic, "analog-film": analog_film,
    "cinematic": cinematic, "anime": anime, "comic-book": comic_book, "neon-punk": neon_punk,
    "pixel-art": pixel_art, "line-art": line_art, "digital-art": materials.digital_art,
    "fantasy-art": materials.fantasy_art, "low-poly": materials.low_poly,
    "origami": materials.origami, "3d-model": materials.model_3d,
    "modeling-compound": materials.modeling_compound, "isometric": diorama,
    "tile-texture": tiling.finish_tile,
}  # fmt: skip
