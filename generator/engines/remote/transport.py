"""httpx on guarded sockets, each exchange with an end in time."""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterable
from contextvars import ContextVar
from functools import cache
from typing import Any

import httpcore
import httpx

from generator.engines.remote import guard
from generator.engines.remote.faults import Blocked

#: When the exchange in hand must be over, by `time.monotonic`. A provider that sends a byte
#: now and then resets every other clock.
deadline: ContextVar[float] = ContextVar("deadline", default=float("inf"))


class GuardedTransport(httpx.HTTPTransport):
    """httpx's own transport on a pool whose every connection passed the guard."""

    def __init__(self) -> None:
        # Instead of httpx's own, which makes a pool and offers no way to pass it a backend.
        self._pool = httpcore.ConnectionPool(
            ssl_context=_certificates(),
            max_connections=4,
            network_backend=_Backend(),
        )


@cache
def _certificates() -> ssl.SSLContext:
    return httpx.create_ssl_context(trust_env=False)


class _Backend(httpcore.NetworkBackend):
    """Connects to addresses that were checked, and looks at whom it reached."""

    def __init__(self) -> None:
        self.plain = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        failure: Exception = httpcore.ConnectError("no address")
        for address in guard.resolve(host, port):
            try:
                stream = self.plain.connect_tcp(
                    address, port, timeout, local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
                continue
            try:
                guard.check_peer(stream.get_extra_info("server_addr"))
            except Blocked:
                stream.close()
                raise
            return _Timed(stream)
        raise failure

    def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        raise Blocked


class _Timed(httpcore.NetworkStream):
    """A stream that no read or write keeps open beyond the deadline."""

    def __init__(self, stream: httpcore.NetworkStream) -> None:
        self.stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self.stream.read(max_bytes, _remaining(timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self.stream.write(buffer, _remaining(timeout, httpcore.WriteTimeout))

    def close(self) -> None:
        self.stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        left = _remaining(timeout, httpcore.ConnectTimeout)
        return _Timed(self.stream.start_tls(ssl_context, server_hostname, left))

    def get_extra_info(self, info: str) -> Any:
        return self.stream.get_extra_info(info)


def _remaining(timeout: float | None, error: type[Exception]) -> float | None:
    left = deadline.get() - time.monotonic()
    if left <= 0:
        raise error("the exchange took too long")
    if left == float("inf"):
        return timeout
    return left if timeout is None else min(timeout, left)
