"""The statement of a wallet with 100,000 entries beside one with 1,000, on SQLite as installed."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.faults.stage import ROOT, Stage

FEW, MANY = 1_000, 100_000
ROUNDS = 7
#: What is asked for, by its name in the table; `{month}` is three months ago.
ADDRESSES = {
    "first page": "",
    "a page from the middle": "?before={middle}",
    "one model": "?item=model-3",
    "one project": "?project=project-7",
    "grants alone": "?kind=grant",
    "three months ago": "?month={month}",
    "totals by model, all months": "totals/?by=item",
    "all lines as CSV": "export/",
}
NUMBERS = "WITH RECURSIVE t(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM t WHERE n < {rows} - 1)"
#: Two years up to now, the oldest first; each hundredth entry is a grant.
ENTRIES = f"""
INSERT INTO accounts_creditentry (wallet_id, kind, amount, balance, reference, reason, item,
    project, buyer_id, created_at)
{NUMBERS} SELECT {{wallet}}, iif(n % 100, 'charge', 'grant'), iif(n % 100, -2, 198), 100,
    'test:' || n, '1 picture, 1024 x 1024', 'model-' || (n % 9), 'project-' || (n % 40), {{user}},
    strftime('%Y-%m-%d %H:%M:%f000', 'now', '-' || ((1.0 - n * 1.0 / {{rows}}) * 63072000) ||
    ' seconds') FROM t"""  # noqa: S608  our own numbers


def run() -> str:
    """The figures, as Markdown."""
    with tempfile.TemporaryDirectory(prefix="limner-bench-") as name:
        stage = Stage(Path(name), WORKERS="1")
        stage.manage("migrate", "-v0")
        stage.manage("collectstatic", "--noinput", "-v0")
        command = [sys.executable, "-m", "tests.bench.statement"]
        done = subprocess.run(command, cwd=ROOT, env=stage.env, capture_output=True, text=True)
        if done.returncode:
            raise AssertionError(done.stderr)
    few, many = json.loads(done.stdout)
    lines = [f"### A statement of {MANY:,} entries beside one of {FEW:,}", ""]
    lines += [
        "| | queries | median ms | the same of 1,000 entries | ratio |",
        "|---|---|---|---|---|",
    ]
    for label in ADDRESSES:
        (base, _asked), (median, asked) = few[label], many[label]
        lines.append(f"| {label} | {asked} | {median:.1f} | {base:.1f} | {median / base:.2f} |")
    return "\n".join([*lines, ""])


def measure() -> list[dict[str, tuple[float, int]]]:
    """Inside the installation: for each wallet, milliseconds and queries by address."""
    from accounts.models import User

    found = []
    for rows in (FEW, MANY):
        owner = User.objects.create_user(f"person{rows}@example.org", credits=0)
        _fill(rows, owner)
        found.append({label: _ask(owner, query) for label, query in ADDRESSES.items()})
    return found


def _ask(owner: object, query: str) -> tuple[float, int]:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext
    from django.utils import timezone

    now = timezone.now()
    months = 12 * now.year + now.month - 1 - 3
    ids = owner.wallet.entries.values_list("pk", flat=True)
    middle = ids[ids.count() // 2]
    month = f"{months // 12}-{months % 12 + 1:02}"
    address = "/account/credits/" + query.format(middle=middle, month=month)
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(owner)
    with CaptureQueriesContext(connection) as asked:
        _read(client, address)
    queries = len(asked)
    # Long answers take long enough to be measured once.
    rounds = 1 if query == "export/" else ROUNDS
    return statistics.median(_read(client, address) for _ in range(rounds)), queries


def _read(client: object, address: str) -> float:
    begun = time.perf_counter()
    answer = client.get(address)
    assert answer.status_code == 200
    if answer.streaming:
        for _part in answer.streaming_content:
            pass
    return (time.perf_counter() - begun) * 1000


def _fill(rows: int, owner: object) -> None:
    from django.db import connection

    from accounts.models import Wallet

    wallet = Wallet.objects.get(owner=owner)
    with connection.cursor() as cursor:
        # By the cursor below Django's, which would take the % of the formats for its own.
        raw = cursor.cursor.connection
        raw.execute(ENTRIES.format(rows=rows, wallet=wallet.pk, user=owner.pk))
        raw.commit()
    two_years = wallet.entries.order_by("pk").values_list("created_at", flat=True)[0]
    Wallet.objects.filter(pk=wallet.pk).update(created_at=two_years)


if __name__ == "__main__":
    import django

    django.setup()
    print(json.dumps(measure()))
