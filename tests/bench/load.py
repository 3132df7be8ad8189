"""Answers by the second of CPU time that a server took, with wrk as its clients.

So that other people's work on the same cores does not count.
"""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

CLIENTS, SECONDS = 16, 6


def rate(server: int, url: str, header: str = "Accept: */*") -> float:
    """Answers by CPU second of the process `server`; none may fail."""
    command = ["wrk", "-t1", f"-c{CLIENTS}", "-H", header]
    subprocess.run([*command, "-d2s", url], capture_output=True, check=True)
    begun = _cpu_seconds(server)
    done = subprocess.run([*command, f"-d{SECONDS}s", url], capture_output=True, text=True)
    used = _cpu_seconds(server) - begun
    assert "Non-2xx" not in done.stdout, done.stdout
    return int(re.findall(r"(\d+) requests in", done.stdout)[0]) / used


def _cpu_seconds(process: int) -> float:
    """What it used so far, in its own code and the system's (Linux)."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
