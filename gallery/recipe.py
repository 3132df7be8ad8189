"""A recipe in words, for the page of a picture.

A recipe is `{"request": {…}, "model": …, "engine": …, "label": …}`; whatever made the
picture may add more. Names that are not known here are shown as they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

#: What has a place of its own on the page, or says nothing to people.
ELSEWHERE = {
    "request", "prompt", "negative_prompt", "label", "seed", "width", "height",
    "count", "safety", "output_format", "initial_image", "mask", "imported", "origin", "left_out",
}  # fmt: skip
#: What names pictures by their ids: a request's own fields, and the one of each of its controls.
PICTURES = ("initial_image", "mask", "guide")
#: Values that mean "nothing asked for".
UNSET: tuple[object, ...] = (None, "", 0, "none", False, [], {})


@dataclass(frozen=True)
class Row:
    """One line of the table: what, and how much of it."""

    label: str
    value: str


def request_of(recipe: Mapping[str, Any]) -> Mapping[str, Any]:
    """The part of a recipe that was asked for."""
    request = recipe.get("request")
    return request if isinstance(request, dict) else {}


def worked_from(recipe: Mapping[str, Any]) -> list[str]:
    """The ids of the pictures that it was made from, as they were asked for; trust none."""
    asked = request_of(recipe)
    controls = asked.get("controls")
    parts = [asked, *(controls if isinstance(controls, list) else [])]
    named = [part.get(name) for part in parts if isinstance(part, dict) for name in PICTURES]
    return list(dict.fromkeys(name for name in named if name and isinstance(name, str)))


def rows(recipe: Mapping[str, Any]) -> list[Row]:
    """What made the picture, line by line: the request first, then what the engine added."""
    facts = {**request_of(recipe), **recipe}
    names = _names()
    known = [name for name in names if name in facts]
    others = [name for name in facts if name not in names]
    return [
        Row(names.get(name, name.replace("_", " ").capitalize()), _words(facts[name]))
        for name in (*known, *others)
        if name not in ELSEWHERE and facts[name] not in UNSET
    ]


def _words(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(_pairs(value))
    if isinstance(value, list | tuple):
        return "; ".join(_words(item) for item in value)
    if value is True:
        return _("yes")
    return f"{value:g}" if isinstance(value, float) else str(value)


def _pairs(value: Mapping[str, Any]) -> Iterator[str]:
    for name, part in value.items():
        if part not in UNSET and name not in PICTURES:
            yield f"{name.replace('_', ' ')} {_words(part)}"


def _names() -> dict[str, str]:
    return {
        "model": _("Model"),
        "style": _("Style"),
        "steps": _("Steps"),
        "guidance_scale": _("Guidance"),
        "sampler": _("Sampler"),
        "clip_skip": _("Clip skip"),
        "strength": _("Strength"),
        "loras": _("LoRAs"),
        "controls": _("Guides"),
        "prompt_language": _("Prompt language"),
        "prompt_weighting": _("Prompt weighting"),
        "engine": _("Engine"),
        "engine_version": _("Engine version"),
        "scene": _("Understood"),
        "ignored": _("Not understood"),
    }
