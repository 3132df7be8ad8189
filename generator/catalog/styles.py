"""Styles: the look of a picture, one canonical slug for both services that have them.

Sources: AIThriving, Basic Text To Image, "style_preset" (our slugs are its
names); PicFinder, Text to image, "Style ID". The words are ours; they are for
engines that read prompts. The sketch engine draws a style by its slug.
"""

from __future__ import annotations

from dataclasses import dataclass

from generator.catalog.lookup import find


@dataclass(frozen=True)
class Style:
    """A look, with the words that ask for it and those that keep others out."""

    slug: str
    name: str
    words: str = ""
    unwanted: str = ""
    picfinder_id: int | None = None

    def dress(self, prompt: str, negative_prompt: str = "") -> tuple[str, str]:
        """Both prompts with this style's words added, for engines that read prompts."""
        return _joined(prompt, self.words), _joined(negative_prompt, self.unwanted)


STYLES = (
    Style("none", "No style", picfinder_id=1),
    Style(
        "photographic",
        "Photographic",
        "professional photograph, natural light, sharp focus, true colours",
        "drawing, painting, render, cartoon",
        picfinder_id=3,
    ),
    Style(
        "cinematic",
        "Cinematic",
        "still from a film, anamorphic lens, dramatic light, graded colour",
        "flat light, snapshot, cartoon",
    ),
    Style(
        "anime",
        "Anime",
        "anime key visual, clean outlines, cel shading, bright colour",
        "photograph, realistic skin, grain",
        picfinder_id=2,
    ),
    Style(
        "digital-art",
        "Digital Art",
        "digital painting, painterly brushwork, rich light and colour",
        "photograph, low detail",
        picfinder_id=4,
    ),
    Style(
        "comic-book",
        "Comic Book",
        "comic book panel, inked outlines, halftone dots, bold flat colour",
        "photograph, soft shading, blur",
        picfinder_id=5,
    ),
    Style(
        "fantasy-art",
        "Fantasy Art",
        "epic fantasy illustration, magical light, intricate detail",
        "modern objects, photograph, plain",
        picfinder_id=6,
    ),
    Style(
        "analog-film",
        "Analog Film",
        "35 mm film photograph, fine grain, faded tones, soft vignette",
        "digital sharpness, render, drawing",
        picfinder_id=7,
    ),
    Style(
        "neon-punk",
        "Neon Punk",
        "neon lit night, glowing magenta and cyan, wet reflections, futuristic",
        "daylight, muted colour, rustic",
        picfinder_id=8,
    ),
    Style(
        "isometric",
        "Isometric",
        "isometric projection, tidy miniature diorama, no vanishing point",
        "perspective, horizon, close-up",
        picfinder_id=9,
    ),
    Style(
        "low-poly",
        "Low Poly",
        "low poly model, large flat facets, simple shading",
        "fine texture, photograph, smooth curves",
        picfinder_id=10,
    ),
    Style(
        "origami",
        "Origami",
        "folded paper sculpture, crisp creases, paper texture, studio light",
        "metal, skin, photograph of real animals",
        picfinder_id=11,
    ),
    Style(
        "line-art",
        "Line Art",
        "black line drawing on white paper, even clean strokes",
        "colour, shading, photograph, blur",
        picfinder_id=12,
    ),
    Style(
        "3d-model",
        "3D Model",
        "rendered three-dimensional model, physically based materials, soft shadows",
        "sketch, flat drawing, grain",
    ),
    Style(
        "pixel-art",
        "Pixel Art",
        "pixel art, visible square pixels, small palette, hard edges",
        "smooth gradient, photograph, anti-aliasing",
    ),
    Style(
        "modeling-compound",
        "Modeling Compound",
        "shaped from modelling clay, fingerprints, rounded forms, stop motion set",
        "sharp edges, photograph, drawing",
    ),
    Style(
        "tile-texture",
        "Tile Texture",
        "seamless repeating texture, even light, edges that match",
        "single subject, border, horizon",
    ),
    Style(
        "enhance",
        "Enhance",
        "crisp detail, balanced contrast, clean colour, high quality",
        "blur, noise, artefacts, washed out",
    ),
)

_BY_SLUG = {style.slug: style for style in STYLES}
_BY_AITHRIVING = {slug: style for slug, style in _BY_SLUG.items() if slug != "none"}
_BY_PICFINDER = {s.picfinder_id: s for s in STYLES if s.picfinder_id is not None}


def by_slug(slug: object) -> Style:
    """The style called "line-art"; raises `InvalidRequest` on `style`."""
    return find(_BY_SLUG, slug, field="style")


def by_aithriving_name(name: object) -> Style:
    """AIThriving's `style_preset`, 17 names; raises `InvalidRequest` on it."""
    return find(_BY_AITHRIVING, name, field="style_preset")


def by_picfinder_id(number: object) -> Style:
    """PicFinder's `styleId`, 1..12, 1 is none; raises `InvalidRequest` on it."""
    return find(_BY_PICFINDER, number, field="styleId")


def _joined(*parts: str) -> str:
    return ", ".join(part for part in parts if part)
