"""The sketch engine on one core: seconds by size and style, its first preview and its memory.

Medians over the prompts, steps and previews included, each beside its aim. CPU seconds
(`time.process_time`) are held against the aims: other people's work on the machine's cores
does not count as ours. Wall seconds are printed next to them.
"""

from __future__ import annotations

import resource
import statistics
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from generator.contract import ImageRequest
from generator.engines import Preview
from generator.engines.sketch import SketchEngine
from generator.engines.sketch.styles import STYLES

PROMPTS = (
    "a red fox in a pine forest, mountains, morning",
    "a lighthouse on an island, sunset, birds",
    "city skyline at night",
)
AIMS = {512: 0.7, 1024: 2.0}  # CPU seconds by side, for the median of the prompts
FIRST_PREVIEW = 0.15  # CPU seconds, for the median of the prompts
MEMORY = 500  # MB


@dataclass(frozen=True)
class Run:
    """One picture: seconds until its first preview (CPU), and until it was done (CPU, wall)."""

    first: float
    cpu: float
    wall: float


def run(aims: dict[int, float] | None = None) -> str:
    """The figures, as Markdown, and which aims they miss."""
    _measure(PROMPTS[0], "none", 256)  # imports and tables
    lines = ["### Sketch engine, seconds on one core", ""]
    lines += ["| style | size | first preview | CPU | slowest | wall | aim |"]
    lines += ["|---|---|---|---|---|---|---|"]
    missed: list[str] = []
    for size, aim in (aims or AIMS).items():
        for style in STYLES:
            runs = [_measure(prompt, style, size) for prompt in PROMPTS]
            misses = list(_misses(runs, aim))
            lines.append(_row(style, size, runs, misses))
            missed += [f"{style} at {size}: {miss}" for miss in misses]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    if peak > MEMORY:
        missed.append(f"memory {peak:.0f} MB > {MEMORY} MB")
    verdict = f"MISSED: {'; '.join(missed)}." if missed else "Every aim is met."
    return "\n".join([*lines, "", f"Peak memory {peak:.0f} MB, aim {MEMORY} MB. {verdict}", ""])


def _misses(runs: Sequence[Run], aim: float) -> Iterable[str]:
    cpu = statistics.median(run.cpu for run in runs)
    first = statistics.median(run.first for run in runs)
    if cpu > aim:
        yield f"{cpu:.2f} s > {aim} s"
    if first > FIRST_PREVIEW:
        yield f"first preview {first:.2f} s > {FIRST_PREVIEW} s"


def _row(style: str, size: int, runs: Sequence[Run], misses: Sequence[str]) -> str:
    first = statistics.median(run.first for run in runs)
    cpu = statistics.median(run.cpu for run in runs)
    wall = statistics.median(run.wall for run in runs)
    slowest = max(run.cpu for run in runs)
    verdict = "MISSED" if misses else "met"
    figures = f"{first:.2f} | {cpu:.2f} | {slowest:.2f} | {wall:.2f} | {verdict}"
    return f"| {style} | {size} | {figures} |"


def _measure(prompt: str, style: str, size: int) -> Run:
    request = ImageRequest(prompt=prompt, style=style, width=size, height=size, seed=1)
    begun, clock = time.process_time(), time.perf_counter()
    first = 0.0
    for event in SketchEngine().generate([request]):
        if isinstance(event, Preview) and not first:
            first = time.process_time() - begun
    return Run(first, time.process_time() - begun, time.perf_counter() - clock)
