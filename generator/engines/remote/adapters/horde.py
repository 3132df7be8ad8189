"""AI Horde: volunteers' graphics cards, free, also without an account.

Source: the API's own description (aihorde.net/api): /v2/generate/async, check, status.
"""

from __future__ import annotations

from typing import Any

from generator.catalog.styles import by_slug
from generator.contract import Safety
from generator.engines.remote.faults import Fault, Refused, Unavailable
from generator.engines.remote.verdicts import tell
from generator.engines.remote.wire import (
    Adapter,
    Call,
    Delivery,
    Found,
    Inline,
    Link,
    Order,
    Pending,
    Reply,
)

#: Whoever has no account; served after those who have.
ANONYMOUS = "0000000000"
SIDE_STEP = 64
MOST_STEPS = 500
_SAMPLERS = {
    "euler": "k_euler",
    "euler-a": "k_euler_a",
    "dpmpp-2m": "k_dpmpp_2m",
    "dpmpp-2s-a": "k_dpmpp_2s_a",
    "dpmpp-sde": "k_dpmpp_sde",
    "ddim": "DDIM",
    "heun": "k_heun",
    "dpm2": "k_dpm_2",
    "dpm2-a": "k_dpm_2_a",
    "lms": "k_lms",
    "lcm": "lcm",
}
_PROMPT_REFUSED = {"CorruptPrompt", "CorruptPromptReplacementFilter", "PromptReplacementFilter"}


class Horde(Adapter):
    name = "horde"
    title = "AI Horde"
    address = "https://aihorde.net/api"
    needs_key = False
    most = 16
    takes = frozenset({"clip_skip"})

    def size(self, order: Order) -> tuple[int, int]:
        return _rounded(order.request.width), _rounded(order.request.height)

    def submit(self, order: Order) -> Call:
        request = order.request
        prompt, unwanted = by_slug(request.style).dress(request.prompt, request.negative_prompt)
        body = {
            "prompt": f"{prompt} ### {unwanted}" if unwanted else prompt,
            "params": self._params(order),
            "models": [order.model] if order.model else [],
            "nsfw": request.safety is Safety.OFF,
            "censor_nsfw": request.safety is not Safety.OFF,
            "r2": True,
            "shared": False,
        }
        return Call("POST", order.at("/v2/generate/async"), body, _headers(order))

    def _params(self, order: Order) -> dict[str, Any]:
        request = order.request
        width, height = self.size(order)
        params = {
            "n": request.count,
            "seed": str(request.seed),
            "width": width,
            "height": height,
            "steps": min(request.steps, MOST_STEPS),
            "cfg_scale": request.guidance_scale,
            "clip_skip": request.clip_skip + 1,
            "karras": request.sampler.endswith("-karras"),
        }
        sampler = _SAMPLERS.get(request.sampler.removesuffix("-karras"))
        return {**params, "sampler_name": sampler} if sampler else params

    def poll(self, task: str, order: Order) -> Call:
        url = order.at(f"/v2/generate/check/{task}")
        return Call("GET", url, headers=_headers(order), repeatable=True)

    def read(self, data: Any, order: Order, task: str = "") -> Reply:
        if "generations" in data:
            return Delivery(tuple(_found(n, g) for n, g in enumerate(data["generations"])))
        if not task:
            return Pending(str(data["id"]), wait=2.0)
        return self._checked(data, order, task)

    def _checked(self, data: dict[str, Any], order: Order, task: str) -> Pending:
        if data.get("faulted"):
            raise Unavailable("AI Horde could not make this picture.", over=True)
        if data.get("is_possible") is False:
            reason = "No worker of AI Horde can make this picture now."
            raise Unavailable(reason, wait=30.0, over=True)
        if data["done"]:
            # The full status is costly for the Horde, so it is asked for once, at the end.
            url = order.at(f"/v2/generate/status/{task}")
            collect = Call("GET", url, headers=_headers(order), repeatable=True)
            return Pending(task, collect, wait=0.0, done=1.0)
        eta = float(data.get("wait_time") or 0)
        return Pending(task, wait=min(max(eta / 4, 2.0), 10.0), eta=eta)

    def cancel(self, task: str, order: Order) -> Call | None:
        url = order.at(f"/v2/generate/status/{task}")
        return Call("DELETE", url, headers=_headers(order), repeatable=True)

    def explain(self, status: int, data: Any) -> Fault | None:
        if status >= 400 and isinstance(data, dict) and data.get("rc") in _PROMPT_REFUSED:
            return Refused(f"AI Horde refused the prompt. It says: {tell(data.get('message'))}")
        return None


def _rounded(side: int) -> int:
    return max(SIDE_STEP, round(side / SIDE_STEP) * SIDE_STEP)


def _headers(order: Order) -> dict[str, str]:
    return {"apikey": order.key or ANONYMOUS, "Client-Agent": "Limner:1:limner"}


def _found(place: int, generation: dict[str, Any]) -> Found:
    if generation.get("censored"):
        raise Refused("AI Horde withheld the picture, because it may be indecent.", over=True)
    image = str(generation["img"])
    picture = Link(image) if image.startswith("http") else Inline(image)
    seed = str(generation.get("seed") or "")
    return Found(place, picture, int(seed) if seed.isdigit() else None)
