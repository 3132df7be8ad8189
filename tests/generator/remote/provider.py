"""A small HTTP server on loopback that plays a provider, and what it saw."""

from __future__ import annotations

import base64
import contextlib
import io
import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from PIL import Image


@dataclass(frozen=True)
class Seen:
    """A request as it arrived."""

    method: str
    path: str
    headers: dict[str, str]
    body: Any
    raw: bytes = field(default=b"", repr=False)


@dataclass(frozen=True)
class Says:
    """An answer. `raw` takes over the connection instead."""

    body: Any = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    raw: Callable[[BaseHTTPRequestHandler], None] | None = None


Script = Callable[[Seen], Says]


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_details: object) -> None:
        """Clients of these tests hang up at any moment."""


class Provider:
    """Answers by `script`; `seen` is every request in the order of arrival."""

    def __init__(self, script: Script) -> None:
        self.script = script
        self.seen: list[Seen] = []
        provider = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def _answer(self) -> None:
                provider.answer(self)

            do_GET = do_POST = do_DELETE = _answer

            def log_message(self, *_words: object) -> None:
                """Quiet."""

        self.server = _Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    @property
    def paths(self) -> list[str]:
        return [f"{seen.method} {seen.path}" for seen in self.seen]

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        length = int(handler.headers.get("content-length") or 0)
        body = handler.rfile.read(length)
        headers = {name.lower(): value for name, value in handler.headers.items()}
        said = json.loads(body) if body else None
        seen = Seen(handler.command, handler.path, headers, said, body)
        self.seen.append(seen)
        says = self.script(seen)
        # Who hangs up early has what they wanted.
        with contextlib.suppress(ConnectionError):
            if says.raw:
                handler.close_connection = True
                says.raw(handler)
            else:
                _write(handler, says)


@contextlib.contextmanager
def serving(script: Script) -> Iterator[Provider]:
    provider = Provider(script)
    thread = threading.Thread(target=provider.server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        provider.server.shutdown()
        provider.server.server_close()


def _write(handler: BaseHTTPRequestHandler, says: Says) -> None:
    body = says.body if isinstance(says.body, bytes) else json.dumps(says.body).encode()
    handler.send_response(says.status)
    for name, value in {"Content-Length": str(len(body)), **says.headers}.items():
        handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(body)


def png(width: int = 256, height: int = 256, color: str = "navy", kind: str = "PNG") -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (width, height), color).save(buffer, kind)
    return buffer.getvalue()


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()
