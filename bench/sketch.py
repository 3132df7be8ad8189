"""Median time and peak memory of the sketch engine, per size and style, on one core.

    python -m bench.sketch [--sizes 512 1024] [--styles none anime] [--repeat 3]

CPU seconds (`time.process_time`), previews and steps included.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import time

from generator.contract import ImageRequest
from generator.engines import Preview
from generator.engines.sketch import SketchEngine
from generator.engines.sketch.styles import STYLES

PROMPTS = (
    "a red fox in a pine forest, mountains, morning",
    "a lighthouse on an island, sunset, birds",
    "city skyline at night",
)


def measure(prompt: str, style: str, size: int) -> tuple[float, float]:
    """CPU seconds until the first preview, and until the picture."""
    request = ImageRequest(prompt=prompt, style=style, width=size, height=size, seed=1)
    start = time.process_time()
    first = 0.0
    for event in SketchEngine().generate([request]):
        if isinstance(event, Preview) and not first:
            first = time.process_time() - start
    return first, time.process_time() - start


def main() -> None:
    """Print one line per size and style."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[512, 1024])
    parser.add_argument("--styles", nargs="+", default=list(STYLES))
    parser.add_argument("--repeat", type=int, default=1)
    options = parser.parse_args()
    measure(PROMPTS[0], "none", 256)
    print(f"{'style':20} {'size':>5} {'first preview':>14} {'picture':>8} {'worst':>8}")
    for size in options.sizes:
        for style in options.styles:
            runs = [measure(p, style, size) for p in PROMPTS for _ in range(options.repeat)]
            first = statistics.median(r[0] for r in runs)
            whole = [r[1] for r in runs]
            middle = statistics.median(whole)
            print(f"{style:20} {size:5} {first:13.3f}s {middle:7.2f}s {max(whole):7.2f}s")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory {peak:.0f} MB")


if __name__ == "__main__":
    main()
