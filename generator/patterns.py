"""Regular expressions that an operator may write, and that cannot be made to run for long.

Python's matcher tries one path after another, and a few characters can ask for more of them
than there is time ("(a+)+$"). `safe` counts the paths that an expression allows from one place
of the text and refuses more than MAX_PATHS, so that the work grows with the text's length alone.
"""

from __future__ import annotations

import re
from functools import lru_cache
from math import prod
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

MAX_PATHS = 200
MAX_LENGTH = 300
_ONE_CHARACTER = (codes.LITERAL, codes.NOT_LITERAL, codes.ANY, codes.IN, codes.AT)


class UnsafePattern(ValueError):
    """The text is one sentence for the operator."""


@lru_cache(maxsize=512)
def safe(pattern: str) -> re.Pattern[str]:
    """The expression, whatever the case of letters. Raises UnsafePattern."""
    if len(pattern) > MAX_LENGTH:
        raise UnsafePattern(f"At most {MAX_LENGTH} characters.")
    try:
        tree = parser.parse(pattern, re.IGNORECASE)
        compiled = re.compile(pattern, re.IGNORECASE)
    except (re.error, RecursionError, OverflowError) as error:
        raise UnsafePattern(f"This is no regular expression: {error}.") from None
    paths = sum(_paths(branch) for branch in _branches(tree))
    # Words side by side cost little each, so a list of them may be as long as it fits.
    if paths > MAX_PATHS + MAX_LENGTH or any(_paths(b) > MAX_PATHS for b in _branches(tree)):
        raise UnsafePattern(
            f"It can be read in more than {MAX_PATHS} ways: use fewer or shorter repetitions."
        )
    return compiled


def _branches(tree: Any) -> list[Any]:
    """The alternatives that the expression as a whole offers."""
    if len(tree) == 1 and tree[0][0] is codes.BRANCH:
        return list(tree[0][1][1])
    return [tree]


def _paths(tree: Any) -> int:
    """In how many ways a sequence can be walked from one place."""
    return prod(_ways(code, given) for code, given in tree)


def _ways(code: Any, given: Any) -> int:
    if code in _ONE_CHARACTER:
        return 1
    if code is codes.BRANCH:
        return sum(_paths(branch) for branch in given[1])
    if code is codes.SUBPATTERN:
        return _paths(given[-1])
    if code in (codes.MAX_REPEAT, codes.MIN_REPEAT):
        return _repeated(*given)
    raise UnsafePattern("Look-arounds and references to groups are not allowed here.")


def _repeated(low: int, high: int, tree: Any) -> int:
    if high is codes.MAXREPEAT or high > MAX_PATHS:
        raise UnsafePattern(
            "Say how often at most: {0,30} in place of *, and {1,30} in place of +."
        )
    inner = _paths(tree)
    if inner > 1 and high * (inner - 1).bit_length() > 64:
        return MAX_PATHS + 1
    return sum(inner**times for times in range(low, high + 1))
