"""The fields of a JSON request, one by one: where each lands and which values it takes.

The same table checks what arrives and describes itself as JSON Schema, so that the
documentation cannot promise what the code refuses.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from generator.catalog.limits import Length, Number, Whole, unquoted
from generator.contract import ImageRequest, InvalidRequest
from generator.dialects import Problem

_DECIMAL = re.compile(r"\d{1,9}\.\d{1,9}", re.ASCII)


class Rule(Protocol):
    """Says what a value means here, or raises `InvalidRequest` on `field`."""

    def check(self, value: object, *, field: str) -> Any: ...


@dataclass(frozen=True)
class Choice:
    """One of `names`, spelled exactly so."""

    names: tuple[str, ...]

    def check(self, value: object, *, field: str) -> str:
        if isinstance(value, str) and value in self.names:
            return value
        raise InvalidRequest({field: [f"Must be one of: {', '.join(self.names)}."]})


@dataclass(frozen=True)
class Flag:
    """True or false, and nothing that merely looks like it."""

    def check(self, value: object, *, field: str) -> bool:
        if isinstance(value, bool):
            return value
        raise InvalidRequest({field: ["Must be true or false."]})


@dataclass(frozen=True)
class YesNo:
    """True or false, also in words: "true", "false", "yes" or "no"."""

    def check(self, value: object, *, field: str) -> bool:
        said = value.lower() if isinstance(value, str) else value
        if said is True or said in ("true", "yes"):
            return True
        if said is False or said in ("false", "no"):
            return False
        raise InvalidRequest({field: ["Must be true or false."]})


@dataclass(frozen=True)
class Quoted:
    """A number that may be sent as text."""

    rule: Whole | Number

    def check(self, value: object, *, field: str) -> int | float:
        plain = unquoted(value)
        if isinstance(self.rule, Number) and isinstance(plain, str) and _DECIMAL.fullmatch(plain):
            plain = float(plain)
        return self.rule.check(plain, field=field)


@dataclass(frozen=True)
class Label:
    """One line of at most `high` characters; runs of white space are one space."""

    high: int

    def check(self, value: object, *, field: str) -> str:
        text = " ".join(Length(0, self.high).check(value, field=field).split())
        if any(unicodedata.category(each) in {"Cc", "Cs"} for each in text):
            raise InvalidRequest({field: ["Holds characters that cannot be shown."]})
        return text


@dataclass(frozen=True)
class Several:
    """A list of at most `most` objects with these fields; `make` gets the values of each.

    What is wrong is told under names such as `loras.0.weight`.
    """

    fields: tuple[Field, ...]
    most: int
    make: Callable[..., Any]

    def check(self, value: object, *, field: str) -> tuple[Any, ...]:
        if not isinstance(value, list):
            raise InvalidRequest({field: ["Must be a list."]})
        if len(value) > self.most:
            raise InvalidRequest({field: [f"At most {self.most}."]})
        found: list[Any] = []
        errors: dict[str, list[str]] = {}
        for number, item in enumerate(value):
            place = f"{field}.{number}"
            if not isinstance(item, Mapping):
                errors[place] = ["Must be an object."]
                continue
            values, wrong = read_fields(self.fields, item)
            errors |= {f"{place}.{name}": messages for name, messages in wrong.items()}
            if not wrong:
                found.append(self.make(**values))
        if errors:
            raise InvalidRequest(errors)
        return tuple(found)


@dataclass(frozen=True)
class Field:
    """`name` on the wire, `target` in the contract. Null means the same as leaving it out."""

    name: str
    target: str
    rule: Rule
    about: str
    required: bool = False


def read_fields(
    fields: Iterable[Field], payload: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, list[str]]]:
    """Values by contract name, and messages by wire name for those that were wrong.

    Fields of the payload that are not in the table are passed over.
    """
    values: dict[str, Any] = {}
    errors: dict[str, list[str]] = {}
    for field in fields:
        value = payload.get(field.name)
        if value is None:
            if field.required:
                errors[field.name] = ["This field is required."]
            continue
        try:
            values[field.target] = field.rule.check(value, field=field.name)
        except InvalidRequest as refusal:
            errors.update(refusal.errors)
    return values, errors


def omitted(fields: Iterable[Field], payload: Mapping[str, Any]) -> frozenset[str]:
    """The fields of the contract that `payload` says nothing about."""
    return frozenset(field.target for field in fields if payload.get(field.name) is None)


def build(
    fields: Sequence[Field], values: Mapping[str, Any], errors: Mapping[str, list[str]]
) -> ImageRequest:
    """The request that `values` make; raises all that is wrong with it at once.

    What the contract has to say is added under the wire's names to `errors`.
    """
    names = {field.target: field.name for field in fields}
    found = dict(errors)
    try:
        request = ImageRequest(**{"prompt": "-", **values})
    except InvalidRequest as refusal:
        for target, messages in refusal.errors.items():
            found.setdefault(names.get(target, target), messages)
    if found:
        raise InvalidRequest(found)
    return request


def told(fields: Iterable[Field], problem: Problem) -> str:
    """Everything that `problem` says, in one line, under the wire's names."""
    names = {field.target: field.name for field in fields}
    lines = [f"{names.get(k, k)}: {' '.join(v)}" for k, v in problem.errors.items()]
    return " ".join(lines) or problem.message


def json_schema(fields: Iterable[Field]) -> dict[str, Any]:
    """The table as JSON Schema, for OpenAPI."""
    table = list(fields)
    return {
        "type": "object",
        "required": [field.name for field in table if field.required],
        "properties": {field.name: _property(field) for field in table},
    }


def _property(field: Field) -> dict[str, Any]:
    schema = {**_schema(field.rule), "description": field.about}
    if not field.required:
        kinds = schema["type"]
        schema["type"] = [*([kinds] if isinstance(kinds, str) else kinds), "null"]
        if "enum" in schema:
            schema["enum"] = [*schema["enum"], None]
    return schema


def _schema(rule: Rule) -> dict[str, Any]:
    match rule:
        case Length(low=low, high=high):
            return {"type": "string", "minLength": low, "maxLength": high}
        case Label(high=high):
            return {"type": "string", "maxLength": high}
        case Whole(low=low, high=high, step=step):
            steps = {} if step == 1 else {"multipleOf": step}
            return {"type": "integer", "minimum": low, "maximum": high, **steps}
        case Number(low=low, high=high):
            return {"type": "number", "minimum": low, "maximum": high}
        case Choice(names=names):
            return {"type": "string", "enum": list(names)}
        case Several(fields=fields, most=most):
            return {"type": "array", "maxItems": most, "items": json_schema(fields)}
    return _schema_of_words(rule)


def _schema_of_words(rule: Rule) -> dict[str, Any]:
    """The rest: truth, and what may be sent as text instead."""
    match rule:
        case Flag():
            return {"type": "boolean"}
        case YesNo():
            words = [True, False, "true", "false", "yes", "no"]
            return {"type": ["boolean", "string"], "enum": words}
        case Quoted(rule=plain):
            number = _schema(plain)
            return {**number, "type": [number["type"], "string"]}
    raise TypeError(f"no schema for {rule!r}")
