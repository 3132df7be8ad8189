"""Stacks: the pictures that somebody made of the same words with the same settings."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from gallery import recipe

#: What may differ between the pictures of one stack.
VARYING = frozenset({"seed", "count", "output_format"})


def stack_of(owner_id: int, made: Mapping[str, Any]) -> int | None:
    """The number that variations share (63 bits); None where the recipe says no wish.

    Migration 0006 holds a copy, for the pictures that were there before.
    """
    asked = recipe.request_of(made)
    if not asked:
        return None
    wish = {name: value for name, value in asked.items() if name not in VARYING}
    same = [owner_id, made.get("model", ""), wish]
    text = json.dumps(same, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big") >> 1
