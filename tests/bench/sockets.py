"""200 clients on PicFinder's socket of one web process: memory, greetings, pings, pictures."""

from __future__ import annotations

import asyncio
import json
import statistics
import tempfile
import time
import uuid
from collections.abc import Awaitable, Callable, Iterable
from pathlib import Path
from typing import Any

import httpx
from websockets.asyncio.client import ClientConnection, connect

from tests.bench.figures import p99
from tests.faults.stage import Stage, command_line, descendants
from tests.waiting import until

CLIENTS = 200
PINGS = 20


def run(clients: int = CLIENTS) -> str:
    """The figures, as Markdown."""
    with tempfile.TemporaryDirectory(prefix="limner-bench-") as name:
        stage = Stage(Path(name), WORKERS="1", MAX_RUNNING_PER_USER="50")
        stage.manage("migrate", "-v0")
        stage.play("offer", "blank")
        made = stage.manage("create_account", "bench@example.org", "--credits", "9999", "--json")
        key = json.loads(made.stdout)["apiKey"]
        with stage.serving() as server:
            until(lambda: _ready(stage))
            [web] = [pid for pid in descendants(server.pid) if b"config.web" in command_line(pid)]
            return asyncio.run(_measure(stage, key, web, clients))


async def _measure(stage: Stage, key: str, web: int, count: int) -> str:
    url = stage.url.replace("http", "ws") + "/v1"
    alone = await connect(url, open_timeout=60)
    await _greet(alone, key)
    rows = {"ping, one client alone": [await _ping(alone) for _ in range(PINGS)]}
    idle = _megabytes(web)
    sockets = [await connect(url, open_timeout=60, ping_interval=None) for _ in range(count)]
    rows[f"greeting, {count} at once"] = await _all(sockets, lambda each: _greet(each, key))
    connected = _megabytes(web)
    pings = [await _all(sockets, _ping) for _ in range(PINGS)]
    rows[f"ping, {count} at once"] = [each for round_ in pings for each in round_]
    painting = asyncio.create_task(_all(sockets, _picture))
    rows["ping of another client meanwhile"] = await _pings_until(painting, alone)
    rows[f"picture of 512 px, {count} asked for at once"] = await painting
    peak = _megabytes(web, "VmHWM")
    for socket in (alone, *sockets):
        await socket.close()
    memory = f"Web process: {idle:.0f} MB with one client, {connected:.0f} MB with {count} more"
    each = (connected - idle) * 1024 / count
    told = f"{memory} ({each:.0f} KB each), {peak:.0f} MB at most. Threads: {_threads(web)}."
    return _table(f"{count} clients on PicFinder's socket", rows) + f"\n{told}\n"


async def _all(
    sockets: Iterable[ClientConnection], deed: Callable[[ClientConnection], Awaitable[float]]
) -> list[float]:
    return list(await asyncio.gather(*map(deed, sockets)))


async def _greet(socket: ClientConnection, key: str) -> float:
    return await _exchange(socket, {"newConnection": {"apiKey": key}}, "newConnectionSessionUUID")


async def _ping(socket: ClientConnection) -> float:
    return await _exchange(socket, {"ping": True}, "pong")


async def _picture(socket: ClientConnection) -> float:
    task = {"taskUUID": str(uuid.uuid4()), "promptText": "bench", "numberResults": 1}
    more = {"modelId": "blank", "sizeId": 1, "useCache": False}
    return await _exchange(socket, {"newTask": {**task, **more}}, "newImages")


async def _pings_until(done: asyncio.Task[Any], socket: ClientConnection) -> list[float]:
    found = []
    while not done.done():
        found.append(await _ping(socket))
        await asyncio.sleep(0.1)
    return found


async def _exchange(socket: ClientConnection, message: Any, answer: str) -> float:
    """Milliseconds until the answer."""
    begun = time.perf_counter()
    await socket.send(json.dumps(message))
    said = json.loads(await socket.recv())
    if answer not in said:
        raise AssertionError(said)
    return (time.perf_counter() - begun) * 1000


def _megabytes(pid: int, what: str = "VmRSS") -> float:
    return int(_status(pid)[what].split()[0]) / 1024


def _threads(pid: int) -> str:
    return _status(pid)["Threads"]


def _status(pid: int) -> dict[str, str]:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}


def _table(title: str, rows: dict[str, list[float]]) -> str:
    lines = [f"### {title}", "", "| | median ms | p99 ms |", "|---|---|---|"]
    for name, values in rows.items():
        lines.append(f"| {name} | {statistics.median(values):.1f} | {p99(values):.1f} |")
    return "\n".join([*lines, ""])


def _ready(stage: Stage) -> bool:
    try:
        return httpx.get(f"{stage.url}/readyz").status_code == 200
    except httpx.TransportError:
        return False
