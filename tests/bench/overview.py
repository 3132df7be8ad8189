"""The staff's overview after a million ledger entries and as many jobs, on SQLite as installed."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.faults.stage import ROOT, Stage

ROWS = 1_000_000
ROUNDS = 5

#: Rows as the application would have written them, spread over sixty days up to now.
MOMENT = "strftime('%Y-%m-%d %H:%M:%f000', 'now', '-' || (n * 5184000 / {rows} + 1) || ' seconds')"
NUMBERS = "WITH RECURSIVE t(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM t WHERE n < {rows} - 1)"
ENTRIES = f"""
INSERT INTO accounts_creditentry
    (wallet_id, kind, amount, balance, reference, reason, item, project, created_at)
{NUMBERS} SELECT {{wallet}}, iif(n % 10, 'charge', 'refund'), iif(n % 10, -2, 2), 100,
    'generation:' || n, 'a fox in a paper suit, soft light', 'sketch', '', {MOMENT} FROM t"""  # noqa: S608  our own numbers
JOBS = f"""
INSERT INTO generator_generation ({{columns}})
{NUMBERS} SELECT {{values}} FROM t"""  # noqa: S608  and the model's own columns


def run(rows: int = ROWS) -> str:
    """The figures, as Markdown."""
    with tempfile.TemporaryDirectory(prefix="limner-bench-") as name:
        stage = Stage(Path(name), WORKERS="1")
        stage.manage("migrate", "-v0")
        stage.manage("collectstatic", "--noinput", "-v0")
        command = [sys.executable, "-m", "tests.bench.overview", str(rows)]
        done = subprocess.run(command, cwd=ROOT, env=stage.env, capture_output=True, text=True)
        if done.returncode:
            raise AssertionError(done.stderr)
    told = json.loads(done.stdout)
    title = f"### The overview after {rows:,} ledger entries and as many jobs"
    wall, cpu = (statistics.median(column) for column in zip(*told["seconds"], strict=True))
    page = f"| the page, median of {ROUNDS} | {wall:.2f} | {cpu:.2f} |"
    queries = f"{told['queries']} queries."
    head = ["| | seconds | of these CPU |", "|---|---|---|"]
    return "\n".join([title, "", *head, page, "", queries, ""])


def measure(rows: int) -> dict[str, object]:
    """Inside the installation: fill it, then ask for the page."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from accounts.models import StaffRole, User

    staff = User.objects.create_user("staff@example.org", staff_role=StaffRole.ADMIN)
    _fill(rows, staff)
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(staff)
    # A server that runs has its pages in memory.
    client.get("/admin/overview/")
    seconds = []
    for _ in range(ROUNDS):
        begun, busy = time.perf_counter(), time.process_time()
        assert client.get("/admin/overview/").status_code == 200
        seconds.append((time.perf_counter() - begun, time.process_time() - busy))
    with CaptureQueriesContext(connection) as asked:
        client.get("/admin/overview/")
    return {"seconds": seconds, "queries": len(asked)}


def _fill(rows: int, owner: object) -> None:
    from django.db import connection

    from generator.models import EngineModel, Generation

    model = EngineModel.objects.get(slug="sketch")
    job = Generation(owner=owner, payer=owner.wallet, model=model, engine="sketch", batch_key="x")
    moment = MOMENT.format(rows=rows)
    own = {
        "id": "lower(hex(randomblob(16)))",
        "status": "iif(n % 12, 'succeeded', 'failed')",
        "delivered": "iif(n % 12, 1, 0)",
        "provider_cost": "40000",
        "spec": "'{}'",
        "wire": "'{}'",
        **dict.fromkeys(("created_at", "queued_at", "started_at", "finished_at"), moment),
    }
    columns = {}
    for field in Generation._meta.concrete_fields:
        value = field.get_db_prep_save(getattr(job, field.attname), connection)
        columns[field.column] = own.get(field.column) or _literal(value)
    names, values = ", ".join(columns), ", ".join(columns.values())
    with connection.cursor() as cursor:
        # By the cursor below Django's, which would take the % of the formats for its own.
        cursor.cursor.connection.execute(ENTRIES.format(rows=rows, wallet=owner.wallet.pk))
        cursor.cursor.connection.execute(JOBS.format(rows=rows, columns=names, values=values))
        cursor.cursor.connection.commit()


def _literal(value: object) -> str:
    if value is None:
        return "NULL"
    return str(int(value)) if isinstance(value, int) else f"'{value}'"


if __name__ == "__main__":
    import django

    django.setup()
    print(json.dumps(measure(int(sys.argv[1]))))
