"""Stubber's task `generate_image`: one picture, with its link in the task's result.

Source: Stubber, Generate Image. Tasks run inside Stubber and the document gives no address, so
path and key are ours; what it calls `stub` we do not have, so `disable_model_response` is taken
and changes nothing: the picture is in the payload either way. What a failed task says besides
`success` is ours too.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from generator.catalog import qualities, sizes
from generator.catalog.limits import Length
from generator.catalog.models import STUBBER_DEFAULT
from generator.contract import MAX_NAME, MAX_PROMPT, ImageRequest
from generator.dialects import Defaults, Picture, Problem, Result
from generator.dialects import fields as tables
from generator.dialects.fields import Choice, Field, Label, build, json_schema, read_fields, told
from generator.dialects.keys import BEARER, bearer

name = "stubber"
title = "Stubber (generate_image)"
path = "/v1/tasks/generate_image"
key_in_body = False
any_model = False

TASK = "generate_image"
#: The task's identity in the document's example.
GATEWAY = "e366a208-63a2-48ea-af74-e3e0abf703b4"
FIELDS = (
    Field("prompt", "prompt", Length(1, MAX_PROMPT), "What to paint.", required=True),
    Field("model", "model", Length(1, MAX_NAME), "dall-e-3 when omitted."),
    Field("filename", "filename", Label(MAX_NAME), "What the result calls the file."),
    Field("size", "size", Choice(tuple(sizes.STUBBER)), "1024x1024 when omitted."),
    Field("quality", "quality", Choice(tuple(qualities.STUBBER)), "standard when omitted."),
)
_SILENT = "disable_model_response"
_SAID = (True, False, "true", "false", "")
_PARAMS = json_schema(FIELDS)
_PARAMS["properties"][_SILENT] = {
    "enum": [*_SAID, None],
    "description": "Taken, and without effect: there is no stub to post on.",
}
SECURITY = BEARER
SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["tasktype", "params"],
    "properties": {
        "tasktype": {"const": TASK},
        "taskapigatewayuuid": {"type": "string", "description": "Passed over, as is `name`."},
        "params": _PARAMS,
    },
}
_OBJECT = {"type": "object"}
ANSWER: dict[str, Any] = {
    "type": "object",
    "required": ["success", "payload"],
    "properties": {
        "success": {"type": "boolean"},
        "task_duration_ms": {"type": "integer"},
        "payload": {
            "type": "object",
            "properties": {"request": _OBJECT, "response": _OBJECT, "error": _OBJECT},
        },
    },
}
REFUSAL = ANSWER


def token(headers: Mapping[str, str], payload: Mapping[str, Any]) -> str | None:
    """The key of `Authorization: Bearer …`."""
    return bearer(headers)


def read(payload: Mapping[str, Any], defaults: Defaults) -> ImageRequest:
    """The request in the task's `params`; raises `InvalidRequest` under the wire's names."""
    params = _params(payload)
    values, errors = read_fields(FIELDS, params)
    errors.update(_envelope_errors(payload, params))
    size = sizes.STUBBER[values.pop("size", sizes.STUBBER_DEFAULT.name)]
    quality = qualities.STUBBER[values.pop("quality", qualities.STUBBER_DEFAULT.slug)]
    values.pop("filename", None)
    made = {"width": size.width, "height": size.height, "steps": quality.steps}
    usual = {"model": STUBBER_DEFAULT, "seed": defaults.seed}
    return build(FIELDS, {**usual, **values, **made}, errors)


def omitted(payload: Mapping[str, Any]) -> frozenset[str]:
    """What the task has no word for; the steps, unless a quality was asked for."""
    silent = tables.omitted(FIELDS, _params(payload)) & {"quality"}
    return frozenset({"sampler", "guidance_scale"} | ({"steps"} if silent else set()))


def keep(payload: Mapping[str, Any]) -> dict[str, Any]:
    """The words of the request that the result repeats."""
    values, _ = read_fields(FIELDS, _params(payload))
    return {name: values[name] for name in ("model", "filename", "quality") if name in values}


def embeds(result: Result) -> bool:
    """Links are enough."""
    return False


def write(result: Result) -> dict[str, Any]:
    """The task's result, with the first picture."""
    response = {
        "created": int(result.created_at.timestamp()),
        "data": [_entry(result, result.pictures[0])],
    }
    payload = {"request": _request(result), "response": response}
    return {"success": True, "payload": payload, **_duration(result)}


def refuse(problem: Problem) -> tuple[int, dict[str, Any]]:
    """`success` false; a task that ran and failed is a result like any other, so HTTP 200."""
    error = {"code": problem.code, "message": told(FIELDS, problem)}
    status = 200 if problem.failed else problem.status
    return status, {"success": False, "payload": {"error": error}}


def _params(payload: Mapping[str, Any]) -> Mapping[str, Any]:
    """The task's params; without any field where they are no object."""
    params = payload.get("params")
    return params if isinstance(params, Mapping) else {}


def _envelope_errors(payload: Mapping[str, Any], params: Mapping[str, Any]) -> dict[str, list[str]]:
    errors = {}
    if payload.get("tasktype") != TASK:
        errors["tasktype"] = [f"Must be {TASK}, the only task served here."]
    if not isinstance(payload.get("params"), Mapping):
        errors["params"] = ["Must be an object."]
    silent = params.get(_SILENT)
    if silent is not None and not (isinstance(silent, bool | str) and silent in _SAID):
        errors[_SILENT] = ["Must be true or false."]
    return errors


def _request(result: Result) -> dict[str, Any]:
    return {
        "prompt": result.request.prompt,
        "size": f"{result.request.width}x{result.request.height}",
        "model": result.wire.get("model", STUBBER_DEFAULT),
        "quality": result.wire.get("quality", qualities.STUBBER_DEFAULT.slug),
        "n": 1,
    }


def _entry(result: Result, picture: Picture) -> dict[str, Any]:
    # Nobody rewrites prompts here: it was painted as it stands.
    revised = result.request.prompt
    file = result.wire.get("filename") or _filename(result)
    image = {
        "filename": file,
        "originalname": file,
        "fileuuid": str(_uuid(result, f"file:{picture.asset['id']}")),
        "contentType": picture.asset.get("mediaType", "image/png"),
        "revised_prompt": revised,
    }
    return {"revised_prompt": revised, "url": picture.url, "image": image}


def _filename(result: Result) -> str:
    """As theirs: a reference of date and letters, a UUID, the task."""
    short = result.id.replace("-", "")[:8].upper()
    reference = f"{result.created_at:%Y-%m-%d}-{short[:4]}-{short[4:]}"
    return f"{reference}_{_uuid(result, 'name')}_{TASK}.png"


def _uuid(result: Result, what: str) -> uuid.UUID:
    """Theirs are of version 5, so that the same result always has the same."""
    return uuid.uuid5(uuid.NAMESPACE_URL, f"generation:{result.id}:{what}")


def _duration(result: Result) -> dict[str, int]:
    if result.finished_at is None:
        return {}
    return {"task_duration_ms": int((result.finished_at - result.created_at).total_seconds() * 1e3)}
