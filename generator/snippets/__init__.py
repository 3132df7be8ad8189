"""A request to one of our APIs as text to copy: for a shell, in Python, in JavaScript.

Pure: no database and no HTTP. Every text reads the key from the environment variable `KEY`, so
that none holds one. Whatever a prompt contains stays text in each language.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

KEY = "LIMNER_KEY"


class Place(StrEnum):
    """Where a service has the key."""

    BEARER = "bearer"  # Authorization: Bearer …
    BARE = "bare"  # Authorization: …
    BASIC = "basic"  # Authorization: Basic …, as the password
    BODY = "body"  # `key` in the body
    GREETING = "greeting"  # the first message of a WebSocket


@dataclass(frozen=True, kw_only=True)
class Call:
    """One request: to which `service` (a dialect's name), where, and with which JSON body.

    `site` is our own address without a slash at its end; `kind` is the file type of the pictures.
    """

    service: str
    site: str
    path: str
    body: Mapping[str, Any]
    key: Place
    kind: str = "png"

    @property
    def url(self) -> str:
        return self.site + self.path
