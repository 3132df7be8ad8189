"""Questions to the database that are asked all the time: their SQL is written once.

Django builds a queryset and writes its SQL anew whenever it is asked. For a short answer that
takes several times as long as the database does. A `Prepared` keeps the SQL with its
connection and fills the values in.
"""

from __future__ import annotations

import datetime as dt
import secrets
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from django.contrib.auth import get_user_model
from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.backends.base.base import BaseDatabaseWrapper

if TYPE_CHECKING:
    from accounts.models.user import User

#: Lists are filled up to a multiple of it, so that not every length has SQL of its own.
STEP = 10
#: Names of values, and what they are.
Kinds: TypeAlias = Mapping[str, "models.Field[Any, Any]"]
_KEPT = "limner_prepared"


@dataclass(frozen=True)
class Statement:
    """SQL that was written, and where each of its values comes from."""

    sql: str
    #: A constant, or the name of a value and its place in the list that it is from.
    places: Sequence[tuple[str, Any]]
    compiler: Any
    converters: Any


class Driven(list[Any]):
    """Values as the database takes them, for whoever asks several things about the same."""


class Prepared:
    """The rows of what `ask` gives, a `values_list`, for any values of the kinds in `kinds`.

    `ask` is called with stand-ins, so it has to build the same question whatever the values.
    People are passed as their keys, and `somebody` makes people of them whom rules can be
    asked about. `plain` rows are as the driver gives them: a UUID may be text (`driven`).
    """

    def __init__(
        self,
        ask: Callable[..., models.QuerySet[Any, Any]],
        kinds: Kinds,
        *,
        plain: bool = False,
    ) -> None:
        self.ask, self.plain, self.kinds = ask, plain, kinds

    def rows(self, **values: Any) -> list[tuple[Any, ...]]:
        """Ask. A list stands for any of its members; nothing is asked about an empty one."""
        lists = {name: _filled(value) for name, value in values.items() if isinstance(value, list)}
        if not all(lists.values()):
            return []
        connection = connections[DEFAULT_DB_ALIAS]
        kept = vars(connection).setdefault(_KEPT, {})
        shape = (self, *map(len, lists.values()))
        if shape not in kept:
            kept[shape] = self._written(connection, values, lists)
        statement: Statement = kept[shape]
        given = self._given(connection, {**values, **lists})
        params = [given[name][at] if name else at for name, at in statement.places]
        with connection.cursor() as cursor:
            cursor.execute(statement.sql, params)
            found = cursor.fetchall()
        return _read(statement, found)

    def _given(self, connection: BaseDatabaseWrapper, values: dict[str, Any]) -> dict[str, Any]:
        """The values as the database takes them."""
        return {
            name: value
            if type(value) is Driven
            else driven(self.kinds[name], value if type(value) is list else (value,), connection)
            for name, value in values.items()
        }

    def _written(
        self, connection: BaseDatabaseWrapper, values: dict[str, Any], lists: dict[str, Any]
    ) -> Statement:
        """As it is kept. Written twice, for what held the hour of its writing would hold it on."""
        once, again = (self._write(connection, values, lists) for _time in range(2))
        if (once.sql, once.places) != (again.sql, again.places):
            raise ValueError("The question is another whenever it is asked")
        return once

    def _write(
        self, connection: BaseDatabaseWrapper, values: dict[str, Any], lists: dict[str, Any]
    ) -> Statement:
        doubles = {
            name: [_stand_in(self.kinds[name]) for _each in lists[name]]
            if name in lists
            else _stand_in(self.kinds[name])
            for name in values
        }
        compiler = self.ask(**doubles).query.get_compiler(connection=connection)
        sql, params = compiler.as_sql()
        known = {
            double: (name, at)
            for name, given in self._given(connection, doubles).items()
            for at, double in enumerate(given)
        }
        places = [known.get(param, ("", param)) for param in params]
        if missing := set(known.values()) - set(places):
            raise ValueError(f"The question is the same without {missing}")
        columns = [column for column, *_rest in compiler.select[: compiler.col_count]]
        converters = {} if self.plain else compiler.get_converters(columns)
        return Statement(sql, places, compiler, converters)


def somebody(pk: int) -> User:
    """A person of whom nothing is known but the key.

    A rule that wants to know more fails loudly, for it looks for a person who is not there;
    otherwise what holds for one would be written into the SQL for all.
    """
    person: User = get_user_model().from_db(DEFAULT_DB_ALIAS, ["id"], [pk])
    return person


def driven(
    kind: models.Field[Any, Any],
    values: Iterable[Any],
    connection: BaseDatabaseWrapper | None = None,
) -> Driven:
    """The values as the database takes them, and as `plain` rows have them."""
    taker = connection or connections[DEFAULT_DB_ALIAS]
    return Driven(kind.get_db_prep_value(value, taker) for value in values)


def _read(statement: Statement, found: Iterable[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    if not statement.converters:
        return list(found)
    return list(map(tuple, statement.compiler.apply_converters(found, statement.converters)))


def _filled(values: list[Any]) -> list[Any]:
    return type(values)((*values, *values[-1:] * (-len(values) % STEP)))


def _stand_in(kind: models.Field[Any, Any]) -> Any:
    """A value that nobody else would think of."""
    chance = secrets.randbits(60)
    if isinstance(kind, models.UUIDField):
        return uuid.UUID(int=chance)
    if isinstance(kind, models.DateTimeField):
        return dt.datetime(9000, 1, 1, tzinfo=dt.UTC) + chance % 10**15 * dt.timedelta(
            microseconds=1
        )
    return chance if isinstance(kind, models.IntegerField) else f"{chance:x}"
