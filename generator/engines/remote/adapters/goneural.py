"""goneural's tasks, which are also our own API: one Limner can buy from another.

Sources: goneural, Text to Image; its pages /enums and /get-task. Cancelling is ours.
"""

from __future__ import annotations

from typing import Any

from generator.catalog.limits import GONEURAL_NEGATIVE_PROMPT, GONEURAL_PROMPT
from generator.catalog.ratios import RATIOS, Ratio
from generator.catalog.sizes import Size, nearest
from generator.catalog.styles import by_slug
from generator.engines.remote.faults import Refused, Unavailable
from generator.engines.remote.verdicts import tell
from generator.engines.remote.wire import (
    Adapter,
    Call,
    Delivery,
    Found,
    Link,
    Order,
    Pending,
    Reply,
)

_TASKS = "/v1/tasks"
_WAITING = {"queued", "in_progress"}


class GoNeural(Adapter):
    name = "goneural"
    title = "goneural"
    address = "https://api.goneural.ai"

    def size(self, order: Order) -> tuple[int, int]:
        ratio = _ratio(order)
        return ratio.width, ratio.height

    def submit(self, order: Order) -> Call:
        request = order.request
        prompt, unwanted = by_slug(request.style).dress(request.prompt, request.negative_prompt)
        for text, limit in ((prompt, GONEURAL_PROMPT), (unwanted, GONEURAL_NEGATIVE_PROMPT)):
            if len(text) > limit.high:
                raise Refused(f"goneural takes prompts of at most {limit.high} characters.")
        body: dict[str, Any] = {
            "prompt": prompt,
            "ratio": _ratio(order).goneural,
            "seed": request.seed,
        }
        if unwanted:
            body["negativePrompt"] = unwanted
        if order.model:
            body["model"] = order.model
        headers = {**_headers(order), "Idempotency-Key": order.name}
        return Call("POST", order.at(f"{_TASKS}/text-to-image"), body, headers)

    def poll(self, task: str, order: Order) -> Call:
        url = order.at(f"{_TASKS}/{task}")
        return Call("GET", url, headers=_headers(order), repeatable=True)

    def read(self, data: Any, order: Order, task: str = "") -> Reply:
        task, status = str(data["id"]), str(data.get("status")).lower()
        if status in _WAITING:
            return Pending(task, done=_done(data))
        if status == "succeeded":
            return Delivery((Found(0, Link(str(data["output"]["image"])), _seed(data)),), task)
        raise _failure(data)

    def cancel(self, task: str, order: Order) -> Call | None:
        url = order.at(f"{_TASKS}/{task}/cancel")
        return Call("POST", url, headers=_headers(order), repeatable=True)


def _headers(order: Order) -> dict[str, str]:
    return {"Authorization": f"Bearer {order.key}"}


def _ratio(order: Order) -> Ratio:
    by_size = {Size(ratio.width, ratio.height): ratio for ratio in RATIOS}
    return by_size[nearest(by_size, order.request.width, order.request.height)]


def _meta(data: dict[str, Any], name: str) -> dict[str, Any]:
    value = (data.get("meta") or {}).get(name)
    return value if isinstance(value, dict) else {}


def _done(data: dict[str, Any]) -> float | None:
    progress = _meta(data, "progress")
    steps = progress.get("steps")
    return progress.get("step", 0) / steps if steps else None


def _seed(data: dict[str, Any]) -> int | None:
    seed = data.get("seed")
    return seed if isinstance(seed, int) and seed >= 0 else None


def _failure(data: dict[str, Any]) -> Refused | Unavailable:
    """A Limner says why; goneural itself says only that it failed."""
    error = _meta(data, "error")
    words = tell(error.get("message"))
    if error.get("code") == "refused":
        return Refused(f"goneural refused the request. It says: {words}", over=True)
    return Unavailable("goneural could not make this picture.", over=True)
