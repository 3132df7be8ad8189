"""Filters shared by the styles: box means, the gouache (Kuwahara) finish, bloom, grain."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from generator.engines.sketch.color import Floats, luma
from generator.engines.sketch.noise import resize


def box(channel: Floats, radius: int) -> Floats:
    """Mean over a square of `radius`, edges repeated (2-D or 3-D, first two axes)."""
    n = 2 * radius + 1
    pad = [(radius + 1, radius), (0, 0)] + [(0, 0)] * (channel.ndim - 2)
    total = np.cumsum(np.pad(channel, pad, mode="edge"), axis=0, dtype=np.float32)
    rows = (total[n:] - total[:-n]) * (1.0 / n)
    pad[0], pad[1] = pad[1], pad[0]
    total = np.cumsum(np.pad(rows, pad, mode="edge"), axis=1, dtype=np.float32)
    result: Floats = (total[:, n:] - total[:, :-n]) * (1.0 / n)
    return result


def to_image(rgb: Floats) -> Image.Image:
    """Eight bits per channel."""
    return Image.fromarray((np.clip(rgb, 0.0, 1.0) * 255.0 + 0.5).astype(np.uint8))


def fill(pen: ImageDraw.ImageDraw, outlines: Floats, tones: Floats) -> None:
    """Fill many polygons: `outlines` are rows of x, y, x, y..., `tones` rows of RGB, 0..255.

    Straight to Pillow's drawing core: `ImageDraw.polygon` takes four times as long to look at
    its arguments as to draw such small shapes.
    """
    draw, ink = pen.draw.draw_polygon, pen.draw.draw_ink
    r, g, b = tones.astype(np.uint8).astype(np.int64).T
    packed = (r | g << 8 | b << 16 | 255 << 24).tolist()
    for outline, color in zip(outlines.tolist(), packed, strict=True):
        draw(outline, ink(color), 1)


def from_image(image: Image.Image) -> Floats:
    """Floats 0..1."""
    return np.asarray(image, np.float32) * np.float32(1 / 255)


def blur(rgb: Floats, radius: float) -> Floats:
    """A soft blur, 8-bit inside; a wide one is computed on a smaller picture."""
    image = to_image(rgb)
    shrink = min(int(radius / 2.5), *(side // 2 for side in image.size))
    if shrink < 2:
        return from_image(image.filter(ImageFilter.GaussianBlur(radius)))
    small = image.reduce(shrink).filter(ImageFilter.GaussianBlur(radius / shrink))
    return from_image(small.resize(image.size, Image.Resampling.BILINEAR))


def kuwahara(rgb: Floats, radius: int) -> Floats:
    """Gouache: each pixel takes the mean of its calmest neighbouring quadrant."""
    r = max(1, radius)
    grey = luma(rgb)
    image = to_image(rgb).filter(ImageFilter.BoxBlur(r))
    mean = np.asarray(image)
    m = box(grey, r)
    spread = box(grey * grey, r) - m * m
    h, w = grey.shape
    padded = np.pad(spread, r, mode="edge")
    best = np.full((h, w), np.inf, np.float32)
    index = np.zeros((h, w), np.int32)
    rows, columns = np.arange(h)[:, None], np.arange(w)[None, :]
    for dy in (-r, r):
        for dx in (-r, r):
            here = padded[r + dy : r + dy + h, r + dx : r + dx + w]
            better = here < best
            np.copyto(best, here, where=better)
            flat = np.clip(rows + dy, 0, h - 1) * w + np.clip(columns + dx, 0, w - 1)
            np.copyto(index, flat.astype(np.int32), where=better)
    chosen = mean.reshape(-1, 3)[index].astype(np.float32) * np.float32(1 / 255)
    # skies and other even areas stay as they are: the filter would draw steps into them
    busy = np.clip(spread * 6000.0, 0.0, 1.0)[..., None]
    return rgb + (chosen - rgb) * busy


def gouache(rgb: Floats, unit: float, strength: float = 1.0) -> Floats:
    """The default finish: Kuwahara with small highlights laid back on top."""
    r = max(1, round(unit * 0.0055 * strength))
    flat = kuwahara(rgb, r)
    lost = np.clip(rgb - flat, 0, None)
    bright = luma(lost)[..., None]
    flat += lost * np.clip(bright * 3.0 - 0.12, 0, 1)
    detail = rgb - flat
    result: Floats = flat + detail * 0.18
    return result


def bloom(rgb: Floats, unit: float, threshold: float, strength: float) -> Floats:
    """Bright parts spill over; computed at a quarter of the size."""
    h, w = rgb.shape[:2]
    small = to_image(np.clip((rgb - threshold) / (1 - threshold), 0, 1)).resize(
        (max(1, w // 4), max(1, h // 4)), Image.Resampling.BOX
    )
    wide = from_image(
        small.filter(ImageFilter.GaussianBlur(unit * 0.006)).resize(
            (w, h), Image.Resampling.BILINEAR
        )
    )
    result: Floats = 1.0 - (1.0 - np.clip(rgb, 0, 1)) * (1.0 - wide * strength)
    return result


def add_glow(rgb: Floats, glow: Floats) -> Floats:
    """Screen the collected light over the picture."""
    h, w = rgb.shape[:2]
    for c in range(3):
        wide = np.clip(resize(glow[..., c], h, w), 0, 1)
        rgb[..., c] = 1.0 - (1.0 - np.clip(rgb[..., c], 0, 1)) * (1.0 - wide)
    return rgb


def vignette(rgb: Floats, strength: float) -> Floats:
    """Darken the corners."""
    h, w = rgb.shape[:2]
    y = np.linspace(-1, 1, h, dtype=np.float32)[:, None] ** 2
    x = np.linspace(-1, 1, w, dtype=np.float32)[None, :] ** 2
    result: Floats = rgb * (1.0 - strength * np.clip((y + x) * 0.5, 0, 1) ** 1.5)[..., None]
    return result


def grain(gen: np.random.Generator, h: int, w: int, size: float) -> Floats:
    """Soft zero-mean noise with a grain of `size` pixels, about -1..1."""
    rows, columns = max(2, int(h / size)), max(2, int(w / size))
    noise = (gen.random((rows, columns)) + gen.random((rows, columns)) - 1.0).astype(np.float32)
    return noise if (rows, columns) == (h, w) else resize(noise, h, w)


def edges(grey: Floats) -> Floats:
    """Sobel magnitude of a 2-D field, same size."""
    p = np.pad(grey, 1, mode="edge")
    gx = p[:-2, 2:] + 2 * p[1:-1, 2:] + p[2:, 2:] - p[:-2, :-2] - 2 * p[1:-1, :-2] - p[2:, :-2]
    gy = p[2:, :-2] + 2 * p[2:, 1:-1] + p[2:, 2:] - p[:-2, :-2] - 2 * p[:-2, 1:-1] - p[:-2, 2:]
    result: Floats = np.sqrt(gx * gx + gy * gy)
    return result


def contours(frame_depth: Floats, grey: Floats, unit: float) -> Floats:
    """Where ink goes (0..1): jumps of depth and of tone."""
    near = np.log(np.where(frame_depth >= 999.0, 48.0, np.clip(frame_depth, 1.0, 30.0)))
    line = np.clip(edges(near.astype(np.float32)) * 0.55 - 0.16, 0, 1)
    tone = np.clip(edges(blur_grey(grey, unit * 0.0018)) * 1.9 - 0.42, 0, 1)
    return np.maximum(line, tone)


def blur_grey(grey: Floats, radius: float) -> Floats:
    """Gaussian blur of one channel (8-bit inside)."""
    image = Image.fromarray((np.clip(grey, 0, 1) * 255).astype(np.uint8))
    return np.asarray(image.filter(ImageFilter.GaussianBlur(radius)), np.float32) * np.float32(
        1 / 255
    )
