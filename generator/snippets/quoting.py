"""Values as they are written in JSON, JavaScript and Python, for people to read and run."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

#: JavaScript rounds whole numbers beyond this.
EXACT = 2**53 - 1


def json_text(value: Any, indent: int | None = 2) -> str:
    """`value` as JSON, which is JavaScript too. What cannot be seen is escaped, the rest is not."""
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    # Between strings there are only line breaks; within them all controls are escaped already.
    return "".join(c if c.isprintable() or c == "\n" else json.dumps(c)[1:-1] for c in text)


def javascript(value: Mapping[str, Any]) -> str:
    """An expression for the JSON text of `value`, exact whatever its numbers are."""
    if _is_exact(value):
        return f"JSON.stringify({json_text(value)})"
    return json_text(json_text(value, indent=None))


def python(value: Any, depth: int = 0) -> str:
    """`value` as a literal, over several lines where it holds others."""
    inner, outer = "    " * (depth + 1), "    " * depth
    if isinstance(value, Mapping) and value:
        lines = [f"{inner}{k!r}: {python(v, depth + 1)},\n" for k, v in value.items()]
        return "{\n" + "".join(lines) + outer + "}"
    if isinstance(value, list) and value:
        lines = [f"{inner}{python(each, depth + 1)},\n" for each in value]
        return "[\n" + "".join(lines) + outer + "]"
    return repr(value)


def _is_exact(value: Any) -> bool:
    if isinstance(value, Mapping):
        return all(map(_is_exact, value.values()))
    if isinstance(value, list):
        return all(map(_is_exact, value))
    return not isinstance(value, int) or abs(value) <= EXACT
