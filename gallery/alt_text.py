"""What stands for a picture where it cannot be seen: its name, or the prompt made fit to be read.

PicFinder's document promises an alternative text in which sensitive words are left out; the
pages here want the same. Weights, brackets and adapters are no words, and a text that is read
aloud is short.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from gallery.models import Asset

#: Characters; a screen reader is stopped by nothing else.
LONGEST = 160
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_ADAPTERS = re.compile(r"<[^<>]*>")
_WEIGHTS = re.compile(r":\s*-?\d+(\.\d+)?(?=\s*[)\]])")
_BRACKETS = re.compile(r"[()\[\]{}|\\]+")
_BLANKS = re.compile(r"\s+")
#: A comma or stop with nothing, or only others of its kind, before it.
_LOOSE = re.compile(r"\s*([,.;:!?])(?:[\s,.;:!?]*[,;:])?")


def of_asset(asset: Asset) -> str:
    """Its name if somebody gave it one, else what was asked for; empty when nothing is left."""
    return asset.name or of_prompt(asset.prompt)


def of_prompt(prompt: str) -> str:
    """`prompt` as a short text without sensitive words; empty when nothing is left."""
    text = _BRACKETS.sub(" ", _WEIGHTS.sub("", _ADAPTERS.sub(" ", prompt)))
    text = _LOOSE.sub(r"\1", _WORD.sub(_allowed, text))
    return _short(_BLANKS.sub(" ", text).strip(" ,.;:-!?"))


def _allowed(match: re.Match[str]) -> str:
    word = match[0].casefold().partition("'")[0].partition("’")[0]
    return "" if {word, word.removesuffix("s"), word.removesuffix("es")} & _words() else match[0]


def _short(text: str) -> str:
    if len(text) <= LONGEST:
        return text
    head, blank, _ = text[:LONGEST].rpartition(" ")
    return f"{(head if blank else text[: LONGEST - 1]).rstrip(' ,.;:-')}…"


@lru_cache(maxsize=1)
def _words() -> frozenset[str]:
    lines = Path(__file__).with_name("sensitive_words.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))
