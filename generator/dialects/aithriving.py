"""AIThriving's basic text to image: one picture, as base64 in the answer.

Source: AIThriving, Basic Text To Image. The document's table calls the key's header
"Authentication" and its example sends a bare "Authorization"; both are read. It says nothing
of HTTP statuses, and its example reads `code` only after 200, so whatever the service itself
decides about a request is 200 with `code` -1. What stops a request before that (key, size,
JSON, too often) has an HTTP status as well.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from generator.catalog import samplers, styles
from generator.catalog.guidance_presets import GUIDANCE_PRESETS
from generator.catalog.limits import (
    AITHRIVING_GUIDANCE,
    AITHRIVING_SIDE,
    AITHRIVING_STEPS,
    Length,
    Whole,
)
from generator.catalog.models import AITHRIVING_DEFAULT
from generator.contract import MAX_PROMPT, ImageRequest, narrow_seed
from generator.dialects import Defaults, Problem, Result
from generator.dialects import fields as tables
from generator.dialects.fields import Choice, Field, build, json_schema, read_fields, told
from generator.dialects.keys import bare

name = "aithriving"
title = "AIThriving"
path = "/api/generate/basic/textToImage"
key_in_body = False
any_model = False

#: The document gives no bound; wider seeds than ours are folded and echoed.
MAX_SENT_SEED = 10**30
_SAMPLERS = tuple(each.aithriving_name for each in samplers.ALL if each.aithriving_name)
_STYLES = tuple(style.slug for style in styles.STYLES if style.slug != "none")
FIELDS = (
    Field("prompt", "prompt", Length(1, MAX_PROMPT), "What to paint.", required=True),
    Field("width", "width", AITHRIVING_SIDE, "Pixels.", required=True),
    Field("height", "height", AITHRIVING_SIDE, "Pixels.", required=True),
    Field("cfg_scale", "guidance_scale", AITHRIVING_GUIDANCE, "How literally to read; 7."),
    Field(
        "clip_guidance_preset",
        "clip_guidance_preset",
        Choice(GUIDANCE_PRESETS),
        "Checked, and without effect: no engine here has it.",
    ),
    Field("sampler", "sampler", Choice(_SAMPLERS), "The model's own when omitted."),
    Field("seed", "seed", Whole(0, MAX_SENT_SEED), "0 or omitted: random."),
    Field("steps", "steps", AITHRIVING_STEPS, "30 when omitted."),
    Field("style_preset", "style", Choice(_STYLES), "The look."),
)
SECURITY: dict[str, Any] = {"type": "apiKey", "in": "header", "name": "Authorization"}
SCHEMA = json_schema(FIELDS)
_IMAGE = {
    "type": "object",
    "required": ["image", "seed"],
    "properties": {
        "image": {"type": "string", "description": "A PNG file as base64."},
        "seed": {"type": "integer"},
    },
}
ANSWER: dict[str, Any] = {
    "type": "object",
    "required": ["code", "message"],
    "properties": {
        "code": {"type": "integer", "description": "0 success, -1 failure."},
        "message": {"type": "string", "description": "`success`, or why not."},
        "data": _IMAGE,
    },
}
REFUSAL = ANSWER
#: What the service itself decides about a request that it could read.
_DECIDED = {402, 409, 422}


def token(headers: Mapping[str, str], payload: Mapping[str, Any]) -> str | None:
    """The key, bare or after "Bearer", in either of the two headers that the document names."""
    sent = headers.get("Authorization") or headers.get("Authentication") or ""
    return bare(sent)


def read(payload: Mapping[str, Any], defaults: Defaults) -> ImageRequest:
    """The request that `payload` spells; raises `InvalidRequest` under the wire's names."""
    values, errors = read_fields(FIELDS, payload)
    values.pop("clip_guidance_preset", None)
    values["seed"] = narrow_seed(values.get("seed") or defaults.seed)
    values["model"] = AITHRIVING_DEFAULT
    values.setdefault("steps", AITHRIVING_STEPS.default)
    values.setdefault("guidance_scale", AITHRIVING_GUIDANCE.default)
    if "sampler" in values:
        values["sampler"] = samplers.by_aithriving_name(values["sampler"]).slug
    return build(FIELDS, values, errors)


def omitted(payload: Mapping[str, Any]) -> frozenset[str]:
    """The sampler, when it is left to us. Steps and guidance have documented defaults."""
    return tables.omitted(FIELDS, payload) & {"sampler"}


def keep(payload: Mapping[str, Any]) -> dict[str, Any]:
    """What must be told later though the request does not hold it."""
    preset = payload.get("clip_guidance_preset")
    seed = payload.get("seed")
    kept = {} if preset is None else {"clip_guidance_preset": preset}
    return {**kept, "seed": seed} if seed and narrow_seed(seed) != seed else kept


def embeds(result: Result) -> bool:
    """The picture is always in the answer."""
    return True


def write(result: Result) -> dict[str, Any]:
    """Success, with the first picture."""
    seed = result.wire.get("seed", result.request.seed)
    data = {"image": result.pictures[0].base64, "seed": seed}
    return {"code": 0, "message": "success", "data": data}


def refuse(problem: Problem) -> tuple[int, dict[str, Any]]:
    """Code -1 with the reason."""
    decided = problem.failed or problem.status in _DECIDED
    status = 200 if decided else problem.status
    return status, {"code": -1, "message": told(FIELDS, problem)}
