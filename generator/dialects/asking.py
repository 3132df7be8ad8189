"""The other way round: the body that asks for a picture, in each service's own words.

What a service has no word for is left out, and what it bounds is the nearest that it takes:
reading the body back with its dialect tells which. With `seeded` false the seed is left out, so
that each call paints another picture.
"""

from __future__ import annotations

from typing import Any

from generator.catalog import qualities, ratios, samplers, sizes, styles, task_types
from generator.catalog.limits import (
    AITHRIVING_STEPS,
    MODELSLAB_SAMPLES,
    OPENAI_COUNT,
    PICFINDER_CLIP_SKIP,
    PICFINDER_GUIDANCE,
)
from generator.contract import MAX_SEED, Control, ImageRequest, Lora, OutputFormat, Safety
from generator.dialects import openai_images, stubber
from generator.dialects.picfinder import UNWANTED

#: Where a seed of 0 asks for a random one, the next that is folded to 0.
_ZERO = MAX_SEED + 1
#: Stands for the id of a task, which is new for each.
NO_TASK = "00000000-0000-4000-8000-000000000000"


def native(request: ImageRequest, *, seeded: bool = True) -> dict[str, Any]:
    """Our own API, which can say everything; what has its usual value is left out."""
    shape = ratios.by_size(request.width, request.height)
    if shape and shape[1] == "standard":
        size: dict[str, Any] = {"ratio": shape[0].goneural}
    else:
        size = {"width": request.width, "height": request.height}
    said = {
        "negativePrompt": request.negative_prompt,
        "count": request.count if request.count > 1 else None,
        "style": request.style if request.style != "none" else None,
        "sampler": request.sampler if request.sampler != "default" else None,
        "clipSkip": request.clip_skip,
        "outputFormat": _unusual(request.output_format),
        "promptWeighting": request.prompt_weighting,
        **_worked_from(request),
    }
    return {
        "prompt": request.prompt,
        **size,
        "model": request.model,
        **({"seed": request.seed} if seeded else {}),
        "steps": request.steps,
        "guidanceScale": _plain(request.guidance_scale),
        **{name: value for name, value in said.items() if value},
        **({"strength": request.strength} if request.strength is not None else {}),
    }


def openai(request: ImageRequest, *, seeded: bool = True) -> dict[str, Any]:
    """OpenAI Images: steps by the nearest quality, base64 whatever the model is called."""
    looks = {ours: theirs for theirs, ours in openai_images.STYLES.items() if ours != "none"}
    said = {
        "style": looks.get(request.style),
        "output_format": _unusual(request.output_format),
    }
    return {
        "model": request.model,
        "prompt": request.prompt,
        "n": OPENAI_COUNT.nearest(request.count),
        "size": sizes.Size(request.width, request.height).name,
        "quality": qualities.nearest(qualities.OPENAI, request.steps, ("low", "medium", "high")),
        "response_format": "b64_json",
        **{name: value for name, value in said.items() if value},
    }


def a1111(request: ImageRequest, *, seeded: bool = True) -> dict[str, Any]:
    """The web UI: LoRAs stand in the prompt, the model among the settings."""
    settings: dict[str, Any] = {"sd_model_checkpoint": request.model}
    if request.clip_skip:
        settings["CLIP_stop_at_last_layers"] = request.clip_skip + 1
    sampler = samplers.by_slug(request.sampler).a1111_names
    said = {
        "negative_prompt": request.negative_prompt,
        "styles": [] if request.style == "none" else [styles.by_slug(request.style).name],
        "sampler_name": sampler[0] if sampler else None,
    }
    return {
        "prompt": request.prompt
        + "".join(f" <lora:{x.model}:{x.weight:g}>" for x in request.loras),
        "width": request.width,
        "height": request.height,
        "seed": request.seed if seeded else -1,
        "steps": request.steps,
        "cfg_scale": _plain(request.guidance_scale),
        "batch_size": request.count,
        **{name: value for name, value in said.items() if value},
        "override_settings": settings,
    }


def aithriving(request: ImageRequest, *, seeded: bool = True) -> dict[str, Any]:
    """AIThriving: one picture, by the only model that it has."""
    size = sizes.nearest_for_aithriving(request.width, request.height)
    sampler = samplers.by_slug(request.sampler).aithriving_name
    return {
        "prompt": request.prompt,
        "width": size.width,
        "height": size.height,
        "cfg_scale": _plain(request.guidance_scale),
        "steps": AITHRIVING_STEPS.nearest(request.steps),
        **({"seed": request.seed or _ZERO} if seeded else {}),
        **({"sampler": sampler} if sampler else {}),
        **({"style_preset": request.style} if request.style != "none" else {}),
    }


def stubber_task(request: ImageRequest, *, seeded: bool = True) -> dict[str, Any]:
    """Stubber: a task with its params."""
    size = sizes.nearest(sizes.STUBBER.values(), request.width, request.height)
    params = {
        "prompt": request.prompt,
        "model": request.model,
        "size": size.name,
        "quality": qualities.nearest(qualities.STUBBER, request.steps),
    }
    return {"tasktype": stubber.TASK, "taskapigatewayuuid": stubber.GATEWAY, "params": params}


def modelslab(request: ImageRequest, *, seeded: bool = True) -> dict[str, Any]:
    """ModelsLab, but for the key, which stands first in its bodies."""
    size = sizes.nearest_for_modelslab(request.width, request.height)
    said = {
        "negative_prompt": request.negative_prompt,
        "safety_checker": request.safety is Safety.BLANK,
    }
    return {
        "model_id": request.model,
        "prompt": request.prompt,
        "width": size.width,
        "height": size.height,
        "samples": MODELSLAB_SAMPLES.nearest(request.count),
        "num_inference_steps": request.steps,
        "guidance_scale": _plain(request.guidance_scale),
        **({"seed": _exact(request.seed)} if seeded else {}),
        **{name: value for name, value in said.items() if value},
    }


def picfinder(request: ImageRequest, *, seeded: bool = True) -> dict[str, Any]:
    """PicFinder's newTask, under an id that whoever sends it replaces by one of its own."""
    prompt, unwanted = request.prompt, request.negative_prompt
    inputs = [name for name in task_types.INPUTS if getattr(request, name)]
    said = {
        "clipSkip": PICFINDER_CLIP_SKIP.nearest(request.clip_skip),
        "styleId": styles.by_slug(request.style).picfinder_id if request.style != "none" else None,
        "schedulerId": samplers.by_slug(request.sampler).picfinder_id,
        "usePromptWeighting": request.prompt_weighting,
        "lora": [{"modelId": x.model, "weight": _within_one(x.weight)} for x in request.loras],
        "imageInitiatorUUID": request.initial_image,
        "imageMaskInitiatorUUID": request.mask,
        "strength": request.strength,
        "controlNet": [_guide(control) for control in request.controls],
    }
    return {
        "taskUUID": NO_TASK,
        "taskType": task_types.for_inputs(inputs).picfinder_id,
        "promptText": f"{prompt}{UNWANTED}{unwanted}" if unwanted else prompt,
        "numberResults": request.count,
        "modelId": request.model,
        "sizeId": sizes.nearest_for_picfinder(request.width, request.height),
        "steps": request.steps,
        "gScale": _plain(min(request.guidance_scale, PICFINDER_GUIDANCE.high)),
        **({"seed": request.seed or _ZERO} if seeded else {}),
        "useCache": False,
        **{name: value for name, value in said.items() if value},
    }


def _exact(seed: int) -> int | str:
    """As text where programs in JavaScript would round it; ModelsLab takes either."""
    return seed if seed < 2**53 else str(seed)


def _unusual(format: OutputFormat) -> str | None:
    return None if format is OutputFormat.PNG else format.value


def _plain(number: float) -> int | float:
    """7 for 7.0, as people write it."""
    return int(number) if number == int(number) else number


def _worked_from(request: ImageRequest) -> dict[str, Any]:
    return {
        "initialImage": request.initial_image,
        "mask": request.mask,
        "loras": [_lora(lora) for lora in request.loras],
        "controls": [_control(control) for control in request.controls],
    }


def _lora(lora: Lora) -> dict[str, Any]:
    return {"model": lora.model, "weight": _plain(lora.weight)}


def _guide(control: Control) -> dict[str, Any]:
    return {
        "preprocessor": control.preprocessor,
        "guideImageUUID": control.guide,
        "weight": _within_one(control.weight),
        "startStepPercentage": _plain(control.start),
        "endStepPercentage": _plain(control.end),
        "controlMode": control.mode.value,
    }


def _within_one(weight: float) -> int | float:
    return _plain(min(max(weight, 0.0), 1.0))


def _control(control: Control) -> dict[str, Any]:
    numbers = {"weight": control.weight, "start": control.start, "end": control.end}
    return {
        "preprocessor": control.preprocessor,
        "guide": control.guide,
        **{name: _plain(value) for name, value in numbers.items()},
        "mode": control.mode.value,
    }
