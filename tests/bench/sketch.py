"""The sketch engine on one core: CPU seconds by size and style, and its peak memory.

CPU seconds are `time.process_time`, steps and previews included; medians over the prompts.
"""

from __future__ import annotations

import resource
import statistics
import time
from collections.abc import Sequence

from generator.contract import ImageRequest
from generator.engines import Preview
from generator.engines.sketch import SketchEngine
from generator.engines.sketch.styles import STYLES

PROMPTS = (
    "a red fox in a pine forest, mountains, morning",
    "a lighthouse on an island, sunset, birds",
    "city skyline at night",
)
SIZES = (512, 1024)


def run(sizes: Sequence[int] = SIZES) -> str:
    """The figures, as Markdown."""
    _measure(PROMPTS[0], "none", 256)  # imports and tables
    lines = ["### Sketch engine, CPU seconds on one core", "", "| style | size | first preview |"]
    lines[-1] += " picture | slowest |"
    lines.append("|---|---|---|---|---|")
    for size in sizes:
        lines += [_row(style, size) for style in STYLES]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return "\n".join([*lines, "", f"Peak memory {peak:.0f} MB.", ""])


def _row(style: str, size: int) -> str:
    runs = [_measure(prompt, style, size) for prompt in PROMPTS]
    first = statistics.median(first for first, _whole in runs)
    whole = [whole for _first, whole in runs]
    figures = f"{first:.2f} | {statistics.median(whole):.2f} | {max(whole):.2f}"
    return f"| {style} | {size} | {figures} |"


def _measure(prompt: str, style: str, size: int) -> tuple[float, float]:
    """CPU seconds until the first preview, and until the picture."""
    request = ImageRequest(prompt=prompt, style=style, width=size, height=size, seed=1)
    begun = time.process_time()
    first = 0.0
    for event in SketchEngine().generate([request]):
        if isinstance(event, Preview) and not first:
            first = time.process_time() - begun
    return first, time.process_time() - begun
