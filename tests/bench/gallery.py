"""The gallery at a million pictures beside ten thousand, and what one server answers a second.

Galleries are made by `make_demo_gallery` once, below BENCH_DIR (a folder of the system's for
temporary files), and used again; a million takes many minutes. BENCH_ASSETS makes the large one
smaller.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.bench import load, thumbnails
from tests.faults.stage import ROOT, Stage

FOLDER = Path(os.environ.get("BENCH_DIR") or Path(tempfile.gettempdir()) / "limner-bench-gallery")
SMALL, SERVED = 10_000, 100_000
LARGE = int(os.environ.get("BENCH_ASSETS") or 1_000_000)
OWNER = "bench@example.org"
ROUNDS, PASSES, LIMIT = 15, 3, 1.5
#: What is asked for, by its name in the table.
ADDRESSES = {
    "first page": "scope=mine",
    "at half depth": "scope=mine&cursor={half}",
    "team page": "scope=team&team={team}",
    "all teams": "scope=team",
    "public": "scope=public",
    "tag": "scope=mine&q=%23sea",
    "common word": "scope=mine&q=watercolour",
    "rare word": "scope=mine&q=zeppelin",
    "no hits": "scope=mine&q=unheardof",
    "most liked": "scope=mine&sort=likes",
}
#: What is aimed at, by name: a share of the bare view's rate, or a rate; 0 is no aim.
SERVED_AIMS = {
    "API, page of 50": (0.11, 0),
    "API, page of 50 at half depth": (0.11, 0),
    "gallery page of 48 cards": (0.0, 60),
    "private thumbnail, from Python": (0.16, 0),
    "private thumbnail, X-Accel-Redirect": (0.0, 0),
}
BARE = """
from a2wsgi import WSGIMiddleware
from django.conf import settings
settings.configure(ALLOWED_HOSTS=["*"], ROOT_URLCONF=__name__, SECRET_KEY="x", MIDDLEWARE=[])
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse
from django.urls import path
urlpatterns = [path("", lambda request: HttpResponse(b"ok"))]
application = WSGIMiddleware(get_wsgi_application(), workers=8)
"""


def run() -> str:
    """The figures, as Markdown."""
    parts = [scale_table(*_turn_by_turn())]
    made, secrets = _gallery(SERVED)
    parts.append(f"`make_demo_gallery` made {SERVED:,} pictures: {made}.\n")
    parts.append(served_table(secrets) if shutil.which("wrk") else "wrk is not here.\n")
    return "\n".join([*parts, thumbnails.run()])


def scale_table(few: dict[str, Any], many: dict[str, Any]) -> str:
    lines = [f"### Pages of 50 by the API, {LARGE:,} pictures beside {SMALL:,}", ""]
    lines += ["| | queries | CPU ms | of 10,000 | ratio | aim |", "|---|---|---|---|---|---|"]
    for label in ADDRESSES:
        (base, _rows), (median, queries) = few[label], many[label]
        told = "met" if median <= LIMIT * base else "MISSED"
        lines.append(
            f"| {label} | {queries} | {median:.1f} | {base:.1f} | {median / base:.2f} | {told} |"
        )
    return "\n".join([*lines, ""])


def _gallery(assets: int) -> tuple[str, dict[str, Any]]:
    """Make it unless it is there; how long that took, and its owner's secrets."""
    stage = _stage(assets)
    folder = Path(stage.env["DATA_DIR"])
    note = folder / "made.json"
    if not note.exists():
        shutil.rmtree(folder, ignore_errors=True)
        stage.manage("migrate", "-v0")
        secrets = json.loads(stage.manage("create_account", OWNER, "--json").stdout)
        command = [sys.executable, "manage.py", "make_demo_gallery", "--assets", str(assets)]
        command += ["--users", "1000", "--teams", "50", "--owner", OWNER]
        done = subprocess.run(command, cwd=ROOT, env=stage.env, capture_output=True, text=True)
        if done.returncode:
            raise AssertionError(done.stderr)
        seconds = re.findall(r"in ([\d.]+) s", done.stdout)[-1]
        note.write_text(json.dumps({"made": f"{seconds} s", "secrets": secrets}))
    stage.manage("migrate", "-v0")
    told = json.loads(note.read_text())
    return told["made"], told["secrets"]


def _stage(assets: int, **env: str) -> Stage:
    folder = FOLDER / str(assets)
    folder.mkdir(parents=True, exist_ok=True)
    return Stage(folder, WORKERS="1", API_BURST="1000000", API_REQUESTS_PER_SECOND="100000", **env)


def _turn_by_turn() -> tuple[dict[str, Any], dict[str, Any]]:
    """The small gallery and the large one, in turns; of each the pass with the least time.

    What else the machine does, and how fast it runs just then, adds to a pass and takes nothing.
    """
    passes = [(_measure(SMALL), _measure(LARGE)) for _pass in range(PASSES)]
    few, many = (
        {label: min(one[label] for one in told) for label in ADDRESSES}
        for told in zip(*passes, strict=True)
    )
    return few, many


def _measure(assets: int) -> dict[str, Any]:
    _made, secrets = _gallery(assets)
    command = [sys.executable, "-m", "tests.bench.gallery", secrets["apiKey"], str(assets // 2)]
    env = _stage(assets).env
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True)
    if done.returncode:
        raise AssertionError(done.stderr)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def measure(key: str, depth: int) -> dict[str, tuple[float, int]]:
    """Inside the installation: CPU milliseconds and queries by address."""
    from django.test import Client

    client = Client(headers={"host": "127.0.0.1", "authorization": f"Bearer {key}"})
    known = places(depth)
    return {label: _ask(client, query.format(**known)) for label, query in ADDRESSES.items()}


def places(depth: int) -> dict[str, str]:
    """The cursor at a depth (of what is there), a team, and a private picture with its copy."""
    from accounts.models import Team, User
    from gallery.listing import cursor_after
    from gallery.models import Asset

    owner = User.objects.get(email=OWNER)
    mine = Asset.objects.shown_to(owner, "mine").newest_first()
    deep = mine[min(depth, mine.count() - 100)]
    private = mine.filter(visibility="private")[0]
    width = private.variants.all()[0].width
    team = Team.objects.of(owner).order_by("pk")[0]
    file = f"/files/{private.pk}/{width}.webp"
    return {"half": cursor_after(deep), "team": str(team.pk), "file": file}


def _ask(client: Any, query: str) -> tuple[float, int]:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as asked:
        _read(client, query)
    queries = len(asked)
    return statistics.median(_read(client, query) for _ in range(ROUNDS)), queries


def _read(client: Any, query: str) -> float:
    begun = time.process_time()
    answer = client.get(f"/v1/assets?limit=50&{query}")
    assert answer.status_code == 200, answer.content
    return (time.process_time() - begun) * 1000


def served_table(secrets: dict[str, Any]) -> str:
    """Answers of one server process with 16 clients, as shares of a bare view's.

    Counted by the second of CPU time that the server took, so that other people's work on the
    same cores does not count.
    """
    found = _served(secrets)
    bare = found.pop("bare Django view")
    lines = [
        f"### Answers by CPU second, one process, {load.CLIENTS} clients, {SERVED:,} pictures",
        "",
    ]
    lines += ["| | by CPU second | of a bare view | aim |", "|---|---|---|---|"]
    lines.append(f"| bare Django view | {bare:.0f} | 1.00 | |")
    for label, rate in found.items():
        share, least = SERVED_AIMS[label]
        met = "met" if rate >= max(share * bare, least) else "MISSED"
        aim = f"{share} of it" if share else f"{least}"
        told = f"{aim}: {met}" if share or least else ""
        lines.append(f"| {label} | {rate:.0f} | {rate / bare:.2f} | {told} |")
    return "\n".join([*lines, ""])


def _served(secrets: dict[str, Any]) -> dict[str, float]:
    stage, key = _stage(SERVED), f"Authorization: Bearer {secrets['apiKey']}"
    stage.manage("collectstatic", "--noinput", "-v0")
    command = [sys.executable, "-m", "tests.bench.gallery", "places", str(SERVED // 2)]
    told = subprocess.run(command, cwd=ROOT, env=stage.env, capture_output=True, text=True)
    known = json.loads(told.stdout)
    page, cookie = "/v1/assets?limit=50", f"Cookie: {known['cookie']}"
    found: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "bare.py").write_text(BARE)
        with _uvicorn("bare:application", stage, folder) as server:
            found["bare Django view"] = load.rate(server, stage.url, key)
    with _uvicorn("config.asgi:application", stage, str(ROOT)) as server:
        for label, path, header in (
            ("API, page of 50", page, key),
            ("API, page of 50 at half depth", f"{page}&cursor={known['half']}", key),
            ("gallery page of 48 cards", "/gallery/?scope=mine&n=48", cookie),
            ("private thumbnail, from Python", known["file"], key),
        ):
            found[label] = load.rate(server, stage.url + path, header)
    accel = _stage(SERVED, FILES_VIA="accel")
    with _uvicorn("config.asgi:application", accel, str(ROOT)) as server:
        label = "private thumbnail, X-Accel-Redirect"
        found[label] = load.rate(server, accel.url + known["file"], key)
    return found


@contextlib.contextmanager
def _uvicorn(application: str, stage: Stage, folder: str) -> Iterator[int]:
    """One process; its id."""
    command = [sys.executable, "-m", "uvicorn", application, "--port", str(stage.port)]
    process = subprocess.Popen([*command, "--log-level", "error"], cwd=folder, env=stage.env)
    try:
        for _attempt in range(200):
            if _answers(stage.url):
                break
            time.sleep(0.1)
        yield process.pid
    finally:
        process.terminate()
        process.wait()


def _answers(url: str) -> bool:
    import httpx

    try:
        return httpx.get(url, timeout=5).status_code < 500
    except httpx.TransportError:
        return False


def session(depth: int) -> dict[str, str]:
    """The same places, and a cookie of the owner who has signed in."""
    from django.conf import settings
    from django.test import Client

    from accounts.models import User

    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(User.objects.get(email=OWNER))
    name = settings.SESSION_COOKIE_NAME
    return {**places(depth), "cookie": f"{name}={client.cookies[name].value}"}


if __name__ == "__main__":
    import django

    django.setup()
    asked = session if sys.argv[1] == "places" else None
    depth = int(sys.argv[2])
    print(json.dumps(asked(depth) if asked else measure(sys.argv[1], depth)))
