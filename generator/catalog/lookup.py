"""Find a documented value in a table, or refuse it by the name of its field."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from generator.contract import InvalidRequest

Value = TypeVar("Value")

FEW = 30  # more choices than this do not help the reader of an error message


def find(table: Mapping[Any, Value], value: object, *, field: str) -> Value:
    """The entry of `table` under `value`, a JSON string or whole number.

    Raises `InvalidRequest` on `field`; the message lists the choices if they
    are few. `true` is not 1, and a list is not a key: both are refused.
    """
    if isinstance(value, str | int) and not isinstance(value, bool) and value in table:
        return table[value]
    raise InvalidRequest({field: [_refusal(table)]})


def _refusal(choices: Iterable[object]) -> str:
    names = [str(choice) for choice in choices]
    if len(names) > FEW:
        return "This value is not known."
    if all(name.isdigit() for name in names):
        names.sort(key=int)
    return f"Must be one of: {', '.join(names)}."
