"""ModelsLab's settings for a bucket of one's own: what `update_s3` and `reset_s3` may say.

Source: ModelsLab, Enterprise: Update S3 Details, Reset S3 Details. Objects are PUT at
`endpoint_url/image_directory/name`: an endpoint that holds the bucket in its host or path needs no
directory, and one that does not names the bucket there, as the document's examples do.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from generator.contract import InvalidRequest

#: Kinds of servers there. Here is one, so they all mean the same.
DEPLOY_TYPES = (
    *("text_to_image", "image_editing", "voice_cloning", "text_to_3d", "video", "face_gen"),
    *("deepfake", "realtime", "super_resolution", "flux", "flux_headshot", "interior"),
)
#: Field -> its longest text, whether it must be there, and what it is.
FIELDS: Mapping[str, tuple[int, bool, str]] = {
    "endpoint_url": (300, True, "Where the bucket's service listens."),
    "public_url": (300, True, "What links begin with; the bucket must be public there."),
    "region_name": (60, False, "us-east-1 when omitted."),
    "image_directory": (200, False, "What stands before the names of pictures."),
    "aws_access_key_id": (200, True, "Who writes."),
    "aws_secret_access_key": (400, True, "Kept encrypted, and never shown again."),
}
_TYPE = {"type": ["string", "null"], "description": f"One of {', '.join(DEPLOY_TYPES)}."}
_KEY = {"type": ["string", "null"], "description": "The API key; else a Bearer header."}
SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": [name for name, (_most, required, _about) in FIELDS.items() if required],
    "properties": {
        "key": _KEY,
        "deploy_type": _TYPE,
        **{
            name: {"type": "string" if required else ["string", "null"], "description": about}
            for name, (_most, required, about) in FIELDS.items()
        },
    },
}
RESET: dict[str, Any] = {"type": "object", "properties": {"key": _KEY, "deploy_type": _TYPE}}


def read(payload: Mapping[str, Any]) -> dict[str, str]:
    """Every field as text, empty where it may be; raises `InvalidRequest`."""
    said = {name: "" if payload.get(name) is None else payload[name] for name in FIELDS}
    errors = check_type(payload)
    for name, value in said.items():
        if reason := _wrong(name, value):
            errors[name] = [reason]
    if errors:
        raise InvalidRequest(errors)
    return {name: value.strip() for name, value in said.items()}


def _wrong(name: str, value: object) -> str:
    """Why `value` cannot be, in one sentence; empty when it can."""
    most, required, _about = FIELDS[name]
    if not isinstance(value, str) or len(value) > most or not value.isprintable():
        return f"Must be text of at most {most} characters."
    if required and not value.strip():
        return f"The {name} field is required."
    if name.endswith("_url") and {"?", "#"} & set(value):
        return "Must be a URL without ? and #."
    if name.startswith("aws_") and not value.isascii():
        return "Must be letters, digits and signs of ASCII, as all such keys are."
    if name == "image_directory" and ({"..", "."} & set(value.split("/")) or "\\" in value):
        return "Must be names, with / between them."
    return ""


def check_type(payload: Mapping[str, Any]) -> dict[str, list[str]]:
    """What is wrong with `deploy_type`; nothing when it is left out."""
    said = payload.get("deploy_type") or "text_to_image"
    if isinstance(said, str) and said in DEPLOY_TYPES:
        return {}
    return {"deploy_type": [f"Must be one of {', '.join(DEPLOY_TYPES)}."]}
