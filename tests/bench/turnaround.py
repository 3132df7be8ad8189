"""Submit to done, for an engine that costs nothing, beside a bare Celery task.

Both encode and store the same blank picture with its variants, through the same
broker and worker, one at a time.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import Any

import httpx

from tests.bench.figures import table
from tests.faults.stage import Stage
from tests.waiting import until

ROUNDS = 150
SIDE = 512
BASELINE = "bare Celery task that encodes and stores the picture"


def run(rounds: int = ROUNDS) -> str:
    """The figures, as Markdown."""
    with tempfile.TemporaryDirectory(prefix="limner-bench-") as name:
        folder = Path(name)
        stage = Stage(folder, WORKERS="1", STARTING_CREDITS="100000")
        stage.manage("migrate", "-v0")
        stage.play("offer", "blank")
        account = _account(stage)
        with stage.serving():
            headers = {"Authorization": f"Bearer {account['apiKey']}"}
            client = httpx.Client(base_url=stage.url, headers=headers, timeout=60)
            until(lambda: _ready(client))
            return _measure(stage, client, account, folder / "bare.txt", rounds)


def _measure(stage: Stage, client: httpx.Client, account: Any, report: Path, rounds: int) -> str:
    for _ in range(5):
        _waiting(client)
    waiting = [_waiting(client) for _ in range(rounds)]
    submitting = [_submitting(client) for _ in range(rounds)]
    until(lambda: not stage.play("state").keys() & {"queued", "running"})
    stage.play("bare", str(rounds), str(account["id"]), str(SIDE), str(report))
    bare = [float(line) for line in report.read_text().split()]
    server = stage.play("durations", str(rounds))
    rows = {
        BASELINE: bare,
        "Limner, submit to done by the server's clock": server,
        "Limner, as a client sees it that waits (Prefer: wait)": waiting,
        "Limner, the submitting request alone": submitting,
    }
    return table(f"Submit to done, {SIDE} px, {rounds} rounds", rows, baseline=BASELINE)


def _account(stage: Stage) -> Any:
    import json

    done = stage.manage("create_account", "bench@example.org", "--credits", "100000", "--json")
    return json.loads(done.stdout)


def _ready(client: httpx.Client) -> bool:
    try:
        return client.get("/readyz").status_code == 200
    except httpx.TransportError:
        return False


def _post(client: httpx.Client, **headers: str) -> float:
    body = {"prompt": "bench", "model": "blank", "width": SIDE, "height": SIDE, "seed": 1}
    begun = time.perf_counter()
    response = client.post("/v1/tasks/text-to-image", json=body, headers=headers)
    elapsed = (time.perf_counter() - begun) * 1000
    response.raise_for_status()
    return elapsed


def _waiting(client: httpx.Client) -> float:
    return _post(client, Prefer="wait=30")


def _submitting(client: httpx.Client) -> float:
    elapsed = _post(client)
    # Let the worker finish, so that the next one is measured alone.
    time.sleep(0.15)
    return elapsed
