"""AIThriving's basic text to image: one picture, in the answer.

Source: AIThriving, Basic Text To Image. It knows no negative prompt and no busy state; a
failure is HTTP 200 with code -1 and a sentence.
"""

from __future__ import annotations

import re
from typing import Any

from generator.catalog import samplers, sizes
from generator.catalog.limits import AITHRIVING_STEPS
from generator.engines.remote.faults import Refused, Unavailable
from generator.engines.remote.verdicts import tell
from generator.engines.remote.wire import Adapter, Call, Delivery, Found, Inline, Order

#: A seed of 0 asks for a random one, so ours of 0 becomes another that is always the same.
_ZERO = 2**32
_BUSY = re.compile(r"(?i)busy|too many|rate limit|time.?out|try again|later|overload")


class AIThriving(Adapter):
    name = "aithriving"
    title = "AIThriving"
    address = "https://www.aithriving.com"
    blocks = True

    def size(self, order: Order) -> tuple[int, int]:
        size = sizes.nearest_for_aithriving(order.request.width, order.request.height)
        return size.width, size.height

    def submit(self, order: Order) -> Call:
        request = order.request
        width, height = self.size(order)
        body: dict[str, Any] = {
            "prompt": request.prompt,
            "width": width,
            "height": height,
            "cfg_scale": round(request.guidance_scale),
            "seed": request.seed or _ZERO,
            "steps": AITHRIVING_STEPS.nearest(request.steps),
        }
        sampler = samplers.by_slug(request.sampler).aithriving_name
        if sampler:
            body["sampler"] = sampler
        if request.style != "none":
            body["style_preset"] = request.style
        headers = {"Authorization": order.key, "Idempotency-Key": order.name}
        return Call("POST", order.at("/api/generate/basic/textToImage"), body, headers)

    def read(self, data: Any, order: Order, task: str = "") -> Delivery:
        if data["code"] != 0:
            raise _failure(str(data.get("message")))
        seed = data["data"].get("seed")
        own = seed if isinstance(seed, int) and seed != _ZERO else None
        return Delivery((Found(0, Inline(str(data["data"]["image"])), own),))


def _failure(message: str) -> Refused | Unavailable:
    words = tell(message)
    if _BUSY.search(message):
        return Unavailable(f"AIThriving is busy. It says: {words}", wait=2.0, unasked=True)
    return Refused(f"AIThriving refused the request. It says: {words}", over=True)
