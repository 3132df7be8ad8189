"""What each service's programs send, and how they tell an answer from a refusal."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.test import Client

from generator.dialects import Foreign, a1111, aithriving, modelslab, openai_images, stubber


@dataclass(frozen=True)
class Service:
    """One dialect with its smallest body, and where its answers keep what every one has."""

    dialect: Foreign
    body: Mapping[str, Any]
    prompt: str
    succeeded: Callable[[Any], bool]
    reason: Callable[[Any], str]
    #: HTTP status and words for a key that opens nothing.
    unknown: tuple[int, str] = (401, "No usable API key.")
    #: Whether a task that takes too long is stopped, rather than left to be asked for.
    stops: bool = True

    def send(self, key: str, data: object, **options: Any) -> Any:
        """What a program with `key` gets for `data`: bytes as they are, else as JSON."""
        sent = data if isinstance(data, bytes) else json.dumps(data).encode()
        headers = {"Authorization": f"Bearer {key}", **options.pop("headers", {})}
        kind = options.pop("content_type", "application/json")
        client = Client(headers=headers)
        return client.generic(options.pop("method", "POST"), self.dialect.path, sent, kind)

    def saying(self, prompt: object) -> dict[str, Any]:
        """The smallest body with this prompt."""
        if self.prompt == "params":
            return {**self.body, "params": {**self.body["params"], "prompt": prompt}}
        return {**self.body, "prompt": prompt}


SERVICES = [
    Service(
        aithriving,
        {"prompt": "a red house", "width": 320, "height": 320},
        "prompt",
        lambda answer: answer["code"] == 0,
        lambda answer: answer["message"],
    ),
    Service(
        stubber,
        {"tasktype": "generate_image", "params": {"prompt": "a red house"}},
        "params",
        lambda answer: answer["success"],
        lambda answer: answer["payload"]["error"]["message"],
    ),
    Service(
        openai_images,
        {"prompt": "a red house", "model": "dall-e-3", "size": "512x512"},
        "prompt",
        lambda answer: "data" in answer,
        lambda answer: answer["error"]["message"],
    ),
    Service(
        modelslab,
        {"prompt": "a red house", "width": "512", "height": "512"},
        "prompt",
        lambda answer: answer["status"] == "success",
        lambda answer: str(answer["message"]),
        unknown=(200, "Invalid API key"),
        stops=False,
    ),
    Service(
        a1111,
        {"prompt": "a red house", "override_settings": {"sd_model_checkpoint": "dreamlike"}},
        "prompt",
        lambda answer: "images" in answer,
        lambda answer: answer["detail"],
    ),
]
NAMES = [service.dialect.name for service in SERVICES]
