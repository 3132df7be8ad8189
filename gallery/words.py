"""Text as the words one can search for, the same on every database.

Neither database's own word breaking is used: they differ, and neither knows where a word ends
in scripts that write no spaces. What is stored and what is asked for both pass through here.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

#: Accents, Hebrew points and Arabic vowel signs: readers leave them out when they search.
_POINTS = re.compile("[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670]")
#: Scripts without spaces: Thai, Lao, Burmese, Khmer, kana and Han, with their marks.
_UNSPACED = re.compile(
    "[\u0e01-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3041-\u30ff\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003fffd]+"
)
#: More words than that of one picture are not searched; PostgreSQL counts places so far.
MAX_WORDS = 5_000
#: Letters of a word that count.
MAX_LETTERS = 60


def words(text: str, *, last: bool = True) -> list[str]:
    """The words of `text`: without case and accents; unspaced scripts as overlapping pairs.

    A run of an unspaced script ends with its last letter alone, so that each letter begins
    some word; a question leaves that out at its end (`last=False`).
    """
    plain = unicodedata.normalize("NFKD", text).casefold()
    plain = unicodedata.normalize("NFC", _POINTS.sub("", plain))
    found = [word for run in _runs(plain) for word in _split(run)]
    if not last and len(found) > 1 and is_unspaced(found[-1]) and len(found[-1]) == 1:
        pair = found[-2]
        if is_unspaced(pair) and pair[-1:] == found[-1]:
            found.pop()
    return [word[:MAX_LETTERS] for word in found[:MAX_WORDS]]


def is_unspaced(word: str) -> bool:
    """Whether it is written in a script without spaces."""
    return _UNSPACED.fullmatch(word) is not None


def token(kind: str, value: str | int) -> str:
    """What stands for a fact in a document, such as `=u17`: no word has a `=` in it."""
    plain = unicodedata.normalize("NFKC", str(value)).casefold()
    return "=" + kind + "".join(_spelled(character) for character in plain)


def _spelled(character: str) -> str:
    # All above ASCII is a letter to both indexes; of ASCII only letters and digits are.
    if character > "\x7f" or character.isalnum():
        return character if not character.isspace() else f"={ord(character):x}="
    return f"={ord(character):x}="


def _runs(plain: str) -> Iterator[str]:
    """Letters, digits and marks that stand together; pictograms one by one."""
    run = ""
    for character in plain:
        kind = unicodedata.category(character)
        if kind[0] in "LNM":
            run += character
            continue
        if run:
            yield run
        run = ""
        if kind == "So":
            yield character
    if run:
        yield run


def _split(run: str) -> Iterator[str]:
    end = 0
    for found in _UNSPACED.finditer(run):
        if found.start() > end:
            yield run[end : found.start()]
        letters, end = found[0], found.end()
        for place in range(len(letters)):
            yield letters[place : place + 2]
    if end < len(run):
        yield run[end:]
