"""Our own API: the shape of goneural's text-to-image tasks, made whole.

Source of the documented fields: goneural, Text to Image, request and response tables;
its pages /enums (status names, note `in_progress`) and /get-task (`permissions`). The
optional fields from `count` on are ours; a client of goneural never sends them.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from generator.catalog import ratios
from generator.contract import ImageRequest, OutputFormat, narrow_seed
from generator.dialects import Defaults, Problem, Result, Terms
from generator.dialects import fields as tables
from generator.dialects.fields import build, json_schema, read_fields
from generator.dialects.native_fields import FIELDS, TERMS

name = "native"

#: The documented four; a cancelled task is reported as failed (docs/decisions/0010).
STATUSES = {
    "queued": "queued",
    "running": "in_progress",
    "succeeded": "succeeded",
    "failed": "failed",
    "cancelled": "failed",
}

_NEXT_STEPS = {
    "queued": ("cancel",),
    "running": ("cancel",),
    "failed": ("retry",),
    "cancelled": ("retry",),
}
SCHEMA = json_schema((*FIELDS, *TERMS))


def read(payload: Mapping[str, Any], defaults: Defaults) -> ImageRequest:
    """The request that `payload` spells; fields we do not know are passed over.

    Raises `InvalidRequest` with the messages of every wrong field, under the wire's names.
    """
    values, errors = read_fields(FIELDS, payload)
    errors.update(_shape_errors(payload))
    errors.update(read_fields(TERMS, payload)[1])
    ratio = values.pop("ratio", None)
    if ratio is not None:
        values["width"], values["height"] = ratios.by_goneural_name(ratio).size()
    if "output_format" in values:
        values["output_format"] = OutputFormat(values["output_format"])
    values["seed"] = narrow_seed(values.get("seed", defaults.seed))
    values.setdefault("model", defaults.model)
    return build(FIELDS, values, errors)


def terms(payload: Mapping[str, Any]) -> Terms:
    """Who pays; of a payload that `read` took."""
    return Terms(**read_fields(TERMS, payload)[0])


def omitted(payload: Mapping[str, Any]) -> frozenset[str]:
    """The contract's fields that are left to the model."""
    return tables.omitted(FIELDS, payload)


def keep(payload: Mapping[str, Any]) -> dict[str, Any]:
    """What must be echoed later though the request does not hold it: the seed as sent."""
    seed = payload.get("seed")
    return {} if seed is None or narrow_seed(seed) == seed else {"seed": seed}


def write(result: Result) -> dict[str, Any]:
    """The task object. `creditUsed` is what remains charged, `output` is empty till then."""
    first = result.pictures[0] if result.pictures else None
    return {
        "id": result.id,
        "status": STATUSES[result.status],
        "type": "text-to-image",
        "seed": result.wire.get("seed", result.request.seed),
        "input": _input(result.request),
        "output": {_output_name(p.position): p.url for p in result.pictures},
        "creditUsed": result.cost - result.refunded,
        "refunded": result.refunded > 0,
        "userId": result.owner_id,
        "finishedAt": _moment(result.finished_at),
        "createdAt": _moment(result.created_at),
        "asset": dict(first.asset) if first else None,
        "assetId": first.asset["id"] if first else None,
        "meta": _meta(result),
        "permissions": ["view", *_NEXT_STEPS.get(result.status, ())],
    }


def refuse(problem: Problem) -> tuple[int, dict[str, Any]]:
    """`message` always; `errors` by field with 422; with 402 `code`, `cost` and `balance`."""
    body: dict[str, Any] = {"message": problem.message}
    if problem.errors:
        names = {field.target: field.name for field in FIELDS}
        body["errors"] = {names.get(k, k): v for k, v in problem.errors.items()}
    elif problem.status == 422:
        body["errors"] = {}
    if problem.status == 402:
        body |= {"code": problem.code}
    if problem.cost is not None:
        body |= {"cost": problem.cost, "balance": problem.balance}
    return problem.status, body


def _shape_errors(payload: Mapping[str, Any]) -> dict[str, list[str]]:
    given = [key for key in ("ratio", "width", "height") if payload.get(key) is not None]
    match given:
        case ["ratio"] | ["width", "height"]:
            return {}
        case []:
            return {"ratio": ["This field is required."]}
        case ["width"]:
            return {"height": ["Needed together with width."]}
        case ["height"]:
            return {"width": ["Needed together with height."]}
    return {"ratio": ["Give a ratio, or width and height, but not both."]}


def _input(request: ImageRequest) -> dict[str, str]:
    """Everything asked for, as text, which is what the document promises."""
    found = ratios.by_size(request.width, request.height)
    named = {"ratio": found[0].goneural} if found and found[1] == "standard" else {}
    values: dict[str, object] = {
        **({} if named else {"width": request.width, "height": request.height}),
        "count": request.count,
        "model": request.model,
        "style": request.style,
        "sampler": request.sampler,
        "steps": request.steps,
        "guidanceScale": f"{request.guidance_scale:g}",
        "clipSkip": request.clip_skip,
        "outputFormat": request.output_format.value,
        **_worked_from(request),
    }
    negative = {"negativePrompt": request.negative_prompt} if request.negative_prompt else {}
    texts = {key: str(value) for key, value in values.items()}
    return {"prompt": request.prompt, **negative, **named, **texts}


def _worked_from(request: ImageRequest) -> dict[str, object]:
    """The pictures and adapters asked for, where there are any; lists as JSON."""
    loras = [{"model": lora.model, "weight": lora.weight} for lora in request.loras]
    controls = [asdict(control) for control in request.controls]
    strength = "" if request.strength is None else f"{request.strength:g}"
    values = {
        "initialImage": request.initial_image,
        "strength": strength,
        "mask": request.mask,
        "loras": json.dumps(loras) if loras else "",
        "controls": json.dumps(controls) if controls else "",
        "promptWeighting": "true" if request.prompt_weighting else "",
    }
    return {name: value for name, value in values.items() if value}


def _output_name(position: int) -> str:
    return "image" if position == 0 else f"image{position + 1}"


def _meta(result: Result) -> dict[str, Any]:
    return {
        "progress": {"step": result.step, "steps": result.steps},
        "place": result.place,
        "count": result.count,
        "assets": [
            {"id": p.asset["id"], "position": p.position, "url": p.url} for p in result.pictures
        ],
        "charged": result.cost,
        "refunded": result.refunded,
        "wallet": result.wallet_id,
        "project": result.project or None,
        "error": _error(result),
        "note": result.note or None,
        "undelivered": list(result.undelivered),
    }


def _error(result: Result) -> dict[str, str] | None:
    if not result.error_code:
        return None
    message = result.error or ("Cancelled." if result.status == "cancelled" else "Failed.")
    return {"code": result.error_code, "message": message}


def _moment(moment: dt.datetime | None) -> str | None:
    """ISO 8601 in UTC, to the millisecond."""
    if moment is None:
        return None
    text = moment.astimezone(dt.UTC).isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z")
