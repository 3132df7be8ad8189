"""Where programs of other services put their keys."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from typing import Any

#: OpenAPI's name for `bearer`.
BEARER: dict[str, Any] = {"type": "http", "scheme": "bearer"}


def bearer(headers: Mapping[str, str]) -> str | None:
    """The key of `Authorization: Bearer …`."""
    scheme, _, token = headers.get("Authorization", "").strip().partition(" ")
    return (token.strip() or None) if scheme.lower() == "bearer" else None


def bare(value: str) -> str | None:
    """The key that is the whole of a header, or follows "Bearer" in it."""
    scheme, _, token = value.strip().partition(" ")
    return (token.strip() if scheme.lower() == "bearer" else value.strip()) or None


def basic(headers: Mapping[str, str]) -> str | None:
    """The password of `Authorization: Basic …` whatever the user name, or the key of `Bearer`."""
    scheme, _, coded = headers.get("Authorization", "").strip().partition(" ")
    if scheme.lower() != "basic":
        return bearer(headers)
    try:
        text = base64.b64decode(coded.strip(), validate=True).decode()
    except (binascii.Error, ValueError):
        return None
    return text.partition(":")[2] or None
