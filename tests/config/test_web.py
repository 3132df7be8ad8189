"""How the web process treats WebSockets whose client does not behave."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from typing import Any

import pytest_asyncio
import uvicorn
from uvicorn.server import ServerState

from config.web import Sockets
from tests.generator.api.connections import PATIENCE

KIBIBYTE = 1024
#: Masked pings as a client sends them: 64 bytes, under a mask of zeros.
PINGS = (b"\x89\xc0" + bytes(4) + b"x" * 64) * 1000
HELLO = (
    b"GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
)


async def accepting(scope: Any, receive: Any, send: Any) -> None:
    """Accepts, and listens until the end."""
    await send({"type": "websocket.accept"})
    while (await receive())["type"] != "websocket.disconnect":
        pass


@pytest_asyncio.fixture
async def served() -> AsyncIterator[tuple[socket.socket, list[Sockets]]]:
    """A client with small buffers, greeted, and the connections on the other side."""
    loop = asyncio.get_running_loop()
    config, made = uvicorn.Config(accepting, ws=Sockets, lifespan="off"), list[Sockets]()
    config.load()

    def protocol() -> Sockets:
        made.append(Sockets(config, ServerState(), {}))
        return made[-1]

    listener = socket.create_server(("127.0.0.1", 0))
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4 * KIBIBYTE)
    server = await loop.create_server(protocol, sock=listener)
    client = socket.socket()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 * KIBIBYTE)
    client.settimeout(0)
    await loop.sock_connect(client, listener.getsockname())
    await loop.sock_sendall(client, HELLO)
    assert b" 101 " in await loop.sock_recv(client, 4 * KIBIBYTE)
    yield client, made
    client.close()
    server.close()


async def test_pings_of_a_client_that_reads_nothing_fill_no_memory(
    served: tuple[socket.socket, list[Sockets]],
) -> None:
    client, [protocol] = served
    loop = asyncio.get_running_loop()
    for _ in range(30):
        await loop.sock_sendall(client, PINGS)
    await loop.sock_sendall(client, b"\x89\x84" + bytes(4) + b"last")
    async with asyncio.timeout(PATIENCE):
        while not protocol.owed.endswith(b"last"):
            await asyncio.sleep(0)
    assert protocol.transport.get_write_buffer_size() < 512 * KIBIBYTE
    async with asyncio.timeout(PATIENCE):
        heard = b""
        while not heard.endswith(b"\x8a\x04last"):
            heard = heard[-100:] + await loop.sock_recv(client, 64 * KIBIBYTE)
