"""Trees: a few stamps per species, scaled and set far to near."""

from __future__ import annotations

import math

import numpy as np
from PIL import Image, ImageDraw

from generator.engines.sketch.color import RGB, Floats, array, mix, parse, scale
from generator.engines.sketch.frame import Frame
from generator.engines.sketch.scene import Placed
from generator.engines.sketch.words import COLORS

Gen = np.random.Generator
VARIANTS = 3


class Grove:
    """Stamps by species and variant, made when first needed."""

    def __init__(self, frame: Frame, size: int) -> None:
        self.frame, self.size = frame, size
        self.stamps: dict[tuple[str, int], Image.Image] = {}
        self.halves: dict[tuple[str, int, bool], list[Image.Image]] = {}
        self.side = frame.scene.side

    def stamp(self, kind: str, variant: int) -> Image.Image:
        """The RGBA drawing of one tree, `size` high."""
        key = (kind, variant)
        if key not in self.stamps:
            gen = self.frame.streams.get(f"stamp {kind} {variant}")
            self.stamps[key] = self._draw(kind, gen)
        return self.stamps[key]

    def scaled(self, kind: str, variant: int, tall: int, *, flip: bool) -> Floats:
        """One tree `tall` pixels high as RGBA, 0..1; made from the next larger halved stamp."""
        key = (kind, variant, flip)
        if key not in self.halves:
            stamp = self.stamp(kind, variant).convert("RGBa")
            if flip:
                stamp = stamp.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
            steps = max(1, int(math.log2(self.size / 8)))
            self.halves[key] = [stamp, *(stamp.reduce(2**k) for k in range(1, steps))]
        large = [half for half in self.halves[key] if half.width >= 1.5 * tall]
        source = large[-1] if large else self.halves[key][0]
        image = source.resize((tall, tall), Image.Resampling.BILINEAR).convert("RGBA")
        return np.asarray(image, np.float32) * np.float32(1 / 255)

    def _draw(self, kind: str, gen: Gen) -> Image.Image:
        n = self.size * 2
        image = Image.new("RGBA", (n, n), (0, 0, 0, 0))
        pen = ImageDraw.Draw(image)
        draw = {"pine": self._pine, "palm": self._palm, "cactus": self._cactus}.get(kind)
        if draw:
            draw(pen, n, gen)
        else:
            self._leafy(pen, n, gen, kind)
        return image.reduce(2)

    def _tone(self, color: RGB, facing: float) -> tuple[int, int, int, int]:
        r, g, b = self.frame.palette.lit(color, facing)
        return int(r * 255), int(g * 255), int(b * 255), 255

    def _bound(self, kind: str, role: str) -> RGB:
        for name in (kind, "tree", "forest"):
            bound = self.frame.scene.reading.color(name)
            if bound:
                return parse(COLORS[bound])
        return self.frame.palette[role]

    def _leafy(self, pen: ImageDraw.ImageDraw, n: int, gen: Gen, kind: str) -> None:
        leaf = (
            mix(parse("f2a8c4"), self.frame.palette["leaf"], 0.06)
            if kind == "cherry"
            else self._bound(kind, "leaf")
        )
        trunk = self.frame.palette["trunk"]
        self._trunk(pen, n, gen, trunk)
        blobs = [
            (0.5, 0.40, 0.21),
            (0.33, 0.46, 0.16),
            (0.67, 0.45, 0.17),
            (0.42, 0.28, 0.16),
            (0.6, 0.27, 0.16),
            (0.5, 0.17, 0.12),
        ]
        blobs = [
            (x + 0.06 * (float(gen.random()) - 0.5), y + 0.06 * (float(gen.random()) - 0.5), r)
            for x, y, r in blobs
        ]
        hue = [scale(leaf, 0.62), scale(leaf, 0.85), leaf, mix(leaf, (1.0, 0.95, 0.6), 0.22)]
        for coat, (facing, reach, dab) in enumerate(
            ((0.15, 1.0, 0.060), (0.5, 0.88, 0.05), (0.85, 0.72, 0.042), (1.15, 0.5, 0.030))
        ):
            shift = 0.055 * coat
            for bx, by, r in blobs:
                count = (46, 34, 26, 16)[coat]
                for _ in range(count):
                    a, d = (
                        float(gen.random()) * math.tau,
                        r * reach * math.sqrt(float(gen.random())),
                    )
                    x = bx + self.side * shift * r * 3.2 + math.cos(a) * d
                    y = by - shift * r * 4.4 + math.sin(a) * d * 0.85
                    w = dab * (0.55 + 0.7 * float(gen.random()))
                    tone = self._tone(hue[coat], facing + 0.15 * (float(gen.random()) - 0.5))
                    pen.ellipse(
                        ((x - w) * n, (y - w * 0.7) * n, (x + w) * n, (y + w * 0.7) * n), fill=tone
                    )

    def _trunk(self, pen: ImageDraw.ImageDraw, n: int, gen: Gen, color: RGB) -> None:
        lean = (float(gen.random()) - 0.5) * 0.06
        dark, lit = self._tone(scale(color, 0.8), 0.3), self._tone(color, 0.9)
        pen.polygon(
            [
                (0.46 * n, n),
                (0.545 * n, n),
                ((0.525 + lean) * n, 0.45 * n),
                ((0.48 + lean) * n, 0.45 * n),
            ],
            fill=dark,
        )
        edge = 0.46 if self.side < 0 else 0.525
        pen.polygon([(edge * n, n), ((edge + 0.022) * n, n), ((0.5 + lean) * n, 0.5 * n)], fill=lit)
        for x in (0.38, 0.62):
            pen.line([(0.5 * n, 0.72 * n), (x * n, 0.5 * n)], fill=dark, width=max(1, n // 45))

    def _pine(self, pen: ImageDraw.ImageDraw, n: int, gen: Gen) -> None:
        leaf, snow = self._bound("pine", "pine"), self.frame.scene.land.ground == "snow"
        pen.rectangle(
            (0.48 * n, 0.85 * n, 0.52 * n, n), fill=self._tone(self.frame.palette["trunk"], 0.4)
        )
        tiers = 11
        for i in range(tiers):
            t = i / (tiers - 1)
            y0, y1 = 0.93 - 0.80 * t, 0.93 - 0.80 * t - 0.17 + 0.04 * t
            half = 0.255 * (1 - t) ** 0.9 + 0.022
            dark, lit = (
                self._tone(scale(leaf, 0.72), 0.25 + 0.2 * t),
                self._tone(mix(leaf, (0.8, 0.9, 0.5), 0.12), 0.85 + 0.2 * t),
            )
            self._tier(pen, n, gen, (y0, y1, half), dark, 0.0)
            self._tier(pen, n, gen, (y0 - 0.018, y1, half * 0.86), lit, self.side * half * 0.16)
            if snow:
                white = self._tone(self.frame.palette["snow"], 0.95)
                self._tier(pen, n, gen, (y0 - 0.05, y1, half * 0.62), white, self.side * half * 0.1)

    @staticmethod
    def _tier(
        pen: ImageDraw.ImageDraw,
        n: int,
        gen: Gen,
        box: tuple[float, float, float],
        color: tuple[int, ...],
        shift: float,
    ) -> None:
        y0, y1, half = box
        points = [((0.5 + shift * 0.3) * n, y1 * n)]
        teeth = 9
        for k in range(teeth + 1):
            u = k / teeth * 2 - 1
            droop = 0.035 * abs(u) + 0.03 * float(gen.random()) * (k % 2)
            points.append(
                ((0.5 + shift + u * half) * n, (y0 - 0.03 * (1 - abs(u)) - 0.02 + droop) * n)
            )
        pen.polygon(points, fill=color)

    def _palm(self, pen: ImageDraw.ImageDraw, n: int, gen: Gen) -> None:
        leaf, trunk = self._bound("palm", "leaf"), self.frame.palette["trunk"]
        lean = (0.1 + 0.12 * float(gen.random())) * (1 if gen.random() < 0.5 else -1)
        spine = [
            (0.5 - lean + lean * 1.6 * t * t, 1 - 0.68 * t) for t in (k / 10 for k in range(11))
        ]
        for k, (x, y) in enumerate(spine):
            w = 0.0165 - 0.0007 * k
            pen.ellipse(
                ((x - w) * n, (y - 0.045) * n, (x + w) * n, (y + 0.04) * n),
                fill=self._tone(trunk, 0.4 + 0.25 * (k % 2)),
            )
        cx, cy = spine[-1]
        for k in range(13):
            angle = math.pi * (-0.12 + 1.24 * k / 12) + 0.15 * (float(gen.random()) - 0.5)
            reach = 0.30 + 0.06 * float(gen.random())
            facing = 0.3 + 0.7 * (math.cos(angle) * self.side > -0.1) * float(gen.random())
            self._frond(pen, n, (cx, cy - 0.02), angle, reach, self._tone(leaf, facing))
        for dx in (-0.02, 0.015):
            pen.ellipse(
                ((cx + dx - 0.018) * n, (cy - 0.01) * n, (cx + dx + 0.018) * n, (cy + 0.03) * n),
                fill=self._tone(trunk, 0.3),
            )

    @staticmethod
    def _frond(
        pen: ImageDraw.ImageDraw,
        n: int,
        at: tuple[float, float],
        angle: float,
        reach: float,
        tone: tuple[int, ...],
    ) -> None:
        cx, cy = at
        for k in range(12):
            t = (k + 1) / 12
            x = cx + math.cos(angle) * reach * t
            y = cy - math.sin(angle) * reach * t * 0.75 + 0.24 * t * t
            w = 0.085 * math.sin(math.pi * min(1, t * 0.9 + 0.1))
            lean = 0.03 * (1 if math.cos(angle) > 0 else -1)
            pen.polygon(
                [((x - 0.016) * n, y * n), ((x + 0.016) * n, y * n), ((x + lean) * n, (y + w) * n)],
                fill=tone,
            )
            pen.polygon(
                [
                    ((x - 0.014) * n, y * n),
                    ((x + 0.014) * n, y * n),
                    ((x + lean * 1.4) * n, (y - w * 0.45) * n),
                ],
                fill=tone,
            )

    def _cactus(self, pen: ImageDraw.ImageDraw, n: int, gen: Gen) -> None:
        green = self._bound("cactus", "pine")
        limbs = [(0.5, 1.0, 0.5, 0.12, 0.075)]
        for s in (-1, 1):
            y = 0.5 + 0.15 * float(gen.random())
            limbs += [
                (0.5, y, 0.5 + s * 0.18, y, 0.045),
                (0.5 + s * 0.18, y, 0.5 + s * 0.18, y - 0.25, 0.048),
            ]
        for shade, facing in ((0.8, 0.3), (1.0, 0.9)):
            for x0, y0, x1, y1, r in limbs:
                k = r if shade < 1 else r * 0.6
                off = 0.0 if shade < 1 else self.side * r * 0.3
                tone = self._tone(scale(green, shade), facing)
                pen.line(
                    [((x0 + off) * n, y0 * n), ((x1 + off) * n, y1 * n)],
                    fill=tone,
                    width=int(2 * k * n),
                )
                for x, y in ((x0, y0), (x1, y1)):
                    pen.ellipse(
                        ((x + off - k) * n, (y - k) * n, (x + off + k) * n, (y + k) * n), fill=tone
                    )


def paint_tree(frame: Frame, grove: Grove, tree: Placed, index: int, ground: float) -> None:
    """One tree with its ground shadow, hidden where nearer land covers its foot."""
    if ground <= 0.0 or ground > 2.0:
        return
    x, foot = frame.project(tree.x, ground, tree.z)
    tall = max(4, int(tree.size * frame.unit / tree.z))
    if x < -tall or x > frame.width + tall or tall > 2.5 * frame.height:
        return
    flip = index % 4 == 1 and tree.shape != "palm"
    data = grove.scaled(tree.shape, index % VARIANTS, tall, flip=flip)
    haze = frame.haze(tree.z)
    rgb = data[..., :3] + (array(frame.palette["haze"]) - data[..., :3]) * haze
    shadow(frame, x, foot, tall * 0.3, haze)
    frame.composite(rgb, data[..., 3], int(x - tall / 2), int(foot - tall + tall * 0.02), tree.z)


def shadow(frame: Frame, x: float, y: float, half: float, haze: float) -> None:
    """A soft dark ellipse on the ground."""
    w, h = max(3, int(half * 2.4)), max(2, int(half * 0.5))
    ys = np.linspace(-1, 1, h, dtype=np.float32)[:, None] ** 2
    xs = np.linspace(-1, 1, w, dtype=np.float32)[None, :] ** 2
    alpha = np.clip(1 - ys - xs, 0, 1) * 0.55 * (1 - haze)
    dark = array(scale(frame.palette["ambient"], 0.28))
    frame.composite(
        np.broadcast_to(dark, (h, w, 3)),
        alpha.astype(np.float32),
        int(x - w / 2),
        int(y - h / 2),
        None,
    )
