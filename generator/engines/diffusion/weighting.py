"""Reading emphasis in prompts: "(word)", "((word))", "[word]", "(word:1.3)".

The notation is A1111's (https://github.com/AUTOMATIC1111/stable-diffusion-webui/
wiki/Features#attentionemphasis): round brackets multiply attention by 1.1, square
ones divide by 1.1, a number says it outright, a backslash makes a bracket a letter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

STEP = 1.1
LEAST, MOST = 0.0, 3.0
_TOKEN = re.compile(r"\\([()\[\]\\])|:\s*([+-]?\d*\.?\d+)\s*\)|([()\[\]])|([^\\()\[\]:]+|[\\:])")
_CLOSES = {")": "(", "]": "["}


class _Reader:
    """Segments of [text, weight], and the brackets that are open: (which, first segment)."""

    def __init__(self) -> None:
        self.segments: list[tuple[str, float]] = []
        self.open: list[tuple[str, int]] = []

    def text(self, text: str) -> None:
        self.segments.append((text, 1.0))

    def bracket(self, bracket: str) -> None:
        if bracket in "([":
            self.open.append((bracket, len(self.segments)))
        elif self.open and self.open[-1][0] == _CLOSES[bracket]:
            self.close(STEP if bracket == ")" else 1 / STEP)
        else:
            self.text(bracket)

    def close(self, factor: float) -> None:
        _bracket, first = self.open.pop()
        self.segments[first:] = [(text, weight * factor) for text, weight in self.segments[first:]]

    def number(self, written: str, number: str) -> None:
        if self.open and self.open[-1][0] == "(":
            self.close(float(number))
        else:
            self.text(written)

    def finish(self) -> None:
        """Brackets that nobody closed weigh as if they were closed at the end."""
        while self.open:
            self.close(STEP if self.open[-1][0] == "(" else 1 / STEP)


def read(prompt: str) -> list[tuple[str, float]]:
    """The prompt in pieces with their weights, 0..3; neighbours of one weight are joined."""
    reader = _Reader()
    for match in _TOKEN.finditer(prompt):
        escaped, number, bracket, text = match.groups()
        if escaped or text:
            reader.text(escaped or text)
        elif number:
            reader.number(match[0], number)
        else:
            reader.bracket(bracket)
    reader.finish()
    return list(_joined(reader.segments)) or [("", 1.0)]


def _joined(segments: list[tuple[str, float]]) -> Iterator[tuple[str, float]]:
    held, weight = "", 1.0
    for text, raw in segments:
        own = min(MOST, max(LEAST, round(raw, 4)))
        if own != weight and held:
            yield held, weight
            held = ""
        held, weight = held + text, own
    if held:
        yield held, weight
