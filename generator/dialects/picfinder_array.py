"""The service's later dialect on the same socket: arrays of tasks. Not spoken here, and said so.

Source: runware 0.2.0 and runware.ai/docs. Its clients wait for `{"errors": [...]}`, matched by
`taskUUID`, and would wait for ever for anything else.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from generator.contract import MAX_NAME

NOT_SPOKEN = (
    "This server speaks newTask, one JSON object a message, and not the later dialect of arrays. "
    "Use an SDK of before June 2024, or another API of this server."
)
#: Tasks of one message that are answered one by one.
MOST = 20


def refuse(tasks: Sequence[Any]) -> dict[str, Any]:
    """The answer to an array, with an error for each of its tasks."""
    return {"errors": [_error(task) for task in tasks[:MOST]] or [_error({})]}


def _error(task: object) -> dict[str, Any]:
    sent = task if isinstance(task, dict) else {}
    named = {
        name: sent[name]
        for name in ("taskType", "taskUUID")
        if isinstance(sent.get(name), str) and len(sent[name]) <= MAX_NAME
    }
    return {"code": "unsupportedDialect", "message": NOT_SPOKEN, "parameter": "taskType", **named}
