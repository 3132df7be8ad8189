"""A zip of many pictures beside one of few: does the server's memory grow with it, and how fast."""

from __future__ import annotations

import contextlib
import tempfile
import time
from pathlib import Path
from typing import Any

import httpx

from tests.faults.stage import Stage, command_line, descendants
from tests.waiting import until

FEW, MANY = 1_000, 10_000
EMAIL = "zip@example.org"
#: Prints the cookie of somebody who is signed in.
SIGN_IN = f"""
from django.conf import settings
from django.test import Client
from accounts.models import User
client = Client()
client.force_login(User.objects.get(email="{EMAIL}"),
    "allauth.account.auth_backends.AuthenticationBackend")
name = settings.SESSION_COOKIE_NAME
print(name, client.cookies[name].value)
"""
#: Puts all of somebody's first pictures into one collection.
COLLECT = """
from accounts.models import User
from gallery import arranging, collecting
from gallery.models import Asset
user = User.objects.get(email="{email}")
for name, count in {sizes}:
    made = collecting.begin(user, name)
    rows = Asset.objects.filter(owner=user).newest_first().values_list("pk", flat=True)
    arranging.add(made, user, list(rows[:count]))
    print(made.pk)
"""


def run(few: int = FEW, many: int = MANY) -> str:
    """The figures, as Markdown."""
    with tempfile.TemporaryDirectory(prefix="limner-bench-") as folder:
        stage = Stage(Path(folder), WORKERS="1")
        stage.manage("migrate", "-v0")
        stage.manage("create_account", EMAIL, "--json")
        stage.manage(
            "make_demo_gallery", "--assets", str(many * 5 // 4 + 200), "--users", "1",
            "--owner", EMAIL,
        )  # fmt: skip
        sizes = [("few", few), ("many", many)]
        code = COLLECT.format(email=EMAIL, sizes=sizes)
        pks = stage.manage("shell", "-v0", "-c", code).stdout.split()
        name, cookie = stage.manage("shell", "-v0", "-c", SIGN_IN).stdout.split()
        with stage.serving("--prepare") as server:
            client = httpx.Client(base_url=stage.url, cookies={name: cookie}, timeout=120)
            until(lambda: _ready(client))
            web = next(pid for pid in descendants(server.pid) if b"config.web" in command_line(pid))
            rows = [_take(client, web, pk, size) for pk, (_, size) in zip(pks, sizes, strict=True)]
    lines = [
        "### A collection as a zip, on SQLite as installed",
        "",
        "| pictures | MB | s | MB/s | first byte ms | page alone ms | meanwhile ms | grew by MB |",
        "|---|---|---|---|---|---|---|---|",
    ]
    return "\n".join([*lines, *rows, ""])


def _take(client: httpx.Client, web: int, pk: str, size: int) -> str:
    """One download to the end; what the web process held before and at most."""
    alone = sorted(_page(client) for _ in range(9))[4] * 1000
    before = most = _resident(web)
    started, got, first, pages = time.perf_counter(), 0, 0.0, []
    with client.stream("GET", f"/collections/{pk}/zip/") as response:
        assert response.status_code == 200, response.status_code
        for number, piece in enumerate(response.iter_raw(1 << 20)):
            first = first or time.perf_counter() - started
            got += len(piece)
            most = max(most, _resident(web))
            if number % 16 == 8:
                pages.append(_page(client))
    seconds = time.perf_counter() - started
    meanwhile = sorted(pages)[len(pages) // 2] * 1000 if pages else 0
    megabytes = got / 1e6
    return (
        f"| {size:,} | {megabytes:.0f} | {seconds:.1f} | {megabytes / seconds:.0f} "
        f"| {first * 1000:.0f} | {alone:.0f} | {meanwhile:.0f} | {(most - before) / 1e6:.1f} |"
    )


def _page(client: httpx.Client) -> float:
    started = time.perf_counter()
    client.get("/gallery/tags/")
    return time.perf_counter() - started


def _resident(pid: int) -> int:
    """Bytes of memory that a process holds."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024
    raise AssertionError(f"process {pid} has ended")


def _ready(client: Any) -> bool:
    with contextlib.suppress(httpx.HTTPError):
        return bool(client.get("/readyz").status_code == 200)
    return False
