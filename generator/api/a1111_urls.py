"""Addresses of the web UI's API, and their description."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.urls import path

from accounts.models import Scope, User
from generator import abilities
from generator.api import a1111_views as views
from generator.dialects import a1111, a1111_words

ROOT = "/sdapi/v1/"
_ARRAY, _OBJECT, _NULL = {"type": "array"}, {"type": "object"}, {"type": "null"}


def _always(data: Any) -> views.Does:
    """The same for everybody."""

    def does(request: HttpRequest, user: User) -> Any:
        return data

    return does


def loras(request: HttpRequest, user: User) -> list[dict[str, Any]]:
    """The LoRAs that some model which is offered can wear and this machine knows."""
    return a1111_words.lora_list(abilities.offered_to(user).loras or ())


def memory(request: HttpRequest, user: User) -> dict[str, Any]:
    """Of this machine; engines may run on others, so nothing is said of theirs."""
    page = os.sysconf("SC_PAGE_SIZE")
    total, free = (os.sysconf(f"SC_{which}PHYS_PAGES") * page for which in ("", "AV"))
    ram = {"free": free, "used": total - free, "total": total}
    return {"ram": ram, "cuda": {"error": "unavailable"}}


_SCRIPTS: dict[str, list[str]] = {"txt2img": [], "img2img": []}
_EMBEDDINGS: dict[str, dict[str, Any]] = {"loaded": {}, "skipped": {}}
_PICTURE = {"type": "string", "description": "A picture as base64."}
_FROM_PICTURES: dict[str, Any] = {
    **a1111.SCHEMA,
    "required": ["prompt", "init_images"],
    "properties": {
        **a1111.SCHEMA["properties"],
        "init_images": {"type": "array", "minItems": 1, "maxItems": 1, "items": _PICTURE},
        "mask": {"type": ["string", "null"], "description": "White where it may change; base64."},
    },
}
#: What is read: the function that gives it, and what kind of JSON it is.
READ: dict[str, tuple[Callable[[HttpRequest, User], Any], dict[str, Any]]] = {
    "progress": (views.progress, _OBJECT),
    "options": (views.options, _OBJECT),
    "sd-models": (views.models, _ARRAY),
    "samplers": (_always(a1111_words.sampler_list()), _ARRAY),
    "schedulers": (_always(a1111_words.scheduler_list()), _ARRAY),
    "prompt-styles": (_always(a1111_words.style_list()), _ARRAY),
    "loras": (loras, _ARRAY),
    "memory": (memory, _OBJECT),
    "embeddings": (_always(_EMBEDDINGS), _OBJECT),
    "scripts": (_always(_SCRIPTS), _OBJECT),
    "cmd-flags": (_always({}), _OBJECT),
    **dict.fromkeys(
        ("upscalers", "latent-upscale-modes", "realesrgan-models", "face-restorers"),
        (_always([]), _ARRAY),
    ),
    **dict.fromkeys(
        ("sd-vae", "sd-modules", "hypernetworks", "script-info", "extensions"),
        (_always([]), _ARRAY),
    ),
}
#: What is told to do something.
DONE: dict[str, tuple[Callable[[HttpRequest, User], Any], dict[str, Any]]] = {
    "interrupt": (views.interrupt, _OBJECT),
    "skip": (views.interrupt, _OBJECT),
    "options": (views.choose_options, _NULL),
    **dict.fromkeys(
        ("refresh-checkpoints", "refresh-loras", "refresh-vae"), (_always(None), _NULL)
    ),
}


def _view(name: str) -> Any:
    reads = {"GET": (Scope.READ, READ[name][0])} if name in READ else {}
    does = {"POST": (Scope.GENERATE, DONE[name][0])} if name in DONE else {}
    return views.serve(**reads, **does)


def _operation(name: str, method: str, schema: dict[str, Any]) -> dict[str, Any]:
    refusal = {"content": {"application/json": {"schema": a1111.REFUSAL}}}
    statuses = (400, 401, 402, 403, 404, 405, 409, 411, 413, 422, 429, 500, 503, 504)
    shown = {"content": {"application/json": {"schema": schema}}}
    return {
        "operationId": f"a1111_{method}_{name.replace('-', '_')}",
        "responses": {
            "200": {"description": "Done", **shown},
            **{str(status): {"description": "Refused", **refusal} for status in statuses},
        },
    }


def _body(schema: dict[str, Any]) -> dict[str, Any]:
    content = {"application/json": {"schema": schema}}
    return {"requestBody": {"required": True, "content": content}}


def _operations() -> dict[str, Any]:
    """The rest of that API as paths of OpenAPI."""
    found: dict[str, Any] = {}
    for method, table in (("get", READ), ("post", DONE)):
        for name, (_does, schema) in table.items():
            found.setdefault(ROOT + name, {})[method] = _operation(name, method, schema)
    chosen = a1111.SCHEMA["properties"]["override_settings"]["properties"]
    found[f"{ROOT}options"]["post"] |= _body({"type": "object", "properties": chosen})
    painted = _operation("img2img", "post", a1111.ANSWER)
    found[f"{ROOT}img2img"] = {"post": {**painted, **_body(_FROM_PICTURES)}}
    return found


OPERATIONS = _operations()
urlpatterns = [
    path("img2img", views.img2img),
    *[path(name, _view(name)) for name in {**READ, **DONE}],
    path("<path:rest>", views.missing),
]
