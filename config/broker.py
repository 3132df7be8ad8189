"""The embedded broker: a kombu transport that keeps each message in a file.

It needs no server and survives restarts. kombu's own file transport writes a message under
its final name, so a reader can meet half a message, and its worker then exits. Here a name
becomes visible only by `rename`, once the bytes are complete, and a message belongs to the
reader whose `rename` took it. Each queue is a folder, so a look at one queue never lists
another. Why, what was rejected and what was measured: docs/decisions/0002-embedded-broker.md.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import time
import uuid
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from queue import Empty
from typing import Any
from urllib.parse import quote

from kombu.transport import virtual
from kombu.utils.json import dumps, loads

#: Seconds after which a broadcast ("ping", "shutdown") means nothing to anybody.
BROADCAST_SECONDS = 60
#: Seconds after which what a killed process left half done is swept away.
LITTER_SECONDS = 3600
REPLIES = ".reply.celery.pidbox"

type_of_binding = tuple[str, str, str]


class Channel(virtual.Channel):
    """Queues as folders, messages as files, bindings as one small file per exchange."""

    supports_fanout = True

    def __init__(self, connection: Any, **kwargs: Any) -> None:
        super().__init__(connection, **kwargs)
        self._root = Path(connection.client.transport_options["folder"])
        self._listed: dict[str, deque[str]] = {}
        # What this channel bound: queue -> exchange, routing key, pattern.
        self._bound: dict[str, set[type_of_binding]] = {}

    # Messages.

    def _put(self, queue: str, message: dict[str, Any], **_: Any) -> None:
        # The wall clock, not the monotonic one, so that order holds over a reboot.
        name = f"{time.time_ns():020d}-{uuid.uuid4().hex}"
        folder = self._folder(queue)
        hidden = folder / f".{name}"
        body = dumps(message).encode()
        try:
            hidden.write_bytes(body)
        except FileNotFoundError:
            folder.mkdir(parents=True, exist_ok=True)
            hidden.write_bytes(body)
        hidden.rename(folder / name)

    def _get(self, queue: str, timeout: float | None = None) -> Any:
        folder = self._folder(queue)
        for name in self._names(queue):
            taken = folder / f".{name}"
            try:
                (folder / name).rename(taken)
            except FileNotFoundError:
                continue  # another reader was faster
            body = taken.read_bytes()
            taken.unlink()
            return loads(body.decode())
        if not folder.is_dir():
            self._bind_again(queue)
        raise Empty

    def _names(self, queue: str) -> Iterator[str]:
        """What the last look at the folder saw and is not tried yet, then a fresh look."""
        names = self._listed.setdefault(queue, deque())
        while names:
            yield names.popleft()
        names.extend(_messages(self._folder(queue)))
        while names:
            yield names.popleft()

    def _put_fanout(
        self, exchange: str, message: dict[str, Any], routing_key: str, **_: Any
    ) -> None:
        for _key, _pattern, queue in self.get_table(exchange):
            # Nobody empties the queue of a worker that was killed; broadcasts do it themselves.
            _drop_older(self._folder(queue), BROADCAST_SECONDS)
            self._put(queue, message)

    def _size(self, queue: str) -> int:
        return len(_messages(self._folder(queue)))

    def _purge(self, queue: str) -> int:
        return _drop_older(self._folder(queue), 0)

    # Queues and bindings.

    def _new_queue(self, queue: str, **_: Any) -> None:
        self._folder(queue).mkdir(parents=True, exist_ok=True)

    def _has_queue(self, queue: str, **_: Any) -> bool:
        return self._folder(queue).is_dir()

    def _delete(
        self, queue: str, exchange: str, routing_key: str, pattern: str, *_: Any, **__: Any
    ) -> None:
        with self._bindings(exchange) as table:
            unwanted = (routing_key or "", pattern or "", queue)
            table[:] = [row for row in table if row != unwanted]
        shutil.rmtree(self._folder(queue), ignore_errors=True)

    def _bind_again(self, queue: str) -> None:
        """Somebody deleted the folder of a running server: without this no ping finds us."""
        self._new_queue(queue)
        for exchange, routing_key, pattern in list(self._bound.get(queue, ())):
            self._queue_bind(exchange, routing_key, pattern, queue)

    def _queue_bind(self, exchange: str, routing_key: str, pattern: str, queue: str) -> None:
        self._bound.setdefault(queue, set()).add((exchange, routing_key, pattern))
        row = (routing_key or "", pattern or "", queue)
        if row not in self.get_table(exchange):
            with self._bindings(exchange) as table:
                if row not in table:
                    table.append(row)

    def get_table(self, exchange: str) -> list[type_of_binding]:
        """The bindings of `exchange`: routing key, pattern, queue."""
        try:
            return [tuple(row) for row in loads(self._exchange(exchange).read_text())]
        except FileNotFoundError:
            return []

    @contextlib.contextmanager
    def _bindings(self, exchange: str) -> Iterator[list[type_of_binding]]:
        path = self._exchange(exchange)
        path.parent.mkdir(parents=True, exist_ok=True)
        with (self._root / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            table = self.get_table(exchange)
            yield table
            draft = path.with_suffix(".draft")
            draft.write_text(dumps(table))
            draft.rename(path)

    def _folder(self, queue: str) -> Path:
        return self._root / "queues" / f"q-{quote(queue, safe='@')}"

    def _exchange(self, exchange: str) -> Path:
        return self._root / "exchanges" / f"x-{quote(exchange, safe='@')}.json"


class Transport(virtual.Transport):
    """What Celery's `embedded://` resolves to; needs the transport option `folder`."""

    Channel = Channel
    implements = virtual.Transport.implements.extend(
        asynchronous=False, exchange_type=frozenset(["direct", "topic", "fanout"])
    )
    default_port = 0
    driver_type = "filesystem"
    driver_name = "limner"

    def __init__(self, client: Any, **kwargs: Any) -> None:
        super().__init__(client, **kwargs)
        sweep(Path(client.transport_options["folder"]))

    def driver_version(self) -> str:
        """Celery's report asks for it."""
        return "1"


def sweep(root: Path) -> None:
    """Remove what killed processes left: half-written or half-read files, unread replies."""
    for folder in (root / "queues").glob("q-*"):
        if folder.name.endswith(REPLIES) and _age(folder) > LITTER_SECONDS:
            shutil.rmtree(folder, ignore_errors=True)
            continue
        for hidden in folder.glob(".*"):
            if _age(hidden) > LITTER_SECONDS:
                hidden.unlink(missing_ok=True)


def _messages(folder: Path) -> list[str]:
    """The names of the complete messages in `folder`, oldest first."""
    try:
        return sorted(name for name in os.listdir(folder) if not name.startswith("."))
    except FileNotFoundError:
        return []


def _drop_older(folder: Path, seconds: float) -> int:
    before = time.time_ns() - int(seconds * 1e9)
    dropped = 0
    for name in _messages(folder):
        if int(name.partition("-")[0]) <= before:
            with contextlib.suppress(FileNotFoundError):
                (folder / name).unlink()
                dropped += 1
    return dropped


def _age(path: Path) -> float:
    try:
        return time.time() - path.stat().st_mtime
    except FileNotFoundError:
        return 0.0
