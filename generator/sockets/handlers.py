"""Every message of PicFinder's socket that is more than its greeting and pings: who handles it."""

from __future__ import annotations

from generator.sockets.asking import Handler
from generator.sockets.new_task import new_task

#: By the one key of the message; the handler gets what stands under it.
HANDLERS: dict[str, Handler] = {"newTask": new_task}
