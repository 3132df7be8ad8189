"""OpenAI Images: pictures by link or as base64, and as events while they are painted.

Source: OpenAI's API reference, "Create image", "Create image edit", "Image streaming events" and
"Error codes". Its programs name models that they cannot know to be here, so any name will do. Its
words for quality and size differ from model to model; all are taken for any model, and sizes
besides, which servers like ours are asked for.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from generator.catalog import qualities, sizes
from generator.catalog.limits import OPENAI_COUNT, Length, Whole
from generator.contract import MAX_NAME, MAX_PROMPT, ImageRequest, OutputFormat
from generator.dialects import Defaults, Picture, Problem, Result
from generator.dialects.fields import Choice, Field, Flag, build, json_schema, read_fields, told
from generator.dialects.keys import BEARER, bearer

name = "openai"
title = "OpenAI (Images)"
path = "/v1/images/generations"
key_in_body = False
any_model = True

#: What its two styles mean here: dramatic, or as the model paints by itself.
STYLES = {"vivid": "cinematic", "natural": "none"}
_SIZE = re.compile(r"([1-9]\d{2,3})x([1-9]\d{2,3})", re.ASCII)
FIELDS = (
    Field("prompt", "prompt", Length(1, MAX_PROMPT), "What to paint.", required=True),
    Field("model", "model", Length(1, MAX_NAME), "The default model serves unknown names."),
    Field("n", "count", OPENAI_COUNT, "How many pictures."),
    Field("size", "size", Length(0, 20), "Like 1024x1024, or auto."),
    Field("quality", "quality", Choice(tuple(qualities.OPENAI)), "How many steps."),
    Field("style", "style", Choice(tuple(STYLES)), "vivid is more dramatic."),
    Field("response_format", "response_format", Choice(("url", "b64_json")), "url when omitted."),
    Field(
        "output_format",
        "output_format",
        Choice(tuple(each.value for each in OutputFormat)),
        "File type.",
    ),
    Field("output_compression", "compression", Whole(0, 100), "Checked, and without effect."),
    Field(
        "background",
        "background",
        Choice(("transparent", "opaque", "auto")),
        "Checked; pictures are opaque, and the answer says so.",
    ),
    Field("moderation", "moderation", Choice(("low", "auto")), "Checked, and without effect."),
    Field("stream", "stream", Flag(), "Whether to answer with events."),
    Field("partial_images", "partial_images", Whole(0, 3), "Unfinished pictures in a stream."),
)
#: Of the fields, those that an `ImageRequest` has no place for.
_BESIDES = (
    *("size", "quality", "response_format", "compression"),
    *("background", "moderation", "stream", "partial_images"),
)
_QUALITIES_TOLD = ("low", "medium", "high", "xhigh", "max")
#: What events call the words of its older models.
_TODAY = {"standard": "medium", "hd": "high"}
#: Required of the last event; nothing here is counted in tokens.
_NO_TOKENS = {
    "input_tokens": 0,
    "input_tokens_details": {"image_tokens": 0, "text_tokens": 0},
    "output_tokens": 0,
    "total_tokens": 0,
}
_TYPES = {429: "rate_limit_error"}
SECURITY = BEARER
SCHEMA = json_schema(FIELDS)
_TEXT = {"type": "string"}
ANSWER: dict[str, Any] = {
    "type": "object",
    "required": ["created", "data"],
    "properties": {
        "created": {"type": "integer"},
        "data": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"url": _TEXT, "b64_json": _TEXT, "revised_prompt": _TEXT},
            },
        },
    },
}
REFUSAL: dict[str, Any] = {
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["message", "type", "param", "code"],
            "properties": {
                "message": _TEXT,
                "type": _TEXT,
                "param": {"type": ["string", "null"]},
                "code": {"type": ["string", "null"]},
            },
        }
    },
}


def token(headers: Mapping[str, str], payload: Mapping[str, Any]) -> str | None:
    """The key of `Authorization: Bearer …`."""
    return bearer(headers)


def read(payload: Mapping[str, Any], defaults: Defaults) -> ImageRequest:
    """The request that `payload` spells; raises `InvalidRequest` under the wire's names."""
    values, errors = read_fields(FIELDS, payload)
    besides = {name: values.pop(name) for name in _BESIDES if name in values}
    size = _size(besides.get("size"))
    if size is None:
        errors["size"] = ["Must be auto or like 1024x1024."]
        size = sizes.SQUARE
    values |= {"width": size.width, "height": size.height, "seed": defaults.seed}
    if "quality" in besides:
        values["steps"] = qualities.by_openai_name(besides["quality"]).steps
    if "style" in values:
        values["style"] = STYLES[values["style"]]
    if "output_format" in values:
        values["output_format"] = OutputFormat(values["output_format"])
    values.setdefault("model", defaults.model)
    return build(FIELDS, values, errors)


def omitted(payload: Mapping[str, Any]) -> frozenset[str]:
    """What it has no word for; the steps too, unless a quality was asked for."""
    free = {"steps"} if payload.get("quality") in (None, "auto") else set()
    return frozenset({"sampler", "guidance_scale"} | free)


def keep(payload: Mapping[str, Any]) -> dict[str, Any]:
    """How the pictures are to be handed over, and the words that the answer repeats.

    `stream` is there when events were asked for: how many unfinished pictures among them.
    """
    values, _ = read_fields(FIELDS, payload)
    modern = str(values.get("model", "")).startswith(("gpt-image", "chatgpt-image"))
    format = "b64_json" if modern else values.get("response_format", "url")
    kept = {"response_format": format, "quality": values.get("quality", "auto")}
    return {**kept, "stream": values.get("partial_images", 0)} if values.get("stream") else kept


def embeds(result: Result) -> bool:
    """Whether base64 was asked for, or the model that was named knows nothing else."""
    return bool(result.wire.get("response_format") == "b64_json")


def write(result: Result) -> dict[str, Any]:
    """The pictures in their order. Programs take a link where there is one, so base64 has none."""
    quality = result.wire.get("quality")
    told_quality = {"quality": quality} if quality in _QUALITIES_TOLD else {}
    return {
        "created": int(result.created_at.timestamp()),
        "data": [_entry(result, picture) for picture in result.pictures],
        **_about(result),
        **told_quality,
    }


def partial(result: Result, image: str, index: int) -> dict[str, Any]:
    """The event about an unfinished picture; `image` is a WebP file as base64."""
    about = {**_event(result, "partial_image"), "output_format": "webp"}
    return {**about, "b64_json": image, "partial_image_index": index}


def completed(result: Result, picture: Picture) -> dict[str, Any]:
    """The event about a finished picture."""
    whole = {**_event(result, "completed"), "b64_json": picture.base64}
    return {**whole, "usage": _NO_TOKENS}


def refuse(problem: Problem) -> tuple[int, dict[str, Any]]:
    """`error` with message, type, param and code."""
    status, kind, code = _verdict(problem)
    renamed = {"width": "size", "height": "size"}
    names = {field.target: field.name for field in FIELDS} | renamed
    errors = {names.get(field, field): lines for field, lines in problem.errors.items()}
    plain = Problem(status=status, code=code, message=problem.message, errors=errors)
    error = {
        "message": told((), plain),
        "type": kind,
        "param": next(iter(errors), None),
        "code": code,
    }
    return status, {"error": error}


def _verdict(problem: Problem) -> tuple[int, str, str]:
    """Status, type and code. No credits is not 402, which its programs do not know."""
    if problem.failed and problem.status == 422:
        return 400, "image_generation_user_error", problem.code
    if problem.status == 401:
        return 401, "invalid_request_error", "invalid_api_key"
    if problem.status == 402:
        return 400, "invalid_request_error", "billing_hard_limit_reached"
    if problem.status == 422:
        code = "invalid_value" if problem.errors else problem.code
        return 400, "invalid_request_error", code
    usual = "server_error" if problem.status >= 500 else "invalid_request_error"
    return problem.status, _TYPES.get(problem.status, usual), problem.code


def _size(name: str | None) -> sizes.Size | None:
    """The size that `name` spells; None when it is none."""
    if name in (None, "", "auto"):
        return sizes.SQUARE
    found = _SIZE.fullmatch(name or "")
    return sizes.Size(int(found[1]), int(found[2])) if found else None


def _entry(result: Result, picture: Picture) -> dict[str, str]:
    # Nobody rewrites prompts here: it was painted as it stands.
    revised = {"revised_prompt": result.request.prompt}
    return {**({"b64_json": picture.base64} if picture.data else {"url": picture.url}), **revised}


def _about(result: Result) -> dict[str, str]:
    return {
        "size": f"{result.request.width}x{result.request.height}",
        "output_format": result.request.output_format.value,
        "background": "opaque",
    }


def _event(result: Result, what: str) -> dict[str, Any]:
    operation = "image_edit" if result.request.initial_image else "image_generation"
    quality = result.wire.get("quality", "auto")
    return {
        "type": f"{operation}.{what}",
        "created_at": int(result.created_at.timestamp()),
        "quality": _TODAY.get(quality, quality),
        **_about(result),
    }
