"""Files that Limner wrote."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gallery.provenance import DigitalSourceType
from generator.contract import Lora
from generator.importing.found import Found, found
from generator.importing.texts import Texts

PROGRAM = "Limner"
#: Of a request, what means the same everywhere; pictures it worked from lie elsewhere.
FIELDS = (
    "prompt", "negative_prompt", "width", "height", "seed", "steps", "guidance_scale", "sampler",
    "model", "style", "clip_skip", "prompt_language", "prompt_weighting",
)  # fmt: skip


def read(texts: Texts) -> Found | None:
    """The recipe that another installation, or this one, wrote into its file."""
    request = texts.provenance.recipe.get("request")
    if not isinstance(request, dict):
        return None
    values = {name: request.get(name) for name in FIELDS}
    return found(
        PROGRAM, {**values, "loras": _loras(request)}, digital_source_type=_source_type(texts)
    )


def _loras(request: Mapping[str, Any]) -> tuple[Lora, ...]:
    listed = request.get("loras")
    rows = [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []
    return tuple(Lora(model=row.get("model", ""), weight=row.get("weight", 1)) for row in rows)


def _source_type(texts: Texts) -> str:
    said = texts.provenance.digital_source_type
    return said if said in set(DigitalSourceType) else DigitalSourceType.TRAINED
