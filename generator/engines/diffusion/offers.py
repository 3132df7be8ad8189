"""What a diffusion model can do with the weights that are here: pure, without torch."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from generator.catalog.preprocessors import PREPROCESSORS, Preprocessor
from generator.engines.abilities import Abilities
from generator.engines.diffusion import places
from generator.engines.diffusion.places import BadPlace, Kind
from generator.engines.diffusion.refusals import CLIP, DRAWN, FAMILIES, READ_BY_A_MODEL

#: A folder may hold thousands; a list of choices had better not.
MOST_LORAS = 500


def abilities(options: Mapping[str, Any], root: Path | None) -> Abilities:
    """What the model with these `options` can do; see `Abilities`.

    `root` is the models folder, None where another machine has it.
    """
    try:
        kind = places.kind_of(options, root or Path("/nonexistent"))
    except BadPlace:
        return Abilities()
    reads_clip = kind is None or kind in CLIP
    return Abilities(
        initial_image=True,
        preprocessors=tuple(p.slug for p in PREPROCESSORS if _can_read(p, kind, root)),
        loras=None if root is None else tuple(_loras(root)),
        clip_skip=reads_clip,
        prompt_weighting=reads_clip,
    )


def has_lora(name: str, root: Path) -> bool:
    """Whether the LoRA called `name`, by name or AIR id, is installed."""
    try:
        places.lora_file(name, root)
    except BadPlace:
        return False
    return True


def _can_read(preprocessor: Preprocessor, kind: Kind | None, root: Path | None) -> bool:
    """Whether this preprocessor and its ControlNet are there for models of `kind`."""
    slug = preprocessor.slug
    if slug not in DRAWN | READ_BY_A_MODEL:
        return False
    if kind is not None and (kind not in CLIP or FAMILIES[kind] not in preprocessor.families):
        return False
    if root is None or kind is None:
        return True
    try:
        places.controlnet_folder(preprocessor.control, kind, root)
        if slug in READ_BY_A_MODEL:
            places.preprocessor_folder(slug, root)
    except (BadPlace, OSError):
        return False
    return True


def _loras(root: Path) -> Iterator[str]:
    """The names that `places.lora_file` finds, the plain ones first."""
    folder = root / "loras"
    plain = sorted(folder.glob("*.safetensors"))[:MOST_LORAS]
    by_id = sorted(folder.glob("*/*@*.safetensors"))[:MOST_LORAS]
    for path in plain:
        yield path.stem
    for path in by_id:
        yield f"{path.parent.name}:{path.stem}"
