"""An address that takes pictures, and generations that are to be sent there."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_network

import pytest
from pytest_django import Settings

from accounts.models import User
from generator import delivery
from generator.models import Generation, PictureDelivery
from tests.generator.orders import run_all, submit


@dataclass
class Bucket:
    """A server that takes what is PUT, and answers with `statuses` one after the other."""

    statuses: list[int] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    taken: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    url: str = ""

    def take(self, handler: BaseHTTPRequestHandler) -> None:
        body = handler.rfile.read(int(handler.headers["Content-Length"]))
        headers = {name.lower(): value for name, value in handler.headers.items()}
        self.taken.append((handler.path, headers, body))
        handler.send_response(self.statuses.pop(0) if self.statuses else 200)
        for name, value in {"Content-Length": "0", **self.headers}.items():
            handler.send_header(name, value)
        handler.end_headers()


@pytest.fixture
def bucket(settings: Settings) -> Iterator[Bucket]:
    settings.OUTBOUND_ALLOW = [ip_network("127.0.0.0/8")]
    made = Bucket()

    class Handler(BaseHTTPRequestHandler):
        def do_PUT(self) -> None:
            made.take(self)

        def log_message(self, *_words: object) -> None:
            """Quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        made.url = f"http://127.0.0.1:{server.server_port}/bucket/x?signature=secret"
        thread = threading.Thread(target=server.serve_forever, args=[0.01], daemon=True)
        thread.start()
        yield made
        server.shutdown()
        thread.join()


def finished(owner: User, endpoint: str, count: int = 1) -> Generation:
    """A generation whose pictures are made, and are to be sent; no thread has sent them yet."""
    generation = submit(owner, count=count)
    with no_threads():
        run_all()
    delivery.ask(generation, endpoint)
    return generation


@contextlib.contextmanager
def no_threads() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(delivery, "send_due", lambda: 0)
        yield


def send_all() -> None:
    """Here and now, instead of in a thread."""
    while delivery.send_due(lambda work: work()):
        pass


def time_passes() -> None:
    PictureDelivery.objects.update(not_before=None, lease_until=None)


def states() -> list[str]:
    return list(PictureDelivery.objects.values_list("state", flat=True))
