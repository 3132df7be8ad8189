"""`make bench`: print every benchmark, or those named as arguments."""

from __future__ import annotations

import sys
from collections.abc import Callable

from tests.bench import (
    gallery,
    grants,
    overview,
    sketch,
    sockets,
    statement,
    thumbnails,
    turnaround,
    zipping,
)

BENCHMARKS: dict[str, Callable[[], str]] = {
    "turnaround": turnaround.run,
    "sketch": sketch.run,
    "sockets": sockets.run,
    "grants": grants.run,
    "overview": overview.run,
    "statement": statement.run,
    "gallery": gallery.run,
    "thumbnails": thumbnails.run,
    "zip": zipping.run,
}


def main(names: list[str]) -> None:
    for name in names or BENCHMARKS:
        print(BENCHMARKS[name](), flush=True)


main(sys.argv[1:])
