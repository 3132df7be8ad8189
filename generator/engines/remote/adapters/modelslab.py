"""ModelsLab's enterprise endpoint: pictures at once, or a number to ask with.

Sources: ModelsLab, Enterprise: Text to Image, and its pages on fetching and errors. Answers
carry an address to fetch from; we build it ourselves, for the key goes with it.
"""

from __future__ import annotations

from typing import Any

from generator.catalog import sizes
from generator.catalog.limits import MODELSLAB_SAMPLES
from generator.catalog.styles import by_slug
from generator.contract import Safety
from generator.engines.remote.faults import Fault, Refused, Unavailable
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

_PATH = "/api/v1/enterprise/flux"
_SEEDS = 2**32


class ModelsLab(Adapter):
    name = "modelslab"
    title = "ModelsLab"
    address = "https://modelslab.com"
    most = MODELSLAB_SAMPLES.high

    def size(self, order: Order) -> tuple[int, int]:
        size = sizes.nearest_for_modelslab(order.request.width, order.request.height)
        return size.width, size.height

    def submit(self, order: Order) -> Call:
        request = order.request
        prompt, unwanted = by_slug(request.style).dress(request.prompt, request.negative_prompt)
        width, height = self.size(order)
        body: dict[str, Any] = {
            "key": order.key,
            "prompt": prompt,
            "negative_prompt": unwanted,
            "width": str(width),
            "height": str(height),
            "samples": str(request.count),
            "num_inference_steps": request.steps,
            "guidance_scale": request.guidance_scale,
            "safety_checker": request.safety is not Safety.OFF,
            "seed": request.seed % _SEEDS,
            # At once, with a number to ask with: a lost answer loses no picture.
            "instant_response": True,
            "base64": False,
            "webhook": None,
            "track_id": order.name,
        }
        if order.model:
            body["model_id"] = order.model
        return Call("POST", order.at(f"{_PATH}/text2img"), body)

    def poll(self, task: str, order: Order) -> Call:
        url = order.at(f"{_PATH}/fetch/{task}")
        return Call("POST", url, {"key": order.key}, repeatable=True)

    def read(self, data: Any, order: Order, task: str = "") -> Reply:
        task = str(data.get("id") or task)
        match data["status"]:
            case "success":
                return Delivery(tuple(_found(n, url) for n, url in enumerate(data["output"])), task)
            case "processing" if task:
                eta = float(data.get("eta") or 1)
                return Pending(task, wait=min(max(eta / 2, 1.0), 10.0), eta=eta)
            case "failed":
                raise Unavailable("ModelsLab could not make this picture.", over=True)
        raise _error(data)

    def explain(self, status: int, data: Any) -> Fault | None:
        if isinstance(data, dict) and data.get("status") == "error":
            return _error(data)
        return None


def _found(place: int, url: Any) -> Found:
    return Found(place, Link(str(url), encoded=str(url).endswith(".base64")))


def _error(data: dict[str, Any]) -> Fault:
    words = tell(_sentence(data.get("message") or data.get("messege")))
    told = words.casefold()
    if "api key" in told:
        return Refused("ModelsLab does not accept our key; whoever runs this server must renew it.")
    if "rate limit" in told:
        wait = float(data.get("retry_after") or 2.0)
        return Unavailable("ModelsLab is busy.", wait=wait, unasked=True)
    if "credit" in told or "subscription" in told:
        return Refused("Our account with ModelsLab has no credit left.")
    return Refused(f"ModelsLab refused the request. It says: {words}", over=True)


def _sentence(message: Any) -> str:
    """Messages are text, or lists of text by field."""
    if isinstance(message, dict):
        return " ".join(str(text) for texts in message.values() for text in texts)
    return str(message or "")
