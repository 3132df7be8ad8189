"""PicFinder, later Runware: `newTask` over a WebSocket.

Source: PicFinder, Text to image; the service's own SDKs of early 2024 for what surrounds it.
The purchase has an id of ours, so it can be sent again without being bought again.
"""

from __future__ import annotations

import uuid
from typing import Any

from generator.catalog import models, samplers, sizes
from generator.catalog.limits import PICFINDER_CLIP_SKIP, PICFINDER_GUIDANCE
from generator.catalog.styles import by_slug
from generator.engines.remote.faults import Refused, Unavailable
from generator.engines.remote.verdicts import tell
from generator.engines.remote.wire import NEXT, Delivery, Found, Inline, Link, Order, Streaming

INVALID_KEY = 19
#: Where the names of purchases become ids.
_NAMES = uuid.uuid5(uuid.NAMESPACE_URL, "https://picfinder.ai/newTask")
_LARGEST_SEED = 2**64


class PicFinder(Streaming):
    name = "picfinder"
    title = "PicFinder"
    address = "wss://ws-api.runware.ai/v1"
    most = 16
    takes = frozenset({"loras", "clip_skip", "prompt_weighting"})

    def size(self, order: Order) -> tuple[int, int]:
        request = order.request
        size = sizes.PICFINDER[sizes.nearest_for_picfinder(request.width, request.height)]
        return size.width, size.height

    def hello(self, order: Order, session: str = "") -> dict[str, Any]:
        """With a session, PicFinder sends what it could not deliver in the last two minutes."""
        known = {"connectionSessionUUID": session} if session else {}
        return {"newConnection": {"apiKey": order.key, **known}}

    def greeted(self, message: Any) -> str:
        _complain(message)
        answer = message.get("newConnectionSessionUUID") or {}
        return str(answer.get("connectionSessionUUID") or "")

    def task_name(self, order: Order) -> str:
        return str(uuid.uuid5(_NAMES, order.name))

    def frame(self, task: str, order: Order) -> dict[str, Any]:
        request = order.request
        style = by_slug(request.style)
        prompt, unwanted = request.prompt, request.negative_prompt
        if style.picfinder_id is None:
            prompt, unwanted = style.dress(prompt, unwanted)
        body = {
            "taskUUID": task,
            "taskType": 1,
            "promptText": f"{prompt} -no {unwanted}" if unwanted else prompt,
            "promptLanguageId": None,
            "numberResults": request.count,
            "modelId": _model_id(order),
            "sizeId": sizes.nearest_for_picfinder(request.width, request.height),
            "steps": request.steps,
            "gScale": min(request.guidance_scale, PICFINDER_GUIDANCE.high),
            "seed": request.seed or _LARGEST_SEED,
            "useCache": False,
            "offset": 0,
            "clipSkip": min(request.clip_skip, PICFINDER_CLIP_SKIP.high),
            "checkNsfw": True,
            "usePromptWeighting": request.prompt_weighting,
        }
        return {"newTask": {**body, **_choices(order)}}

    def heard(self, message: Any, task: str, order: Order) -> Delivery | None:
        if message.get("taskUUID", task) == task:
            _complain(message)
        images = (message.get("newImages") or {}).get("images") or []
        ours = [image for image in images if image.get("taskUUID") == task]
        return Delivery(tuple(_found(image) for image in ours), task) if ours else None


def _choices(order: Order) -> dict[str, Any]:
    """What has a number of its own at PicFinder, where it was chosen."""
    style = by_slug(order.request.style)
    sampler = samplers.by_slug(order.request.sampler)
    loras = [{"modelId": x.model, "weight": x.weight} for x in order.request.loras]
    chosen = {"styleId": style.picfinder_id, "schedulerId": sampler.picfinder_id, "lora": loras}
    return {name: value for name, value in chosen.items() if value}


def _model_id(order: Order) -> str:
    known = models.by_name(order.model or order.request.model)
    return str(known.picfinder_id) if known and known.picfinder_id else order.model


def _found(image: dict[str, Any]) -> Found:
    if image.get("imageBase64Data"):
        return Found(NEXT, Inline(str(image["imageBase64Data"])))
    return Found(NEXT, Link(str(image["imageSrc"])))


def _complain(message: dict[str, Any]) -> None:
    if message.get("error") is not True:
        return
    if message.get("errorId") == INVALID_KEY:
        raise Refused("PicFinder does not accept our key; whoever runs this server must renew it.")
    words = tell(message.get("errorMessage"))
    raise Unavailable(f"PicFinder could not make this picture. It says: {words}", over=True)
