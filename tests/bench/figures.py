"""Medians and percentiles, printed as a Markdown table."""

from __future__ import annotations

import statistics
from collections.abc import Sequence


def p99(values: Sequence[float]) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * 0.99))]


def table(title: str, rows: dict[str, Sequence[float]], *, baseline: str) -> str:
    """Milliseconds by name; the last column is the median as a multiple of the baseline's."""
    base = statistics.median(rows[baseline])
    lines = [f"### {title}", "", "| | median ms | p99 ms | of baseline |", "|---|---|---|---|"]
    for name, values in rows.items():
        median = statistics.median(values)
        lines.append(f"| {name} | {median:.1f} | {p99(values):.1f} | {median / base:.2f} |")
    return "\n".join([*lines, ""])
