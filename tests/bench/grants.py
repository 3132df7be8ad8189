"""A bulk grant to a thousand people: looking at it, and writing it, on SQLite as installed."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.faults.stage import ROOT, Stage

PEOPLE = 1000


def run(people: int = PEOPLE) -> str:
    """The figures, as Markdown."""
    with tempfile.TemporaryDirectory(prefix="limner-bench-") as name:
        stage = Stage(Path(name), WORKERS="1")
        stage.manage("migrate", "-v0")
        stage.manage("collectstatic", "--noinput", "-v0")
        command = [sys.executable, "-m", "tests.bench.grants", str(people)]
        done = subprocess.run(command, cwd=ROOT, env=stage.env, capture_output=True, text=True)
        if done.returncode:
            raise AssertionError(done.stderr)
    seconds = json.loads(done.stdout)
    lines = [f"| {what} | {wall:.2f} | {cpu:.2f} |" for what, (wall, cpu) in seconds.items()]
    title = f"### A grant to {people} people by CSV, each with a last day"
    return "\n".join([title, "", "| | seconds | of these CPU |", "|---|---|---|", *lines, ""])


def measure(people: int) -> dict[str, tuple[float, float]]:
    """Inside the installation: what a member of staff waits for, through the pages themselves."""
    from django.test import Client

    from accounts.models import CreditEntry, StaffRole, User

    staff = User.objects.create_user("staff@example.org", staff_role=StaffRole.ADMIN)
    for number in range(people):
        User.objects.create_user(f"person{number}@example.org", credits=0)
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(staff)
    lines = [f"person{n}@example.org,{n + 1},Workshop,2027-12-31" for n in range(people)]
    sent = {"table": "\n".join(lines)}
    # A server that runs has its pages in memory.
    client.get("/admin/bulk-grant/")
    seconds = {}
    for what, more in (("the dry run", {}), ("writing, in one transaction", {"confirm": "yes"})):
        begun, busy = time.perf_counter(), time.process_time()
        answer = client.post("/admin/bulk-grant/", sent | more)
        seconds[what] = (time.perf_counter() - begun, time.process_time() - busy)
        assert answer.status_code in {200, 302}, answer.content
    assert CreditEntry.objects.filter(reference__startswith="bulk:").count() == people
    return seconds


if __name__ == "__main__":
    import django

    django.setup()
    print(json.dumps(measure(int(sys.argv[1]))))
