"""Colour as float32 sRGB in 0..1, and OKLab for every decision about hue.

OKLab: Björn Ottosson, https://bottosson.github.io/posts/oklab/ (public domain).
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]
RGB = tuple[float, float, float]

_TO_LMS = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ],
    np.float32,
)
_TO_LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ],
    np.float32,
)
_FROM_LMS, _FROM_LAB = np.linalg.inv(_TO_LMS), np.linalg.inv(_TO_LAB)
LUMA = np.array([0.2126, 0.7152, 0.0722], np.float32)


def parse(value: str) -> RGB:
    """`#rrggbb` (the sign may be missing) as three floats."""
    value = value.lstrip("#")
    return (int(value[:2], 16) / 255, int(value[2:4], 16) / 255, int(value[4:6], 16) / 255)


def to_bytes(color: RGB) -> tuple[int, int, int]:
    """A colour as Pillow draws it."""
    r, g, b = color
    return int(min(1.0, r) * 255), int(min(1.0, g) * 255), int(min(1.0, b) * 255)


def array(color: RGB) -> Floats:
    """A colour ready to be broadcast against a frame."""
    return np.array(color, np.float32)


def mix(a: RGB, b: RGB, t: float) -> RGB:
    """`a` at t=0, `b` at t=1."""
    return (a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t, a[2] + (b[2] - a[2]) * t)


def scale(color: RGB, factor: float) -> RGB:
    """Brighter or darker, clipped to what can be shown."""
    r, g, b = (min(1.0, max(0.0, channel * factor)) for channel in color)
    return (r, g, b)


def multiply(a: RGB, b: RGB) -> RGB:
    """Channel by channel, as light on a surface."""
    return (a[0] * b[0], a[1] * b[1], a[2] * b[2])


def luma(rgb: Floats) -> Floats:
    """Rec. 709 weights on display values; the last axis is the channels."""
    result: Floats = rgb @ LUMA
    return result


def to_oklab(rgb: Floats) -> Floats:
    """sRGB 0..1 to OKLab, any leading shape."""
    clipped = np.clip(rgb, 0.0, 1.0)
    linear = np.where(clipped <= 0.04045, clipped / 12.92, ((clipped + 0.055) / 1.055) ** 2.4)
    result: Floats = (np.cbrt(linear @ _TO_LMS.T) @ _TO_LAB.T).astype(np.float32)
    return result


def from_oklab(lab: Floats) -> Floats:
    """OKLab to sRGB, clipped to 0..1."""
    linear = np.clip((lab @ _FROM_LAB.T) ** 3 @ _FROM_LMS.T, 0.0, 1.0)
    gamma = np.where(linear <= 0.0031308, linear * 12.92, 1.055 * linear ** (1 / 2.4) - 0.055)
    return gamma.astype(np.float32)


def to_lch(color: RGB) -> RGB:
    """Lightness, chroma and hue (radians) of one colour."""
    lightness, a, b = (float(v) for v in to_oklab(array(color)))
    return lightness, math.hypot(a, b), math.atan2(b, a)


def from_lch(lightness: float, chroma: float, hue: float) -> RGB:
    """The inverse of `to_lch`."""
    lab = np.array([lightness, chroma * math.cos(hue), chroma * math.sin(hue)], np.float32)
    r, g, b = (float(v) for v in from_oklab(lab))
    return r, g, b


def saturate(rgb: Floats, amount: float) -> Floats:
    """Chroma times `amount` around each pixel's own luma; never below 0."""
    grey = luma(rgb)[..., None]
    return np.clip(grey + (rgb - grey) * amount, 0.0, None)
