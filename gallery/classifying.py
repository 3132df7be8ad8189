"""What a machine makes of a picture: safe, or sensitive. Which machine is the operator's choice.

`PICTURE_CLASSIFIER` names it: nothing (what no engine has rated stays unrated), the address of
a service (`RemoteClassifier`), or the dotted path of a class of the operator's own, made without
arguments, that has `rate` as `Classifier` does.
"""

from __future__ import annotations

import io
import json
import logging
import time
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Protocol

import httpx
from django.conf import settings
from django.utils.module_loading import import_string
from PIL import Image

from gallery.models import RatedBy, Rating
from gallery.models.rated import MachineRating

logger = logging.getLogger("limner.classifying")

#: The longer side of what is sent, pixels: models look at 224 to 448.
SIDE = 768
#: Seconds for the whole exchange, and bytes of its answer.
PATIENCE, MAX_ANSWER = 10.0, 65_536


@dataclass(frozen=True)
class Finding:
    """`rating` is SAFE or SENSITIVE; `reason` is for people, at most 200 characters."""

    rating: Rating
    reason: str = ""

    def columns(self) -> MachineRating:
        """The same as columns of a picture."""
        return {
            "machine_rating": self.rating,
            "machine_source": RatedBy.CLASSIFIER,
            "machine_reason": self.reason[:200],
        }


class Classifier(Protocol):
    """`pixels` are RGB. Whatever `rate` raises leaves the picture unrated, to be tried again."""

    def rate(self, pixels: Image.Image) -> Finding: ...


class ClassifierFailed(Exception):
    """It did not answer, or not in words we know."""


class RemoteClassifier:
    """A service that gets a JPEG by POST and answers `{"rating": "safe", "reason": "…"}`.

    The operator names its address, so it may lie in their own network. Redirects are refused,
    and so is an answer of another shape.
    """

    def __init__(self, url: str, token: str = "") -> None:
        self.url = url
        self.headers = {"Content-Type": "image/jpeg", "Accept": "application/json"}
        if token:
            self.headers["Authorization"] = f"Bearer {token}"

    def rate(self, pixels: Image.Image) -> Finding:
        """Ask. Raises ClassifierFailed."""
        try:
            return _read(json.loads(self._ask(_small(pixels))))
        except (httpx.HTTPError, ValueError) as error:
            raise ClassifierFailed(type(error).__name__) from error

    def _ask(self, picture: bytes) -> bytes:
        until, body = time.monotonic() + PATIENCE, b""
        with (
            httpx.Client(timeout=PATIENCE, trust_env=False) as client,
            client.stream("POST", self.url, content=picture, headers=self.headers) as reply,
        ):
            if reply.status_code != 200:
                raise ClassifierFailed(f"it answered {reply.status_code}")
            for part in reply.iter_bytes():
                body += part
                if len(body) > MAX_ANSWER or time.monotonic() > until:
                    raise ClassifierFailed("its answer has no end")
        return body


@lru_cache(maxsize=4)
def _named(name: str, token: str) -> Classifier:
    if name.startswith(("http://", "https://")):
        return RemoteClassifier(name, token)
    made: Classifier = import_string(name)()
    return made


def installed() -> bool:
    """Whether there is a classifier at all."""
    return bool(settings.PICTURE_CLASSIFIER)


def look(pixels: Image.Image) -> Finding | None:
    """What the classifier finds; None when there is none, or when it failed, which is logged."""
    if not installed():
        return None
    try:
        classifier = _named(settings.PICTURE_CLASSIFIER, settings.PICTURE_CLASSIFIER_TOKEN)
        found = classifier.rate(pixels.convert("RGB"))
        if found.rating not in (Rating.SAFE, Rating.SENSITIVE):
            raise ClassifierFailed(f"said {found.rating!r}")
    except Exception as error:
        # Somebody's own code: a picture that was paid for is kept whatever becomes of it.
        logger.warning("the picture classifier failed: %s: %s", type(error).__name__, error)
        return None
    return replace(found, rating=Rating(found.rating))


def _small(pixels: Image.Image) -> bytes:
    small = pixels.copy()
    small.thumbnail((SIDE, SIDE))
    buffer = io.BytesIO()
    small.save(buffer, "JPEG", quality=85)
    return buffer.getvalue()


def _read(answer: Any) -> Finding:
    rating = answer.get("rating") if isinstance(answer, dict) else None
    if rating not in (Rating.SAFE, Rating.SENSITIVE):
        raise ClassifierFailed("its answer names no rating")
    reason = answer.get("reason", "")
    return Finding(Rating(rating), reason[:200] if isinstance(reason, str) else "")
