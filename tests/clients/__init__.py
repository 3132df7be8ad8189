"""Unmodified programs whose own requirements cannot live beside ours, each in its own folder."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).parent


def runware() -> Path:
    """Where runware 0.1.2 lies, with the websockets 12 that it wants: for PYTHONPATH."""
    return _installed("runware.txt", "runware-0.1.2")


def runware_later() -> Path:
    """Where runware 0.5.24 lies, which speaks arrays; websockets and httpx are ours."""
    return _installed("runware_later.txt", "runware-0.5.24")


def _installed(requirements: str, name: str) -> Path:
    folder = ROOT / "build" / "clients" / name
    if not folder.exists():
        _install(HERE / requirements, folder)
    return folder


def _install(requirements: Path, folder: Path) -> None:
    uv = Path(sys.executable).parent / "uv"
    fresh = folder.with_name(f"{folder.name}.{os.getpid()}")
    options = ["--quiet", "--no-deps", "--require-hashes", "--target", str(fresh)]
    command = [str(uv), "pip", "install", "--python", sys.executable, *options]
    subprocess.run([*command, "--requirement", str(requirements)], check=True, timeout=300)
    try:
        fresh.rename(folder)
    except OSError:
        # Another process was faster.
        if not folder.exists():
            raise
