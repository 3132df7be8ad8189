"""OpenAI Images, and servers that speak like it.

Source: OpenAI's API reference, "Create image" and "Error codes".
"""

from __future__ import annotations

from typing import Any

from generator.catalog import qualities, sizes
from generator.catalog.styles import by_slug
from generator.engines.remote.faults import Fault, Refused
from generator.engines.remote.verdicts import tell
from generator.engines.remote.wire import Adapter, Call, Delivery, Found, Inline, Link, Order

_MODERATION = {"content_policy_violation", "moderation_blocked"}
_NO_CREDIT = {"insufficient_quota", "billing_hard_limit_reached"}


class OpenAI(Adapter):
    name = "openai"
    title = "OpenAI"
    address = "https://api.openai.com/v1"
    needs_model = True
    most = 10
    blocks = True

    def portion(self, model: str) -> int:
        return 1 if model == "dall-e-3" else self.most

    def size(self, order: Order) -> tuple[int, int]:
        known = sizes.OPENAI_BY_MODEL.get(order.model) or sizes.OPENAI.values()
        size = sizes.nearest(known, order.request.width, order.request.height)
        return size.width, size.height

    def submit(self, order: Order) -> Call:
        request = order.request
        body: dict[str, Any] = {
            "model": order.model,
            "prompt": _prompt(order),
            "n": request.count,
            "size": "{}x{}".format(*self.size(order)),
        }
        if order.model.startswith("gpt-image"):
            body["quality"] = qualities.nearest(
                qualities.OPENAI, request.steps, ("low", "medium", "high")
            )
        else:
            body["response_format"] = "b64_json"
        if order.model == "dall-e-3":
            body["quality"] = qualities.nearest(qualities.STUBBER, request.steps)
        headers = {"Authorization": f"Bearer {order.key}", "Idempotency-Key": order.name}
        return Call("POST", order.at("/images/generations"), body, headers)

    def read(self, data: Any, order: Order, task: str = "") -> Delivery:
        return Delivery(tuple(_found(n, entry) for n, entry in enumerate(data["data"])))

    def explain(self, status: int, data: Any) -> Fault | None:
        error = data.get("error") if isinstance(data, dict) else None
        if not isinstance(error, dict):
            return None
        if error.get("code") in _MODERATION:
            return Refused(f"OpenAI refused the prompt. It says: {tell(error.get('message'))}")
        if error.get("code") in _NO_CREDIT or error.get("type") in _NO_CREDIT:
            return Refused("Our account with OpenAI has no credit left.")
        return None


def _prompt(order: Order) -> str:
    """Style and negative prompt have no fields of their own, so they are said."""
    request = order.request
    prompt, unwanted = by_slug(request.style).dress(request.prompt, request.negative_prompt)
    return f"{prompt}. Without: {unwanted}." if unwanted else prompt


def _found(place: int, entry: dict[str, Any]) -> Found:
    if entry.get("b64_json"):
        return Found(place, Inline(str(entry["b64_json"])))
    return Found(place, Link(str(entry["url"])))
