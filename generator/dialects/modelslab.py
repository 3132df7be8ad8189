"""ModelsLab's text to image for a Flux server: links, at once or to be fetched by a number.

Source: ModelsLab, Enterprise: Text to Image, and its pages on fetching and errors. Its programs
send numbers as text and truth as "yes" and "no", and read `status` in the body, so what the
service itself decides about a request is HTTP 200. What stops a request before that (size, JSON,
too often) has an HTTP status as well.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from generator.catalog.limits import (
    MODELSLAB_GUIDANCE,
    MODELSLAB_SAMPLES,
    MODELSLAB_SIDE,
    MODELSLAB_STEPS,
    Length,
    Whole,
)
from generator.catalog.models import MODELSLAB_DEFAULT
from generator.contract import MAX_NAME, MAX_PROMPT, ImageRequest, Safety, narrow_seed
from generator.dialects import Defaults, Picture, Problem, Result, modelslab_bucket
from generator.dialects import fields as tables
from generator.dialects.fields import Field, Label, Quoted, YesNo, build, json_schema, read_fields
from generator.dialects.keys import BEARER, bearer

name = "modelslab"
title = "ModelsLab (Flux, text2img)"
key_in_body = True
any_model = False

#: The Flux server of the document, and siblings that say the same in the same words.
ROOTS = (
    *("/api/v1/enterprise/flux", "/api/v1/enterprise/images", "/api/v1/enterprise/realtime"),
    *("/api/v6/images", "/api/v6/realtime"),
)
path = f"{ROOTS[0]}/text2img"
PATHS = frozenset(f"{root}/text2img" for root in ROOTS)

#: The document gives no bound; wider seeds than ours are folded and echoed.
MAX_SENT_SEED = 10**30
MAX_TRACK = 200
#: A task's number is the beginning of its UUID: short enough for JavaScript to keep exactly.
_NUMBER_BITS, _UUID_BITS = 48, 128
FIELDS = (
    Field("prompt", "prompt", Length(1, MAX_PROMPT), "What to paint.", required=True),
    Field("negative_prompt", "negative_prompt", Length(0, MAX_PROMPT), "What not to paint."),
    Field("width", "width", Quoted(MODELSLAB_SIDE), "Pixels; 512 when omitted."),
    Field("height", "height", Quoted(MODELSLAB_SIDE), "Pixels; 512 when omitted."),
    Field("samples", "count", Quoted(MODELSLAB_SAMPLES), "How many pictures; 1 when omitted."),
    Field("safety_checker", "safety", YesNo(), "Whether to replace sensitive ones by blank ones."),
    Field("seed", "seed", Quoted(Whole(0, MAX_SENT_SEED)), "Null or omitted: random."),
    Field("instant_response", "instant_response", YesNo(), "Answer before anything is painted."),
    Field("base64", "base64", YesNo(), "Links to base64 instead of links to files."),
    Field("num_inference_steps", "steps", Quoted(MODELSLAB_STEPS), "The model's when omitted."),
    Field("guidance_scale", "guidance_scale", Quoted(MODELSLAB_GUIDANCE), "Likewise."),
    Field("model_id", "model", Length(1, MAX_NAME), "flux when omitted."),
)
SECURITY = BEARER
SCHEMA = json_schema(FIELDS)
SCHEMA["properties"] |= {
    "key": {"type": ["string", "null"], "description": "The API key; else a Bearer header."},
    "webhook": {"type": ["string", "null"], "description": "An address told once of the end."},
    "track_id": {"type": ["string", "integer", "null"], "description": "The webhook repeats it."},
}
_TEXT = {"type": "string"}
_MESSAGE = {"type": ["string", "object"], "description": "One sentence, or messages by field."}
ANSWER: dict[str, Any] = {
    "type": "object",
    "required": ["status"],
    "properties": {
        "status": {"enum": ["success", "processing", "failed", "error", "ok"]},
        "id": {"type": ["integer", "string"], "description": "What to fetch with."},
        "generationTime": {"type": "number", "description": "Seconds."},
        "output": {"type": ["array", "string"], "items": _TEXT},
        "meta": {"type": "object"},
        "eta": {"type": "number", "description": "Seconds; a guess."},
        "fetch_result": _TEXT,
        "message": _MESSAGE,
        "messege": _MESSAGE,
        "tip": _TEXT,
    },
}
REFUSAL = ANSWER
_BUTTONS = ("clear_cache", "clear_queue", "restart_server", "system_details", "update_server")
_KEY: dict[str, Any] = {"type": "object", "properties": {"key": SCHEMA["properties"]["key"]}}
_REQUEST_ID = {"type": ["integer", "string", "null"], "description": "From `id`."}
_FETCH = {"type": "object", "properties": {**_KEY["properties"], "request_id": _REQUEST_ID}}
#: What else the service has: what became of a task, and the buttons of a server.
OTHERS: dict[str, tuple[str, dict[str, Any]]] = {
    f"{ROOTS[0]}/fetch": ("fetch", _FETCH),
    f"{ROOTS[0]}/fetch/{{id}}": ("fetch_by_id", _KEY),
    **{f"{ROOTS[0]}/{button}": (button, _KEY) for button in _BUTTONS},
    "/api/v1/enterprise/update_s3": ("update_s3", modelslab_bucket.SCHEMA),
    "/api/v1/enterprise/reset_s3": ("reset_s3", modelslab_bucket.RESET),
}
#: Of the fields, those that an `ImageRequest` has no place for.
_BESIDES = ("instant_response", "base64")
_HOOK = ("webhook", "track_id")
_TRACK = Field("track_id", "track_id", Label(MAX_TRACK), "The webhook repeats it.")
#: What the service itself decides about a request that it could read.
_DECIDED = {401, 402, 404, 409}
_AGAIN = "Try to fetch request after seconds estimated"
_WORDS = {400: "Invalid API Request", 429: "Rate limit exceeded"}


def token(headers: Mapping[str, str], payload: Mapping[str, Any]) -> str | None:
    """The body's `key`; its JavaScript client sends a Bearer header besides."""
    key = payload.get("key")
    return key.strip() if isinstance(key, str) and key.strip() else bearer(headers)


def read(payload: Mapping[str, Any], defaults: Defaults) -> ImageRequest:
    """The request that `payload` spells; raises `InvalidRequest` under the wire's names."""
    said = _said(payload)
    values, errors = read_fields(FIELDS, said)
    for besides in _BESIDES:
        values.pop(besides, None)
    errors.update(_hook_errors(said))
    usual = {
        "width": MODELSLAB_SIDE.default,
        "height": MODELSLAB_SIDE.default,
        "steps": MODELSLAB_STEPS.default,
        "guidance_scale": MODELSLAB_GUIDANCE.default,
        "model": MODELSLAB_DEFAULT,
    }
    seed = narrow_seed(values.get("seed", defaults.seed))
    safety = Safety.BLANK if values.get("safety") else Safety.CHECK
    return build(FIELDS, {**usual, **values, "seed": seed, "safety": safety}, errors)


def omitted(payload: Mapping[str, Any]) -> frozenset[str]:
    """The sampler, which it has no word for; steps and guidance where they are left out."""
    silent = tables.omitted(FIELDS, _said(payload)) & {"steps", "guidance_scale"}
    return silent | {"sampler"}


def keep(payload: Mapping[str, Any]) -> dict[str, Any]:
    """How the pictures are handed over, and what `meta` repeats though the request lacks it."""
    values, _ = read_fields(FIELDS, _said(payload))
    kept = {each: values[each] for each in (*_BESIDES, "model") if each in values}
    kept |= {each: payload[each] for each in _HOOK if payload.get(each) not in (None, "")}
    seed = values.get("seed", 0)
    return {**kept, "seed": seed} if narrow_seed(seed) != seed else kept


def embeds(result: Result) -> bool:
    """Links are enough, also to base64."""
    return False


def number(generation_id: str) -> int:
    """What its programs fetch a task by."""
    return uuid.UUID(generation_id).int >> (_UUID_BITS - _NUMBER_BITS)


def ids(number: int) -> tuple[uuid.UUID, uuid.UUID] | None:
    """The first and the last UUID that begin with `number`; None when none can."""
    if not 0 <= number < 2**_NUMBER_BITS:
        return None
    rest = _UUID_BITS - _NUMBER_BITS
    low = number << rest
    return uuid.UUID(int=low), uuid.UUID(int=low + 2**rest - 1)


def write(result: Result) -> dict[str, Any]:
    """Success, with a link for each picture."""
    finished = result.finished_at or result.created_at
    took = (finished - result.created_at).total_seconds()
    return {**fetched(result), "generationTime": took, "meta": _meta(result)}


def fetched(result: Result) -> dict[str, Any]:
    """The same for who fetches it, who is told less."""
    link = _encoded if result.wire.get("base64") else _plain
    output = [link(picture) for picture in result.pictures]
    return {"status": "success", "id": number(result.id), "output": output}


def called_back(result: Result) -> dict[str, Any]:
    """What is posted to a request's `webhook` once it ended, with the `track_id` it came with.

    Source: ModelsLab, Webhooks.
    """
    track = {"track_id": result.wire.get("track_id")}
    if result.pictures:
        return {**write(result), **track}
    why = result.error or "Failed, Try Again"
    return {"status": "failed", "id": number(result.id), "message": why, "output": [], **track}


def processing(result: Result, site: str) -> dict[str, Any]:
    """That it is not ready; `site` is our own address, such as https://pictures.example.org.

    `message` was misspelt for years, so both spellings are sent. `eta` is a guess in seconds.
    """
    return {
        "status": "processing",
        "tip": "Ask again with your key at fetch_result until status is success.",
        "eta": 2.0 * (1 + (result.place or 0)),
        "message": _AGAIN,
        "messege": _AGAIN,
        "webhook_status": "",
        "fetch_result": f"{site}{ROOTS[0]}/fetch/{number(result.id)}",
        "id": number(result.id),
        "output": [],
        "future_links": [],
        "meta": _meta(result),
    }


def refuse(problem: Problem) -> tuple[int, dict[str, Any]]:
    """`status` error with the reason, by field where fields were wrong; failed for a task."""
    if problem.failed:
        return 200, {"status": "failed", "id": "", "message": problem.message, "output": ""}
    if problem.errors:
        names = {field.target: field.name for field in FIELDS}
        found = {names.get(key, key): list(lines) for key, lines in problem.errors.items()}
        return 200, {"status": "error", "message": found}
    if problem.status == 401:
        return 200, {"status": "error", "message": "Invalid API key"}
    if words := _WORDS.get(problem.status):
        return problem.status, {"status": "error", "message": words, "tip": problem.message}
    status = 200 if problem.status in _DECIDED else problem.status
    return status, {"status": "error", "message": problem.message}


def _said(payload: Mapping[str, Any]) -> dict[str, Any]:
    """Without the fields that say nothing; an empty text is one of them there."""
    return {field: value for field, value in payload.items() if value not in (None, "")}


def _hook_errors(said: Mapping[str, Any]) -> dict[str, list[str]]:
    errors = {}
    hook = said.get("webhook", "http:")
    if not (isinstance(hook, str) and hook.startswith(("http:", "https:")) and len(hook) <= 500):
        errors["webhook"] = ["Must be an http or https URL of at most 500 characters."]
    track = said.get("track_id", "")
    if isinstance(track, bool) or not isinstance(track, str | int):
        errors["track_id"] = ["Must be text or a whole number."]
    else:
        errors |= read_fields((_TRACK,), {"track_id": str(track)})[1]
    return errors


def _plain(picture: Picture) -> str:
    return picture.url


def _encoded(picture: Picture) -> str:
    """Where the same file is served as base64; its programs know such links by their ending."""
    site, _, rest = picture.url.partition("/files/")
    _, _, key = rest.partition("?key=")
    return f"{site}{ROOTS[0]}/base64/{picture.asset['id']}/{key or 'public'}.base64"


def _meta(result: Result) -> dict[str, Any]:
    """The request as understood, among what the service always says there."""
    request = result.request
    return {
        "base64": _yes_no(result.wire.get("base64")),
        "clip_skip": None,
        "file_prefix": result.id,
        "guidance_scale": request.guidance_scale,
        "height": request.height,
        "instant_response": _yes_no(result.wire.get("instant_response")),
        "model_id": result.wire.get("model", MODELSLAB_DEFAULT),
        "n_samples": request.count,
        "negative_prompt": request.negative_prompt,
        "num_inference_steps": request.steps,
        "opacity": 0.8,
        "output_type": request.output_format.value,
        "padding_down": 10,
        "padding_right": 10,
        "prompt": request.prompt,
        "rescale": "yes",
        "scale_down": 6,
        "seed": result.wire.get("seed", request.seed),
        "temp": "no",
        "watermark": "no",
        "width": request.width,
    }


def _yes_no(value: object) -> str:
    return "yes" if value else "no"
