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
_PART = re.compile(r"[^\W_]+")
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_ADAPTERS = re.compile(r"<[^<>]*>")
_WEIGHTS = re.compile(r":\s*-?\d+(\.\d+)?(?=\s*[)\]])")
_BRACKETS = re.compile(r"[()\[\]{}|\\]+")
#: A comma or stop with nothing, or only others of its kind, before it.
_LOOSE = re.compile(r"\s*([,.;:!?])(?:[\s,.;:!?]*[,;:])?")
#: What `_LOOSE` changes has one of these in it.
_RUN = re.compile(r"[\s,.;:!?][,.;:!?]")


def of_asset(asset: Asset) -> str:
    """Its name if somebody gave it one, else what was asked for; empty when nothing is left."""
    return asset.name or of_prompt(asset.prompt)


def of_prompt(prompt: str) -> str:
    """`prompt` as a short text without sensitive words; empty when nothing is left."""
    text = _BRACKETS.sub(" ", _WEIGHTS.sub("", _ADAPTERS.sub(" ", prompt)))
    # Most prompts have nothing to take out, and to look for it word by word is slow.
    if not _words().isdisjoint(map(str.casefold, _PART.findall(text))):
        text = _WORD.sub(_allowed, text)
    if _RUN.search(text):
        text = _LOOSE.sub(r"\1", text)
    return _short(" ".join(text.split()).strip(" ,.;:-!?"))


def _allowed(match: re.Match[str]) -> str:
    first = _PART.match(match[0])
    return "" if first and first[0].casefold() in _words() else match[0]


def _short(text: str) -> str:
    if len(text) <= LONGEST:
        return text
    head, blank, _ = text[:LONGEST].rpartition(" ")
    return f"{(head if blank else text[: LONGEST - 1]).rstrip(' ,.;:-')}…"


@lru_cache(maxsize=1)
def _words() -> frozenset[str]:
    """The sensitive ones, of one and of several."""
    lines = Path(__file__).with_name("sensitive_words.txt").read_text(encoding="utf-8").splitlines()
    words = {line for line in lines if line and not line.startswith("#")}
    return frozenset(word + ending for word in words for ending in ("", "s", "es"))
