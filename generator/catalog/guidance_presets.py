"""CLIP guidance presets: a setting of one service that no engine here has.

Source: AIThriving, Basic Text To Image, "clip_guidance_preset". A dialect checks
the name and keeps it with the request as the client sent it; the picture does
not depend on it.
"""

from __future__ import annotations

from generator.catalog.lookup import find

GUIDANCE_PRESETS = (
    "FAST_BLUE",
    "FAST_GREEN",
    "NONE",
    "SIMPLE",
    "SLOW",
    "SLOWER",
    "SLOWEST",
)


def by_aithriving_name(name: object) -> str:
    """The preset as documented; raises `InvalidRequest` on `clip_guidance_preset`."""
    return find({n: n for n in GUIDANCE_PRESETS}, name, field="clip_guidance_preset")
