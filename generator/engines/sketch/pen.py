"""Drawn things: shapes kept as text data, turned into lit sprites.

A shape's coordinates are fractions of its height: x from its middle, y up from its foot.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from generator.engines.sketch.color import RGB, Floats, array, mix, parse, scale

Point = tuple[float, float]
SS = 2  # supersampling
STROKED = ("line", "ring")  # forms with a width of their own, before their points


@dataclass(frozen=True)
class Part:
    """One closed or stroked outline of a shape."""

    form: str
    color: str
    points: tuple[Point, ...]
    width: float = 0.0
    flags: frozenset[str] = frozenset()


@dataclass
class Shape:
    """A drawn thing: how wide it is for a height of 1, its colours by role, its parts."""

    name: str
    width: float
    roles: dict[str, str]
    parts: list[Part] = field(default_factory=list)


@dataclass
class Sprite:
    """A lit drawing: colours, coverage and light of its own (windows, fire)."""

    rgb: Floats
    alpha: Floats
    light: Floats
    foot: Point


@lru_cache(maxsize=1)
def shapes() -> dict[str, Shape]:
    """Every shape of the data folder, by name."""
    found: dict[str, Shape] = {}
    folder = resources.files("generator.engines.sketch") / "data"
    for file in sorted(folder.iterdir(), key=lambda f: f.name):
        if file.name.endswith(".txt"):
            _load(file.read_text(encoding="utf-8"), found)
    return found


def _load(text: str, found: dict[str, Shape]) -> None:
    shape: Shape | None = None
    for raw in text.splitlines():
        line = raw.split("#!")[0].strip()
        if line.startswith("["):
            name, width, *roles = line.strip("[]").split()
            shape = Shape(name, float(width), dict(role.split("=", 1) for role in roles))
            found[name] = shape
        elif line and shape is not None:
            shape.parts.extend(_parts(line.split(), found, shape))


def _parts(tokens: list[str], found: dict[str, Shape], shape: Shape) -> list[Part]:
    form, color, rest = tokens[0], tokens[1], tokens[2:]
    if form == "use":
        for role, value in found[color].roles.items():
            shape.roles.setdefault(role, value)
        return list(found[color].parts)
    flags = frozenset(t for t in rest if t[0].isalpha())
    numbers = [t for t in rest if not t[0].isalpha()]
    width = float(numbers.pop(0)) if form in STROKED else 0.0
    points = tuple((float(x), float(y)) for x, y in (t.split(",") for t in numbers))
    part = Part(form, color, points, width, flags)
    if "mirror" not in flags:
        return [part]
    other = Part(form, color, tuple((-x, y) for x, y in points), width, flags)
    if form in {"oval", "ring", "rect"}:
        tail = points[1] if form != "rect" else (-points[1][0], points[1][1])
        turned = tuple((-x, y) for x, y in points[2:])
        other = Part(form, color, ((-points[0][0], points[0][1]), tail, *turned), width, flags)
    return [part, other]


def outline(part: Part) -> list[Point]:
    """The polygon of a part, curves flattened."""
    pts = part.points
    if part.form == "rect":
        (x0, y0), (x1, y1) = pts[:2]
        return [(x0, y0), (x1, y0), (x1, y1), (x0, y1)]
    if part.form in {"oval", "ring"}:
        (cx, cy), (rx, ry) = pts[:2]
        turn = math.radians(pts[2][0]) if len(pts) > 2 else 0.0
        c, s = math.cos(turn), math.sin(turn)
        ring = [
            (math.cos(k / 24 * math.pi) * rx, math.sin(k / 24 * math.pi) * ry) for k in range(49)
        ]
        return [(cx + u * c - v * s, cy + u * s + v * c) for u, v in ring]
    return curve(pts, closed=part.form == "blob") if part.form in {"blob", "line"} else list(pts)


def curve(pts: tuple[Point, ...], *, closed: bool, steps: int = 8) -> list[Point]:
    """A Catmull-Rom curve through `pts`."""
    if len(pts) < 3:
        return list(pts)
    n = len(pts)
    out: list[Point] = []
    for i in range(n if closed else n - 1):
        a, b, c, d = (
            pts[(i + k) % n] if closed else pts[min(max(i + k, 0), n - 1)] for k in (-1, 0, 1, 2)
        )
        for step in range(steps):
            t = step / steps
            out.append((_spline(a[0], b[0], c[0], d[0], t), _spline(a[1], b[1], c[1], d[1], t)))
    if not closed:
        out.append(pts[-1])
    return out


def _spline(a: float, b: float, c: float, d: float, t: float) -> float:
    return 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t * t
                  + (3 * b - a - 3 * c + d) * t**3)  # fmt: skip


@dataclass(frozen=True)
class Light:
    """How a sprite is lit: from which side, the colours of sun and shade, lamps on or off."""

    side: float
    key: RGB
    ambient: RGB
    lamps: bool = False


class Pen:
    """Draws one shape at one size, part by part."""

    def __init__(
        self, shape: Shape, height: int, light: Light, colors: dict[str, RGB], *, flip: bool = False
    ) -> None:
        self.shape, self.light, self.flip = shape, light, flip
        self.px = max(6, height)
        self.pad = max(2, self.px // 12)
        self.w = int(self.px * shape.width) + 2 * self.pad
        self.h = self.px + 2 * self.pad
        self.roles = {role: parse(value) for role, value in shape.roles.items()} | colors
        self.rgb = np.zeros((self.h, self.w, 3), np.float32)
        self.alpha = np.zeros((self.h, self.w), np.float32)
        self.glow = np.zeros((self.h, self.w, 3), np.float32)

    def draw(self) -> Sprite:
        """The finished sprite, premixed with its light."""
        for part in self.shape.parts:
            self._part(part)
        self._rim()
        k, a = array(self.light.key), array(self.light.ambient)
        rgb = np.clip(self.rgb * (0.50 * a + 0.62 * k), 0, 1)
        on = np.clip(self.glow.max(axis=2, keepdims=True) * 3, 0, 1)
        rgb = np.clip(rgb * (1 - on) + np.maximum(self.glow, rgb) * on, 0, 1)
        return Sprite(rgb, self.alpha, self.glow, (self.w / 2, self.h - self.pad))

    def color(self, name: str) -> RGB:
        """A role or hex value, with steps lighter (+) or darker (-) after it."""
        base, steps = name.rstrip("+-"), len(name) - len(name.rstrip("+-"))
        value = self.roles[base] if base in self.roles else parse(base)
        if name.endswith("+"):
            return mix(value, (1.0, 1.0, 1.0), 0.2 * steps)
        return scale(value, 0.78**steps)

    def _part(self, part: Part) -> None:
        points = [self._place(p) for p in outline(part)]
        wide = part.width * self.px + (self.px * 0.06 if "soft" in part.flags else 0.0)
        xs, ys = [p[0] for p in points], [p[1] for p in points]
        x0, x1 = int(max(0, min(xs) - wide - 2)), int(min(self.w, max(xs) + wide + 3))
        y0, y1 = int(max(0, min(ys) - wide - 2)), int(min(self.h, max(ys) + wide + 3))
        if x0 >= x1 or y0 >= y1:
            return
        mask = _mask(
            points, (x0, y0, x1, y1), part.width * self.px if part.form in STROKED else None
        )
        if "soft" in part.flags:
            mask = mask.filter(ImageFilter.GaussianBlur(max(1.0, self.px * 0.02)))
        cover = np.asarray(mask, np.float32) * (1 / 255)
        if "inside" in part.flags:
            cover = cover * self.alpha[y0:y1, x0:x1]
        if "half" in part.flags:
            cover = cover * 0.5
        self._lay(part, cover, mask, slice(y0, y1), slice(x0, x1))

    def _lay(self, part: Part, cover: Floats, mask: Image.Image, ys: slice, xs: slice) -> None:
        tint = array(self.color(part.color))
        body = np.broadcast_to(tint, (*cover.shape, 3))
        if not part.flags & {"flat", "glow", "soft"}:
            body = body * self._relief(part, mask, cover)[..., None]
        a = cover[..., None]
        self.rgb[ys, xs] += (body - self.rgb[ys, xs]) * a
        self.glow[ys, xs] *= 1 - a
        if "glow" in part.flags or ("lamp" in part.flags and self.light.lamps):
            self.glow[ys, xs] += np.clip(body, 0, 1) * a
        self.alpha[ys, xs] = np.maximum(self.alpha[ys, xs], cover)

    def _place(self, p: Point) -> Point:
        x = -p[0] if self.flip else p[0]
        return self.w / 2 + x * self.px, self.h - self.pad - p[1] * self.px

    def _relief(self, part: Part, mask: Image.Image, cover: Floats) -> Floats:
        """Shade from a pillow (blurred mask), or across a column."""
        h, w = cover.shape
        side = self.light.side
        if "round" in part.flags:
            across = np.linspace(-1, 1, w, dtype=np.float32)[None, :] * side
            return np.broadcast_to(1.02 + 0.26 * across - 0.30 * across * across, cover.shape)
        radius = max(1.0, 0.16 * min(h, w))
        bump = np.asarray(
            mask.filter(ImageFilter.BoxBlur(radius)).filter(ImageFilter.BoxBlur(radius * 0.6)),
            np.float32,
        ) * (1 / 255)
        gx, gy = np.zeros_like(bump), np.zeros_like(bump)
        gx[:, 1:-1] = (bump[:, 2:] - bump[:, :-2]) * radius
        gy[1:-1] = (bump[2:] - bump[:-2]) * radius
        strength = 0.18 if "firm" in part.flags else 0.34
        lit = -gx * side * 0.8 + gy * 0.75 * 1.0
        return np.clip(1.0 + strength * lit + 0.05, 0.55, 1.4)

    def _rim(self) -> None:
        """A thin bright edge on the light's side, and a darker foot."""
        blurred = np.asarray(
            Image.fromarray((self.alpha * 255).astype(np.uint8)).filter(
                ImageFilter.BoxBlur(max(1, self.px // 60))
            ),
            np.float32,
        ) * (1 / 255)
        edge = np.zeros_like(blurred)
        edge[:, 1:-1] = (blurred[:, 2:] - blurred[:, :-2]) * -self.light.side
        rim = np.clip(edge * 1.2, 0, 0.5)[..., None] * self.alpha[..., None]
        self.rgb += (1.0 - self.rgb) * rim * 0.6


def _mask(points: list[Point], box: tuple[int, int, int, int], stroke: float | None) -> Image.Image:
    x0, y0, x1, y1 = box
    image = Image.new("L", ((x1 - x0) * SS, (y1 - y0) * SS))
    pen = ImageDraw.Draw(image)
    local = [((x - x0) * SS, (y - y0) * SS) for x, y in points]
    if stroke is None:
        pen.polygon(local, fill=255)
    else:
        wide = max(1.0, stroke * SS)
        pen.line(local, fill=255, width=max(1, round(wide)), joint="curve")
        r = wide / 2
        for x, y in (local[0], local[-1]):
            pen.ellipse((x - r, y - r, x + r, y + r), fill=255)
    return image.reduce(SS)
