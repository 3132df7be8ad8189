"""The programs that make a Limner: web, worker and scheduler, as the supervisor starts them."""

from __future__ import annotations

import errno
import socket
import sys
from collections.abc import Sequence
from importlib.util import find_spec

from django.conf import settings

from config.celery import UPKEEP
from config.supervisor import Child

#: What `serve` runs unless it is told otherwise.
NAMES = ("web", "worker", "scheduler")
#: Engines that run in one process of their own, for each process would load gigabytes of weights;
#: and the package without which they only say that they are not installed, which costs nothing.
ALONE = {"diffusion": "torch"}
# Celery warns of root because of pickle; we accept JSON alone, and containers run as root.
_ROOT_WARNING = "ignore:You're running the worker with superuser privileges"


class PortTaken(SystemExit):
    """Stops the start with one clear line."""

    def __init__(self, host: str, port: int, error: OSError) -> None:
        advice = f"choose another, for example PORT={port + 1 if port < 65535 else 8001}"
        if error.errno not in {errno.EADDRINUSE, errno.EACCES}:
            advice = "write an address of this machine, for example HOST=127.0.0.1"
        super().__init__(
            f"limner: cannot listen on {host} port {port} ({error.strerror}); {advice}"
        )


def listen(host: str, port: int) -> socket.socket:
    """A socket that accepts connections on `host`:`port`; raises `PortTaken`."""
    try:
        family, kind, number, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind, number)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(2048)
    except OSError as error:
        raise PortTaken(host, port, error) from None
    return listener


def children(names: Sequence[str], listener: socket.socket | None) -> list[Child]:
    """The programs called `names`, in the order in which they start and stop."""
    chosen = [web(listener)] if listener else []
    chosen += workers() if "worker" in names else []
    chosen += [scheduler()] if "scheduler" in names else []
    return chosen


def web(listener: socket.socket) -> Child:
    """Pages, APIs and WebSockets, on a socket that listens already."""
    number = listener.fileno()
    return Child("web", [sys.executable, "-m", "config.web", str(number)], keep=[number])


def workers() -> list[Child]:
    """The Celery workers for this machine's engines and the upkeep."""
    # Threads share the weights: while one stores its pictures, the next one paints.
    threads = {name: 2 for name, package in ALONE.items() if installed(package)}
    if settings.REMOTE_WORKERS:
        # Who waits for a provider needs no core, and must not keep one from painting.
        threads["remote"] = settings.REMOTE_WORKERS
    alone = [name for name in settings.WORKER_ENGINES if name in threads]
    light = [name for name in settings.WORKER_ENGINES if name not in threads]
    return [
        *(_painter(number, [*light, UPKEEP]) for number in range(1, settings.WORKERS + 1)),
        *(_worker(name, f"limner-{name}", [name], _threads(threads[name])) for name in alone),
    ]


def _painter(number: int, queues: list[str]) -> Child:
    """One picture at a time in a process of its own, rather than in a pool of processes.

    A pool hands out work under a lock that all its processes share. One that is killed while it
    holds the lock, by the kernel for want of memory for example, leaves the others waiting for
    ever; a process of our own is started again.
    """
    suffix = f"-{number}" if number > 1 else ""
    return _worker(f"worker{suffix}", f"limner{suffix}", queues, _threads(1))


def _threads(number: int) -> list[str]:
    return ["--pool", "threads", "--concurrency", str(number)]


def installed(package: str) -> bool:
    """Whether `package` could be imported, without the seconds that importing it takes."""
    return find_spec(package) is not None


def _worker(name: str, host: str, queues: list[str], pool: list[str]) -> Child:
    return Child(
        name,
        [
            *(sys.executable, "-W", _ROOT_WARNING, "-m", "celery", "-A", "config", "-q", "worker"),
            *("--queues", ",".join(queues), *pool),
            # One name per machine, so that a restarted worker takes over its control queue.
            *("--hostname", f"{host}@%h", "--loglevel", "WARNING"),
            *("--without-gossip", "--without-mingle", "--without-heartbeat"),
        ],
    )


def scheduler() -> Child:
    """Celery beat: sweeps and daily upkeep. A second one elsewhere does no harm."""
    schedule = str(settings.DATA_DIR / "schedule")
    return Child(
        "scheduler",
        [
            *(sys.executable, "-m", "celery", "-A", "config", "-q", "beat"),
            *("--schedule", schedule, "--pidfile", "", "--loglevel", "WARNING"),
        ],
    )
