"""Why a request cannot be painted, told before anybody pays: pure, without torch.

`why_not` serves submission and forms; the engine asks it again, because weights
may have gone since.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from generator.catalog import preprocessors, samplers
from generator.catalog.models import Family
from generator.contract import ImageRequest, InvalidRequest
from generator.engines.diffusion import places
from generator.engines.diffusion.places import BadPlace, Kind

PACKAGES = ("torch", "diffusers", "transformers", "peft", "safetensors")
HOW_TO_INSTALL = "Install them with “make diffusion”."

#: Kinds that were trained to follow a straight flow; diffusers' other schedulers
#: neither know their noise levels nor take the ones these pipelines hand over.
FLOW = {Kind.SD3, Kind.FLUX}
FLOW_SAMPLERS = {"default", "euler", "euler-karras"}
CLIP = {Kind.SD, Kind.SDXL}
FAMILIES = {Kind.SD: Family.SD15, Kind.SDXL: Family.SDXL}

#: Preprocessors that plain arithmetic does (guides.py) and that a model does, from
#: MODELS_DIR/preprocessors, by transformers' depth estimation.
DRAWN = {"canny", "tile_gaussian", "lineart_standard", "shuffle"}
READ_BY_A_MODEL = {"depth_midas", "depth_zoe"}


@lru_cache(maxsize=4)
def _not_installed(packages: tuple[str, ...]) -> list[str]:
    return [name for name in packages if find_spec(name) is None]


def missing_packages() -> str:
    """One line that says what to install; "" when everything is there."""
    missing = _not_installed(PACKAGES)
    if not missing:
        return ""
    verb = "is" if len(missing) == 1 else "are"
    return f"{', '.join(missing)} {verb} not installed. {HOW_TO_INSTALL}"


def what_is_missing(options: Mapping[str, Any], root: Path) -> str:
    """What keeps a model from working on this machine, in one line; "" when nothing does."""
    if line := missing_packages():
        return line
    try:
        place = places.place_of(options, root)
        if place.folder:
            places.check_folder(place.folder, place.variant)
        places.kind_of(options, root)
    except (BadPlace, OSError) as error:
        return str(error)
    return ""


def bad_options(options: Mapping[str, Any]) -> str:
    """What is wrong with a model's options by themselves, in one line; "" when nothing is."""
    nowhere = Path("/nonexistent")
    try:
        places.place_of(options, nowhere)
        places.kind_of(options, nowhere)
    except BadPlace as error:
        return str(error)
    return ""


def why_not(request: ImageRequest, options: Mapping[str, Any], root: Path | None) -> str:
    """The reason, in one sentence, why this model cannot paint `request`; "" when it can.

    `options` are the model's. `root` is the models folder, None on a machine that
    has none: then what is installed is left for the worker to say.
    """
    try:
        kind = places.kind_of(options, root or Path("/nonexistent"))
        for rule in _RULES:
            if reason := rule(request, kind):
                return reason
        if root is not None:
            _find_weights(request, kind, root)
    except (BadPlace, InvalidRequest) as error:
        return str(error)
    return ""


def _sampler(request: ImageRequest, kind: Kind | None) -> str:
    sampler = samplers.by_slug(request.sampler)
    if sampler.refused:
        return f"The sampler {sampler.name} cannot paint from text. {sampler.refused}"
    if kind in FLOW and sampler.slug not in FLOW_SAMPLERS:
        names = ", ".join(sorted(FLOW_SAMPLERS))
        return f"{sampler.name} does not fit this model, which follows a flow; choose {names}."
    return ""


def _clip_skip(request: ImageRequest, kind: Kind | None) -> str:
    if request.clip_skip and kind is not None and kind not in CLIP:
        return "Clip skip works with Stable Diffusion 1, 2 and XL only."
    return ""


def _mask(request: ImageRequest, kind: Kind | None) -> str:
    return "This engine does not fill in masks." if request.mask else ""


def _controls(request: ImageRequest, kind: Kind | None) -> str:
    for control in request.controls:
        if kind is not None and kind not in CLIP:
            return "ControlNets work with Stable Diffusion 1, 2 and XL only."
        known = preprocessors.by_picfinder_name(control.preprocessor)
        if kind is not None and FAMILIES[kind] not in known.families:
            return f"{control.preprocessor} is not for this model's family."
        if control.preprocessor not in DRAWN | READ_BY_A_MODEL:
            return f"The preprocessor {control.preprocessor} is not available here."
    return ""


_RULES: tuple[Callable[[ImageRequest, Kind | None], str], ...] = (
    _sampler,
    _clip_skip,
    _mask,
    _controls,
)


def _find_weights(request: ImageRequest, kind: Kind | None, root: Path) -> None:
    """BadPlace when a LoRA, ControlNet or preprocessor is not installed."""
    for lora in request.loras:
        places.lora_file(lora.model, root)
    for control in request.controls:
        known = preprocessors.by_picfinder_name(control.preprocessor)
        if kind is not None:
            places.controlnet_folder(known.control, kind, root)
        if known.slug in READ_BY_A_MODEL:
            places.preprocessor_folder(known.slug, root)
