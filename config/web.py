"""The web process: `python -m config.web FD` serves on a socket that listens already.

The supervisor owns the socket, so visitors of a restarting server wait and are not refused.
"""

from __future__ import annotations

import socket
import sys

import uvicorn
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

#: Seconds that open streams and waiting requests get to end when the server stops.
GRACE = 3


class Sockets(WebSocketsSansIOProtocol):
    """uvicorn's WebSockets, except that who reads nothing is not answered ping after ping.

    Those answers would fill our memory. Of the pings that come while the client takes nothing
    only the latest are answered, once it does: RFC 6455, 5.5.3, allows for that.
    """

    owed = b""

    def handle_ping(self) -> None:
        """Answer now, or when there is room for it."""
        if self.writable.is_set():
            super().handle_ping()
        else:
            self.owed = b"".join(self.conn.data_to_send()) or self.owed

    def resume_writing(self) -> None:
        """There is room again."""
        super().resume_writing()
        owed, self.owed = self.owed, b""
        if owed:
            self.transport.write(owed)


def main() -> None:
    """Serve until SIGTERM."""
    listener = socket.socket(fileno=int(sys.argv[1]))
    config = uvicorn.Config(
        "config.asgi:application",
        timeout_graceful_shutdown=GRACE,
        # X-Forwarded-For is read by Django, which knows how many proxies to believe.
        proxy_headers=False,
        server_header=False,
        access_log=False,
        log_config=None,
        lifespan="on",
        ws=Sockets,
    )
    uvicorn.Server(config).run(sockets=[listener])


if __name__ == "__main__":
    main()
