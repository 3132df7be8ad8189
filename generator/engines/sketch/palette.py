"""The colours of a picture: hand-picked light per time of day, and the earth under it."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from generator.engines.sketch import color
from generator.engines.sketch.color import RGB

# zenith, upper, middle, horizon, sun, key light, ambient light, haze
LIGHTS: dict[str, tuple[str, ...]] = {
    "day": (
        "1f6fc4 4a9be0 8cc6ee d6ecf4 fffbe8 fff3d6 8fa9c4 b9d6e6",
        "2477b8 55a6d8 9bd0e6 e6f2ea fffaf0 fff1d0 93aab8 c2dbe0",
        "2a62b8 5590dc 95bff0 dfeaf6 fffdf2 fff4de 8c9fc6 bccfe8",
    ),
    "morning": (
        "3f86c8 7fb6dc bfd9dc fbe6c0 fff6d8 ffe6b8 94a6b8 d9dccb",
        "4a8fc0 8cc0d4 cfe0d0 ffe9b8 fff4cf ffe3ae 98a8ae dfdcc0",
    ),
    "dawn": (
        "43589c 8a86b8 e0a8a8 ffd9a0 fff0c4 ffd0a0 8488aa dcb6ae",
        "3c6a9c 88a4b8 e6c2a4 ffdf98 fff2c8 ffd6a4 8690a4 dcc4ac",
        "5a5aa4 a98cb8 f0adb0 ffd8b4 fff0d8 ffcbb0 8e86a8 e2b8bc",
    ),
    "sunset": (
        "3a2a6c 94417c ee7058 ffbf62 fff2b8 ffb070 78648c e08f70",
        "2c3a7c 7e5294 f08a5c ffd070 fff4c0 ffba78 74709a e0a070",
        "4a2470 b03a78 ff6e50 ffb050 fff0b0 ffa368 7c5c84 e08064",
    ),
    "dusk": (
        "1c2450 44447e 8d5f8c e0977c ffdcb4 d8a08c 56587e 8f7286",
        "162c54 36527e 7c7694 d9a488 ffe4bc d0a890 505e7e 84809a",
    ),
    "night": (
        "070c26 111d44 1d3260 35507e f2f0dc 8aa4d8 25355e 25395f",
        "0a0a2a 1c1a4c 33306c 575090 f4efe0 9a9ce0 2e2e62 363668",
        "04142a 0b2c44 164a5e 2f6a76 eef2e0 86b8c8 1f405a 1f4658",
    ),
    "grey": (
        "6a7684 8b959e aab2b6 c9cdcc f4f2ea cdd0cc 8b939a a9b1b4",
        "5e6c78 828e94 a4acae c4c8c4 f2f0e8 c8ccc8 868f94 a2aaac",
    ),
    "storm": (
        "161f2e 2a3a48 42545e 687a7c e8ecec 8fa0a4 46545e 52646c",
        "101c2e 20364a 365264 58747e e8ecec 88a2ae 3e5264 48606e",
    ),
    "space": (
        "06051a 100c34 1e1450 2c1c5c fff6e0 fff0d8 2c2846 140f30",
        "040a1c 08183a 0e2858 123468 fff6e0 fff0d8 24304a 0a1a30",
    ),
}
ROLES = ("zenith", "upper", "middle", "horizon", "sun", "key", "ambient", "haze")

EARTH = {
    "grass": "5f8f3a", "grass2": "86a84a", "dry": "a89a5a", "rock": "7d7468", "rock2": "5d5650",
    "soil": "6b4f38", "sand": "d8bc84", "sand2": "c09a62", "snow": "eef3fa", "leaf": "3f7a34",
    "pine": "2f5f40", "trunk": "5a4330", "shallow": "4fb0a8", "deep": "1d4f6e", "road": "5c5a60",
    "mesa": "b8683c", "cloud": "ffffff", "shade": "9aa6b8",
}  # fmt: skip
SEASONS = {
    "autumn": {"leaf": "e08c1e", "grass": "8f8a3c", "grass2": "b89a48", "pine": "3f5f3a"},
    "spring": {"leaf": "76a848", "grass": "66a040", "grass2": "92ba52"},
    "winter": {"leaf": "8a8478", "grass": "dfe7f0", "grass2": "eef3f8", "pine": "33584c"},
    "summer": {"leaf": "3c7e30", "grass": "5c9434"},
}
STUBBORN = {"snow": 0.5, "cloud": 0.35, "sun": 0.45, "key": 0.5}


@dataclass
class Palette:
    """The named colours of one picture (sRGB 0..1)."""

    roles: dict[str, RGB] = field(default_factory=dict)

    def __getitem__(self, role: str) -> RGB:
        return self.roles[role]

    def lit(self, albedo: RGB, facing: float = 0.6) -> RGB:
        """`albedo` under this light; `facing` 0 (shade) .. 1 (full sun)."""
        key, ambient = self.roles["key"], self.roles["ambient"]
        r, g, b = (
            min(1.0, a * (m * 0.8 + k * facing * 0.75))
            for a, m, k in zip(albedo, ambient, key, strict=True)
        )
        return (r, g, b)


def choose(time: str, season: str | None, picks: tuple[float, float]) -> Palette:
    """The palette for a time of day; `picks` (0..1) choose the set and a small hue drift."""
    sets = LIGHTS[time]
    values = sets[int(picks[0] * len(sets)) % len(sets)].split()
    roles = {role: color.parse(value) for role, value in zip(ROLES, values, strict=True)}
    earth = {**EARTH, **SEASONS.get(season or "", {})}
    roles |= {role: color.parse(value) for role, value in earth.items()}
    drift = math.radians((picks[1] - 0.5) * 18)
    return Palette({role: _turn(value, drift) for role, value in roles.items()})


def adjust(
    palette: Palette, wanted: list[RGB], guidance: float, saturation: float = 1.0
) -> Palette:
    """Pull every role towards the nearest wanted hue; chroma follows guidance and mood."""
    weight = min(0.9, 0.42 + 0.046 * guidance)
    chroma = saturation * (0.72 + 0.04 * min(guidance, 16.0))
    hues = [color.to_lch(value) for value in wanted]
    roles = {
        role: _pull(value, hues, weight * STUBBORN.get(role, 1.0), chroma)
        for role, value in palette.roles.items()
    }
    return Palette(roles)


def _turn(value: RGB, angle: float) -> RGB:
    lightness, chroma, hue = color.to_lch(value)
    return color.from_lch(lightness, chroma, hue + angle)


def _pull(value: RGB, wanted: list[RGB], weight: float, gain: float) -> RGB:
    lightness, chroma, hue = color.to_lch(value)
    if not wanted:
        return color.from_lch(lightness, chroma * gain, hue)
    goal = min(wanted, key=lambda w: abs(_apart(w[2], hue)) if w[1] > 0.02 else 2.0)
    a, b = chroma * math.cos(hue), chroma * math.sin(hue)
    reach = max(min(goal[1], 0.17), min(chroma, goal[1] * 1.2)) * (0.55 + 0.45 * (1 - lightness))
    ga, gb = reach * math.cos(goal[2]), reach * math.sin(goal[2])
    a, b = a + (ga - a) * weight, b + (gb - b) * weight
    lightness += (goal[0] - lightness) * 0.18 * weight
    return color.from_lch(lightness, math.hypot(a, b) * gain, math.atan2(b, a))


def _apart(a: float, b: float) -> float:
    return (a - b + math.pi) % (2 * math.pi) - math.pi
