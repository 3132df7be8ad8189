"""OpenAI Images where a picture is worked from: "Create image edit", as a form or as JSON.

Source: OpenAI's API reference, "Create image edit", and its Python client 3.52. A form has
pictures as files (`image` or `image[]`, and `mask`) and all else as text; JSON has them in
`images` and `mask`, each with an `image_url` or a `file_id`. Whoever serves this puts ids of
stored pictures in the place of both (`image`, `mask`); what is refused, answered and told in
events is as in `openai_images`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from generator.catalog.limits import Whole, unquoted
from generator.contract import ImageRequest, InvalidRequest
from generator.dialects import Defaults, openai_images
from generator.dialects.fields import Choice, Field, Flag, json_schema, read_fields

name = openai_images.name
title = openai_images.title
path = "/v1/images/edits"
key_in_body = False
any_model = True

#: How much of the picture may change, where its likeness is to be kept or not.
FIDELITIES = {"high": 0.5, "low": 0.75}
_FIDELITY = Field(
    "input_fidelity",
    "strength",
    Choice(tuple(FIDELITIES)),
    "How much of the picture is to be recognized.",
)
FIELDS = (*(field for field in openai_images.FIELDS if field.name != "style"), _FIDELITY)
_WORDS = {"true": True, "false": False}
SECURITY = openai_images.SECURITY
ANSWER = openai_images.ANSWER
REFUSAL = openai_images.REFUSAL
_BINARY = {"type": "string", "format": "binary"}
_REFERENCE: dict[str, Any] = {
    "type": "object",
    "properties": {
        "image_url": {"type": "string", "description": "A data: URL; others are not fetched."},
        "file_id": {"type": "string", "description": "An id of `/v1/uploads` or `/v1/assets`."},
    },
}
SCHEMA = json_schema(FIELDS)
SCHEMA["required"] = [*SCHEMA["required"], "images"]
SCHEMA["properties"] |= {
    "images": {"type": "array", "minItems": 1, "maxItems": 1, "items": _REFERENCE},
    "mask": {"anyOf": [_REFERENCE, {"type": "null"}]},
}
FORM: dict[str, Any] = {
    "type": "object",
    "required": ["prompt", "image"],
    "properties": {
        "image": {**_BINARY, "description": "PNG, JPEG or WebP; `image[]` does as well."},
        "mask": {**_BINARY, "description": "A PNG as large; transparent where it may change."},
        **{field.name: {"type": "string", "description": field.about} for field in FIELDS},
    },
}

token = openai_images.token
omitted = openai_images.omitted
keep = openai_images.keep
embeds = openai_images.embeds
write = openai_images.write
refuse = openai_images.refuse


def spelled(form: Mapping[str, str]) -> dict[str, Any]:
    """The fields of a form as JSON would have them; an empty text says nothing."""
    rules = {field.name: field.rule for field in FIELDS}
    found: dict[str, Any] = {}
    for name, text in form.items():
        match rules.get(name):
            case Whole():
                found[name] = unquoted(text)
            case Flag():
                found[name] = _WORDS.get(text.lower(), text)
            case _:
                found[name] = text
    return {name: value for name, value in found.items() if value != "" or name == "prompt"}


def read(payload: Mapping[str, Any], defaults: Defaults) -> ImageRequest:
    """The request that `payload` spells, with ids of pictures in `image` and `mask`."""
    words = {name: payload[name] for name in payload if name != "style"}
    values, errors = read_fields((_FIDELITY,), payload)
    try:
        request = openai_images.read(words, defaults)
    except InvalidRequest as wrong:
        raise InvalidRequest({**wrong.errors, **errors}) from None
    if errors:
        raise InvalidRequest(errors)
    fidelity = values.get("strength")
    return replace(
        request,
        initial_image=payload["image"],
        mask=payload.get("mask"),
        strength=FIDELITIES[fidelity] if fidelity else None,
    )
