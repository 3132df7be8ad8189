"""What passes between the engine and its adapters: calls to make, and answers understood.

Adapters are pure: they write calls and read answers, and the engine does the talking.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from generator.contract import ImageRequest
from generator.engines.remote.faults import Fault


@dataclass(frozen=True, kw_only=True)
class Order:
    """What to buy in one purchase: `request.count` pictures, at most the adapter's `most`.

    `url` is the provider's address without a slash at its end, `model` what it calls the
    model ("" is its default), `name` is the same for the same purchase and unique otherwise.
    """

    request: ImageRequest
    url: str
    model: str = ""
    key: str = field(default="", repr=False)
    name: str = ""

    def at(self, path: str) -> str:
        """The full address of `path`."""
        return self.url + path


@dataclass(frozen=True)
class Call:
    """One HTTP exchange. `repeatable`: made twice, it does and costs what it does once."""

    method: str
    url: str
    json: Any = field(default=None, repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    repeatable: bool = False


@dataclass(frozen=True)
class Inline:
    """A picture inside an answer, as base64 or a data: URL."""

    text: str = field(repr=False)


@dataclass(frozen=True)
class Link:
    """Where a picture lies. `encoded`: the file holds base64, not the picture."""

    url: str
    encoded: bool = False

    @property
    def may_be_kept(self) -> bool:
        """Whether the link alone is enough to fetch the picture again."""
        return not self.encoded and self.url[:5].lower() != "data:"


#: The place of a picture that has no number: whichever is next.
NEXT = -1


@dataclass(frozen=True)
class Found:
    """Picture `place` (0-based) of a purchase; `place` is `NEXT` where they come unnumbered.

    `seed` is None where the provider is silent.
    """

    place: int
    picture: Inline | Link
    seed: int | None = None


@dataclass(frozen=True)
class Pending:
    """Not done yet: make the call `then` (None: poll) after `wait` seconds.

    `task` is the provider's id of the purchase. `done` is 0..1 where the provider tells,
    `eta` the seconds that it expects, `preview` a small picture as base64.
    """

    task: str
    then: Call | None = None
    wait: float = 1.0
    done: float | None = None
    eta: float | None = None
    preview: str = field(default="", repr=False)


@dataclass(frozen=True)
class Delivery:
    """Pictures, all of a purchase or, where the provider streams, some."""

    pictures: tuple[Found, ...]
    task: str = ""


Reply = Pending | Delivery


class Adapter:
    """One provider: its tables and its words. See `generator.engines.remote.adapters`.

    `address` is its usual URL, `most` how many pictures one purchase may hold. `blocks` is
    true where the answer to a purchase comes with the pictures. `takes` names the fields of
    the contract beyond a prompt and its numbers that the provider understands.
    """

    name: str
    title: str
    address: str = ""
    needs_key: bool = True
    needs_model: bool = False
    most: int = 1
    blocks: bool = False
    takes: frozenset[str] = frozenset()

    def portion(self, model: str) -> int:
        """How many pictures one purchase may hold with this model."""
        return self.most

    def submit(self, order: Order) -> Call:
        """The call that buys. Raises Refused for what this provider cannot be asked."""
        raise AssertionError(f"{self.name} has no call to buy with")

    def poll(self, task: str, order: Order) -> Call:
        """The call that asks for a purchase, now or after a restart."""
        raise AssertionError(f"{self.name} names no purchases")

    def read(self, data: Any, order: Order, task: str = "") -> Reply:
        """An answer about `task` ("": a purchase is just made) understood.

        Raises a Fault, or LookupError, TypeError, ValueError, AttributeError where it is odd.
        """
        raise AssertionError(f"{self.name} answers nothing")

    def cancel(self, task: str, order: Order) -> Call | None:
        """The call that stops a purchase, None where there is none."""
        return None

    def watch(self, order: Order) -> Call | None:
        """The call that tells how a purchase in hand proceeds, for providers that block."""
        return None

    def glance(self, data: Any, order: Order) -> Pending:
        """What `watch` was answered."""
        return Pending("", wait=0.0)

    def explain(self, status: int, data: Any) -> Fault | None:
        """A fault that the status alone does not tell; None leaves it to the status."""
        return None

    def size(self, order: Order) -> tuple[int, int]:
        """Width and height that this provider is asked for: the nearest that it can do."""
        return order.request.width, order.request.height


class Streaming(Adapter):
    """A provider behind a WebSocket: frames instead of calls."""

    def hello(self, order: Order, session: str = "") -> dict[str, Any]:
        """The first message; `session` is that of a connection to go on with."""
        raise AssertionError(f"{self.name} does not greet")

    def frame(self, task: str, order: Order) -> dict[str, Any]:
        """The message that buys, under an id of our own; sent again, it buys nothing new."""
        raise AssertionError(f"{self.name} has no message to buy with")

    def task_name(self, order: Order) -> str:
        """The id of our own for this purchase."""
        raise AssertionError(f"{self.name} names no purchases")

    def greeted(self, message: Any) -> str:
        """The session that answers the greeting, "" if `message` is something else.

        Raises a Fault when it turns us away.
        """
        return ""

    def heard(self, message: Any, task: str, order: Order) -> Delivery | None:
        """What `message` brings for `task`, None when it is about something else."""
        return None
