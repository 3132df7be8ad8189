"""AUTOMATIC1111's web UI, and Forge, started with `--api`.

Source: the web UI's modules/api/models.py and api.py. A key is `user:password`, for servers
started with `--api-auth`.
"""

from __future__ import annotations

import base64
import json
from typing import Any

from generator.catalog import samplers
from generator.catalog.styles import by_slug
from generator.engines.remote.wire import Adapter, Call, Delivery, Found, Inline, Order, Pending

#: Seeds of the web UI are 32 bits wide.
SEEDS = 2**32


class A1111(Adapter):
    name = "a1111"
    title = "The A1111 server"
    address = "http://127.0.0.1:7860"
    needs_key = False
    most = 16
    blocks = True
    takes = frozenset({"loras", "clip_skip"})

    def submit(self, order: Order) -> Call:
        request = order.request
        prompt, unwanted = by_slug(request.style).dress(request.prompt, request.negative_prompt)
        body: dict[str, Any] = {
            "prompt": prompt + "".join(f" <lora:{x.model}:{x.weight:g}>" for x in request.loras),
            "negative_prompt": unwanted,
            "seed": request.seed % SEEDS,
            "steps": request.steps,
            "cfg_scale": request.guidance_scale,
            "width": request.width,
            "height": request.height,
            "batch_size": 1,
            "n_iter": request.count,
            "override_settings": _settings(order),
            "send_images": True,
            "save_images": False,
            "force_task_id": order.name,
        }
        if request.sampler != "default":
            body["sampler_name"] = samplers.by_slug(request.sampler).a1111_names[0]
        return Call("POST", order.at("/sdapi/v1/txt2img"), body, _headers(order))

    def read(self, data: Any, order: Order, task: str = "") -> Delivery:
        info = json.loads(data.get("info") or "{}")
        count = order.request.count
        images = data["images"][-count:]
        seeds = info.get("all_seeds") or [None] * count
        return Delivery(
            tuple(Found(n, Inline(str(image)), seeds[n]) for n, image in enumerate(images))
        )

    def watch(self, order: Order) -> Call | None:
        url = order.at("/sdapi/v1/progress?skip_current_image=false")
        return Call("GET", url, headers=_headers(order))

    def glance(self, data: Any, order: Order) -> Pending:
        """Progress and preview, unless the server is busy with somebody else's picture."""
        if data.get("current_task") != order.name:
            return Pending("", wait=0.0)
        preview = str(data.get("current_image") or "")
        return Pending(order.name, wait=0.0, done=float(data["progress"]), preview=preview)

    def cancel(self, task: str, order: Order) -> Call | None:
        return Call("POST", order.at("/sdapi/v1/interrupt"), headers=_headers(order))


def _settings(order: Order) -> dict[str, Any]:
    settings: dict[str, Any] = {"CLIP_stop_at_last_layers": order.request.clip_skip + 1}
    if order.model:
        settings["sd_model_checkpoint"] = order.model
    return settings


def _headers(order: Order) -> dict[str, str]:
    if not order.key:
        return {}
    return {"Authorization": f"Basic {base64.b64encode(order.key.encode()).decode()}"}
