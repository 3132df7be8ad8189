"""Stubber's task `generate_image`.

Source: Stubber, Generate Image. The document gives no address, so the operator's `url` is the
whole of it; `/v1/tasks/generate_image` is where a Limner serves it.
"""

from __future__ import annotations

from typing import Any

from generator.catalog import qualities, sizes
from generator.catalog.models import STUBBER_DEFAULT
from generator.catalog.styles import by_slug
from generator.dialects.stubber import GATEWAY, TASK
from generator.engines.remote.faults import Refused
from generator.engines.remote.verdicts import tell
from generator.engines.remote.wire import Adapter, Call, Delivery, Found, Link, Order


class Stubber(Adapter):
    name = "stubber"
    title = "Stubber"
    blocks = True

    def size(self, order: Order) -> tuple[int, int]:
        size = self._size(order)
        return size.width, size.height

    def submit(self, order: Order) -> Call:
        request = order.request
        prompt, unwanted = by_slug(request.style).dress(request.prompt, request.negative_prompt)
        body = {
            "name": TASK,
            "tasktype": TASK,
            "taskapigatewayuuid": GATEWAY,
            "params": {
                "prompt": f"{prompt}. Without: {unwanted}." if unwanted else prompt,
                "model": order.model or STUBBER_DEFAULT,
                "size": self._size(order).name,
                "quality": qualities.nearest(qualities.STUBBER, request.steps),
                "disable_model_response": "true",
            },
        }
        headers = {"Authorization": f"Bearer {order.key}", "Idempotency-Key": order.name}
        return Call("POST", order.url, body, headers)

    def read(self, data: Any, order: Order, task: str = "") -> Delivery:
        if data["success"] is not True:
            error = (data.get("payload") or {}).get("error")
            words = tell(error.get("message") if isinstance(error, dict) else error)
            raise Refused(f"Stubber refused the request. It says: {words}", over=True)
        pictures = data["payload"]["response"]["data"]
        return Delivery((Found(0, Link(str(pictures[0]["url"]))),))

    def _size(self, order: Order) -> sizes.Size:
        return sizes.nearest(sizes.STUBBER.values(), order.request.width, order.request.height)
