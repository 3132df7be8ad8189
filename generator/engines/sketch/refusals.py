"""What the sketch engine has no way to do, told before anybody pays."""

from __future__ import annotations

from generator.contract import ImageRequest


def why_not(request: ImageRequest) -> str:
    """The reason in one sentence, "" when it can paint `request`."""
    if request.initial_image or request.mask or request.controls:
        return "Sketch paints from words alone, not from a picture; choose another model."
    if request.loras:
        return "Sketch has no weights that a LoRA could change; choose another model."
    return ""
