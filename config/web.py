"""The web process: `python -m config.web FD` serves on a socket that listens already.

The supervisor owns the socket, so visitors of a restarting server wait and are not refused.
"""

from __future__ import annotations

import socket
import sys

import uvicorn

#: Seconds that open streams and waiting requests get to end when the server stops.
GRACE = 3


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
    )
    uvicorn.Server(config).run(sockets=[listener])


if __name__ == "__main__":
    main()
