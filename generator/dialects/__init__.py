"""One module per wire API that we speak, each a `Dialect`: pure, without ORM and without HTTP.

A dialect reads what a client sent into an `ImageRequest`, and writes what became of it,
and why not, in its service's own words. Whoever serves it (`generator.api`, `sockets`)
authenticates, submits and waits. A new service is one more module here:
docs/architecture.md, "A new dialect in five steps".
"""

from __future__ import annotations

import datetime as dt
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from generator.contract import ImageRequest


@dataclass(frozen=True, kw_only=True)
class Defaults:
    """What a request means where it is silent, decided by this installation.

    The model's own defaults come later, for the fields that `Dialect.omitted` names.
    """

    model: str
    seed: int


@dataclass(frozen=True, kw_only=True)
class Terms:
    """Who pays and what for: a wallet's id (None: the caller's own), and the caller's label."""

    wallet: int | None = None
    project: str = ""


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A delivered picture: `position` is 0-based, `asset` is the gallery's AssetData.

    `data` are the bytes of its file, for a dialect that asked for them, else none.
    """

    position: int
    url: str
    asset: Mapping[str, Any]
    data: bytes = b""

    @property
    def base64(self) -> str:
        """`data` as bare base64: one line, no `data:` before it."""
        return b64encode(self.data).decode()


@dataclass(frozen=True, kw_only=True)
class Result:
    """A generation as its owner may see it.

    `status` is queued, running, succeeded, failed or cancelled; `place` is 1 for the next
    in the queue, None once it left it; `step` of `steps` counts all pictures together;
    `cost` and `refunded` are in credits. Pictures that were deleted since are left out.
    `wire` is what the dialect asked to have kept of the request; `note` says in one sentence
    why another model served it than was named, "" when none did. `undelivered` says in a sentence
    each which pictures could not be sent where the request wanted them.
    """

    id: str
    status: str
    request: ImageRequest
    owner_id: int
    cost: int
    refunded: int
    count: int
    step: int
    steps: int
    place: int | None
    error_code: str
    error: str
    created_at: dt.datetime
    finished_at: dt.datetime | None
    wallet_id: int
    project: str = ""
    pictures: tuple[Picture, ...] = ()
    note: str = ""
    undelivered: tuple[str, ...] = ()
    wire: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Problem:
    """Why a request was not carried out.

    `status` is the HTTP status that says so best, `code` is for programs, `message` one
    sentence for people, `errors` maps fields of the contract to messages. `cost` and
    `balance` are in credits and given when the balance was the reason. `failed` says that
    the request was taken and then brought no picture; what was charged is refunded.
    """

    status: int
    code: str
    message: str
    errors: Mapping[str, list[str]] = field(default_factory=dict)
    cost: int | None = None
    balance: int | None = None
    failed: bool = False


class Dialect(Protocol):
    """What a module in this package offers. Errors of `read` are `InvalidRequest`."""

    name: str

    def read(self, payload: Mapping[str, Any], defaults: Defaults) -> ImageRequest: ...

    def omitted(self, payload: Mapping[str, Any]) -> frozenset[str]: ...

    def write(self, result: Result) -> dict[str, Any]: ...

    def refuse(self, problem: Problem) -> tuple[int, dict[str, Any]]: ...


class Embedding(Protocol):
    """Says whether an answer needs the bytes of the pictures."""

    def embeds(self, result: Result) -> bool: ...


class Foreign(Dialect, Protocol):
    """A dialect of another service, answered over HTTP when the pictures are there.

    `title` names the service, `path` is where its programs POST; `token` finds the key, and
    sees the body only with `key_in_body`; `any_model` lets the default model serve names that
    nobody knows. `SECURITY` is an OpenAPI security scheme; `SCHEMA`,
    `ANSWER` and `REFUSAL` are JSON Schemas of the body and of both kinds of answers.
    `embeds` says whether `write` needs the bytes of the pictures, `keep` what it must echo.
    """

    title: str
    path: str
    key_in_body: bool
    any_model: bool
    SECURITY: dict[str, Any]
    SCHEMA: dict[str, Any]
    ANSWER: dict[str, Any]
    REFUSAL: dict[str, Any]

    def token(self, headers: Mapping[str, str], payload: Mapping[str, Any]) -> str | None: ...

    def keep(self, payload: Mapping[str, Any]) -> dict[str, Any]: ...

    def embeds(self, result: Result) -> bool: ...
