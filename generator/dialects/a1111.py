"""AUTOMATIC1111's web UI: pictures as base64, with all that was said about them as text.

Source: the web UI's modules/api/models.py and api.py. What its own form leaves out means here what
it means there: 512 x 512, 50 steps, guidance 7, a random seed. `generator.api.a1111_views` puts
ids in the place of pictures that a request brings along.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from generator.catalog import samplers
from generator.catalog.limits import Length, Number, Whole
from generator.contract import (
    MAX_CLIP_SKIP,
    MAX_COUNT,
    MAX_GUIDANCE,
    MAX_NAME,
    MAX_PROMPT,
    MAX_SEED,
    MAX_SIDE,
    MAX_STEPS,
    MIN_SIDE,
    SIDE_STEP,
    ImageRequest,
    InvalidRequest,
)
from generator.dialects import Defaults, Problem, Result, a1111_words
from generator.dialects.fields import Field, Flag, Label, build, json_schema, read_fields, told
from generator.dialects.keys import basic

name = "a1111"
title = "AUTOMATIC1111's web UI"
path = "/sdapi/v1/txt2img"
#: The same from a picture.
FROM_PICTURES = "/sdapi/v1/img2img"
key_in_body = False
any_model = True

SIDE = Whole(MIN_SIDE, MAX_SIDE, step=SIDE_STEP, default=512)
STEPS = Whole(1, MAX_STEPS, default=50)
GUIDANCE = Number(0, MAX_GUIDANCE, default=7)
#: How far a picture that is worked from may be left.
DENOISING = Number(0, 1, default=0.75)
FIELDS = (
    Field("prompt", "prompt", Length(1, MAX_PROMPT), "<lora:name:1> wears one.", required=True),
    Field("negative_prompt", "negative_prompt", Length(0, MAX_PROMPT), "What to keep out."),
    Field("width", "width", SIDE, "Pixels; 512."),
    Field("height", "height", SIDE, "Pixels; 512."),
    Field("seed", "seed", Whole(-1, MAX_SEED), "-1: random."),
    Field("steps", "steps", STEPS, "50."),
    Field("cfg_scale", "guidance_scale", GUIDANCE, "7."),
    Field("batch_size", "batch_size", Whole(1, MAX_COUNT), "Pictures at once."),
    Field("n_iter", "n_iter", Whole(1, MAX_COUNT), "How often so many; at most 16 in all."),
    Field("sampler_name", "sampler_name", Label(MAX_NAME), "The model's own when omitted."),
    Field("sampler_index", "sampler_index", Label(MAX_NAME), "The older name of sampler_name."),
    Field("scheduler", "scheduler", Label(MAX_NAME), "Passed over where it does not fit."),
    Field("denoising_strength", "strength", DENOISING, "For img2img; 0.75."),
    Field("enable_hr", "enable_hr", Flag(), "Paint in the size that follows at once."),
    Field("hr_scale", "hr_scale", Number(1, 8), "So many times as wide and high; 2."),
    Field("hr_resize_x", "hr_resize_x", Whole(0, MAX_SIDE), "Pixels; 0 is by hr_scale."),
    Field("hr_resize_y", "hr_resize_y", Whole(0, MAX_SIDE), "Pixels; 0 is by hr_scale."),
    Field("send_images", "send_images", Flag(), "False: only keep them in the gallery."),
    Field("script_name", "script_name", Label(MAX_NAME), "There are none."),
    Field("force_task_id", "force_task_id", Label(MAX_NAME), "What progress calls the task."),
)
#: Of the fields, those that an `ImageRequest` has no place for.
_BESIDES = (
    *("batch_size", "n_iter", "sampler_name", "sampler_index", "scheduler", "strength"),
    *("enable_hr", "hr_scale", "hr_resize_x", "hr_resize_y", "send_images"),
    *("script_name", "force_task_id"),
)
_CLIP_LAYERS = Whole(1, MAX_CLIP_SKIP + 1)
_TEXT = {"type": "string"}
SECURITY: dict[str, Any] = {
    "type": "http",
    "scheme": "basic",
    "description": "Any user name; the key is the password. Bearer is taken too.",
}
SCHEMA = json_schema(FIELDS)
SCHEMA["properties"] |= {
    "styles": {"type": ["array", "null"], "items": _TEXT, "description": "Of prompt-styles."},
    "override_settings": {
        "type": ["object", "null"],
        "properties": {
            "sd_model_checkpoint": {"type": ["string", "null"], "maxLength": MAX_NAME},
            "CLIP_stop_at_last_layers": {"type": ["integer", "null"], "minimum": 1, "maximum": 13},
        },
    },
    "alwayson_scripts": {"type": ["object", "null"], "maxProperties": 0},
}
ANSWER: dict[str, Any] = {
    "type": "object",
    "required": ["images", "parameters", "info"],
    "properties": {
        "images": {"type": "array", "items": {"type": "string", "description": "A PNG, base64."}},
        "parameters": {"type": "object"},
        "info": {"type": "string", "description": "JSON."},
    },
}
REFUSAL: dict[str, Any] = {
    "type": "object",
    "required": ["error", "detail", "body", "errors"],
    "properties": {"error": _TEXT, "detail": _TEXT, "body": _TEXT, "errors": _TEXT},
}


def token(headers: Mapping[str, str], payload: Mapping[str, Any]) -> str | None:
    """The password of `Authorization: Basic …`, or the key of `Bearer`."""
    return basic(headers)


def read(payload: Mapping[str, Any], defaults: Defaults) -> ImageRequest:
    """The request that `payload` spells; raises `InvalidRequest` under the wire's names."""
    values, errors = read_fields(FIELDS, payload)
    besides = {name: values.pop(name) for name in _BESIDES if name in values}
    values |= _settings(payload, errors) | _sampler(besides, errors)
    values["count"] = _count(besides, errors)
    _refuse_scripts(payload, besides, errors)
    values.setdefault("model", defaults.model)
    if values.get("seed", -1) == -1:
        values["seed"] = defaults.seed
    values.setdefault("steps", STEPS.default)
    values.setdefault("guidance_scale", GUIDANCE.default)
    values |= _size(values, besides)
    values |= _words(values, payload.get("styles"), errors)
    values |= _pictures(payload, besides)
    return build(FIELDS, values, errors)


def omitted(payload: Mapping[str, Any]) -> frozenset[str]:
    """The sampler, when it is left to us. All else means something where it is left out."""
    named = payload.get("sampler_name") or payload.get("sampler_index")
    return frozenset() if named else frozenset({"sampler"})


def keep(payload: Mapping[str, Any]) -> dict[str, Any]:
    """What is told again: the fields as they were sent, and the name of the task."""
    values, _ = read_fields(FIELDS, payload)
    wire = {field.name: values[field.target] for field in FIELDS if field.target in values}
    return {"sent": wire, "task": wire.pop("force_task_id", "")}


def embeds(result: Result) -> bool:
    """Unless they are only to be kept."""
    return bool(result.wire.get("sent", {}).get("send_images", True))


def write(result: Result) -> dict[str, Any]:
    """The pictures, the request with its defaults, and everything about them as text."""
    shown = result.pictures if embeds(result) else ()
    return {
        "images": [picture.base64 for picture in shown],
        "parameters": a1111_words.parameters(result),
        "info": a1111_words.info(result),
    }


def refuse(problem: Problem) -> tuple[int, dict[str, Any]]:
    """`detail` says why; an unknown sampler is what it is there."""
    status, detail = problem.status, told(FIELDS, problem)
    if "sampler_name" in problem.errors:
        status, detail = 404, "Sampler not found"
    return status, {"error": "HTTPException", "detail": detail, "body": "", "errors": ""}


def settings(payload: Mapping[str, Any]) -> dict[str, Any]:
    """`model` and `clip_skip` as `override_settings` name them; raises `InvalidRequest`."""
    errors: dict[str, list[str]] = {}
    found = _settings(payload, errors)
    if errors:
        raise InvalidRequest(errors)
    return found


def _settings(payload: Mapping[str, Any], errors: dict[str, list[str]]) -> dict[str, Any]:
    """The model and the CLIP layers of `override_settings`; the rest of them is passed over."""
    sent = payload.get("override_settings")
    if sent is None:
        return {}
    if not isinstance(sent, Mapping):
        errors["override_settings"] = ["Must be an object."]
        return {}
    fields = (
        Field("sd_model_checkpoint", "model", Label(MAX_NAME), ""),
        Field("CLIP_stop_at_last_layers", "clip_skip", _CLIP_LAYERS, ""),
    )
    values, wrong = read_fields(fields, sent)
    errors.update(wrong)
    found = {"clip_skip": values["clip_skip"] - 1} if "clip_skip" in values else {}
    model = a1111_words.checkpoint(values.get("model", ""))
    return {**found, "model": model} if model else found


def _sampler(besides: Mapping[str, Any], errors: dict[str, list[str]]) -> dict[str, str]:
    named = besides.get("sampler_name") or besides.get("sampler_index")
    if not named:
        return {}
    try:
        found = samplers.by_a1111_name(named, besides.get("scheduler"))
    except InvalidRequest as unknown:
        errors.update(unknown.errors)
        return {}
    return {"sampler": found.slug}


def _count(besides: Mapping[str, Any], errors: dict[str, list[str]]) -> int:
    count: int = besides.get("batch_size", 1) * besides.get("n_iter", 1)
    if count > MAX_COUNT:
        errors["batch_size"] = [f"Times n_iter, at most {MAX_COUNT}."]
        return 1
    return count


def _refuse_scripts(
    payload: Mapping[str, Any], besides: Mapping[str, Any], errors: dict[str, list[str]]
) -> None:
    """As there: a script that is not installed is an error, and here none is."""
    if besides.get("script_name") not in (None, "", "None"):
        errors["script_name"] = ["This script is not found; there are none."]
    always = payload.get("alwayson_scripts")
    if always is not None and always != {}:
        errors["alwayson_scripts"] = ["These scripts are not found; there are none."]


def _size(values: Mapping[str, Any], besides: Mapping[str, Any]) -> dict[str, int]:
    """The size to paint; with `enable_hr` the final one, which takes no second pass here."""
    found = {side: values.get(side, SIDE.default) for side in ("width", "height")}
    if not besides.get("enable_hr"):
        return found
    scale = besides.get("hr_scale", 2.0)
    wide, high = besides.get("hr_resize_x", 0), besides.get("hr_resize_y", 0)
    if wide or high:
        # One of them alone keeps the proportions.
        wide = wide or found["width"] * high / found["height"]
        high = high or found["height"] * wide / found["width"]
    else:
        wide, high = found["width"] * scale, found["height"] * scale
    return {"width": int(wide) // 8 * 8, "height": int(high) // 8 * 8}


def _words(
    values: Mapping[str, Any], styles: object, errors: dict[str, list[str]]
) -> dict[str, Any]:
    """Prompt and LoRAs apart, and the style; what it does not know of either stays as it is."""
    if styles is not None and not (
        isinstance(styles, list) and all(isinstance(each, str) for each in styles)
    ):
        errors["styles"] = ["Must be a list of names."]
        styles = None
    try:
        return a1111_words.dressed(values, styles if isinstance(styles, list) else [])
    except InvalidRequest as wrong:
        errors.update(wrong.errors)
        return {}


def _pictures(payload: Mapping[str, Any], besides: Mapping[str, Any]) -> dict[str, Any]:
    """The ids that stand for pictures; none in txt2img."""
    initial = payload.get("init_images")
    if not initial:
        return {}
    strength = besides.get("strength", DENOISING.default)
    return {"initial_image": initial[0], "mask": payload.get("mask"), "strength": strength}
