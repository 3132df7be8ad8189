"""How a purchase proceeds, whatever the provider: an iterator of replies, read one by one.

Each pauses at every reply: whoever reads may note it, wait, or leave.
"""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable, Generator
from functools import partial
from typing import Any, Generic, TypeVar

from websockets.exceptions import ConnectionClosed, WebSocketException
from websockets.sync.client import ClientConnection, connect

from generator.engines.remote import guard
from generator.engines.remote.client import Limits
from generator.engines.remote.faults import Fault, Unavailable
from generator.engines.remote.wire import Adapter, Call, Delivery, Order, Pending, Reply, Streaming

#: How an exchange asks: the JSON that answers a call.
Ask = Callable[[Call], Any]
Result = TypeVar("Result")

#: Seconds between two looks at a purchase in hand.
TICK = 1.0
#: How long a resumed session may be silent before the purchase is sent again, in seconds.
RESUMED = 60.0
#: How many other messages may come before the answer to our greeting.
_GREETINGS = 5
# The library writes every frame to its log when that is asked for, and frames hold keys.
_quiet = logging.getLogger("limner.remote.websocket")
_quiet.setLevel(logging.WARNING)


def polled(ask: Ask, adapter: Adapter, order: Order, task: str) -> Generator[Reply]:
    """Buy, or ask for `task`, until it is delivered."""
    call = adapter.poll(task, order) if task else adapter.submit(order)
    while True:
        reply = understood(adapter, ask(call), order, task)
        yield reply
        if isinstance(reply, Delivery):
            return
        task = reply.task
        call = reply.then or adapter.poll(task, order)


def awaited(buy: Ask, watch: Ask, adapter: Adapter, order: Order) -> Generator[Reply]:
    """Buy where the answer is the picture; meanwhile tell how it proceeds."""
    work = Background(partial(buy, adapter.submit(order)))
    while not work.finished(TICK):
        yield glance(watch, adapter, order)
    yield understood(adapter, work.result(), order, "")


def glance(watch: Ask, adapter: Adapter, order: Order) -> Pending:
    """How a purchase in hand proceeds, if the provider tells."""
    call = adapter.watch(order)
    if call is None:
        return Pending("", wait=0.0)
    try:
        return adapter.glance(watch(call), order)
    except (Fault, LookupError, TypeError, ValueError, AttributeError):
        return Pending("", wait=0.0)


def streamed(adapter: Streaming, order: Order, task: str, limits: Limits) -> Generator[Reply]:
    """Buy through a WebSocket. The purchase's id, ours, and its session make up its `task`."""
    name, _, session = task.partition("/")
    name = name or adapter.task_name(order)
    socket = _open(adapter, order, limits)
    with socket:
        try:
            session = _greet(socket, adapter, order, session, limits)
            yield Pending(f"{name}/{session}", wait=0.0)
            if not task:
                _send(socket, adapter.frame(name, order))
            silent = 0.0
            while True:
                message = _receive(socket, TICK)
                delivery = _heard(adapter, message, name, order)
                yield delivery or Pending(f"{name}/{session}", wait=0.0)
                silent = 0.0 if delivery else silent + TICK
                if task and silent >= RESUMED:
                    _send(socket, adapter.frame(name, order))
                    task = ""
        except ConnectionClosed:
            raise Unavailable(f"{adapter.title} broke the connection off.") from None


def understood(adapter: Adapter, said: Any, order: Order, task: str) -> Reply:
    """`said` as the adapter reads it; Unavailable when it makes no sense."""
    try:
        return adapter.read(said, order, task)
    except (LookupError, TypeError, ValueError, AttributeError):
        raise Unavailable(f"{adapter.title} answered with something unexpected.") from None


class Background(Generic[Result]):
    """A call in a thread of its own, so that whoever waits for it can look around."""

    def __init__(self, call: Callable[[], Result]) -> None:
        self.call = call
        self.value: Result | None = None
        self.fault: BaseException | None = None
        # A daemon: a worker that must end does not wait for a provider.
        self.thread = threading.Thread(target=self._run, name="purchase", daemon=True)
        self.thread.start()

    def _run(self) -> None:
        try:
            self.value = self.call()
        except BaseException as fault:
            self.fault = fault

    def finished(self, within: float) -> bool:
        """Whether the call ended, waiting `within` seconds at most."""
        self.thread.join(within)
        return not self.thread.is_alive()

    def result(self) -> Any:
        if self.fault:
            raise self.fault
        return self.value


def _open(adapter: Streaming, order: Order, limits: Limits) -> ClientConnection:
    url = guard.check_url(order.url, ("ws", "wss"))
    socket = guard.connect(url.host, url.port or guard.DEFAULT_PORTS[url.scheme], limits.connect)
    try:
        return connect(
            order.url,
            sock=socket,
            proxy=None,
            compression=None,
            user_agent_header="Limner",
            open_timeout=limits.connect,
            close_timeout=1,
            max_size=limits.answer_bytes,
            logger=_quiet,
        )
    except (OSError, EOFError, WebSocketException):
        socket.close()
        raise Unavailable(f"{adapter.title} could not be reached.", unasked=True) from None


def _greet(
    socket: ClientConnection, adapter: Streaming, order: Order, session: str, limits: Limits
) -> str:
    _send(socket, adapter.hello(order, session))
    for _ in range(_GREETINGS):
        message = _receive(socket, limits.read)
        if isinstance(message, dict) and (answer := adapter.greeted(message)):
            return answer
        if message is None:
            break
    raise Unavailable(f"{adapter.title} did not answer our greeting.", unasked=True)


def _heard(adapter: Streaming, message: Any, name: str, order: Order) -> Delivery | None:
    if not isinstance(message, dict):
        return None
    try:
        return adapter.heard(message, name, order)
    except (LookupError, TypeError, ValueError, AttributeError):
        raise Unavailable(f"{adapter.title} answered with something unexpected.") from None


def _send(socket: ClientConnection, message: dict[str, Any]) -> None:
    socket.send(json.dumps(message))


def _receive(socket: ClientConnection, within: float) -> Any:
    """The next message read as JSON, None when none came in time or it is not JSON."""
    try:
        return json.loads(socket.recv(timeout=within))
    except TimeoutError:
        return None
    except (ValueError, RecursionError):
        raise Unavailable("The provider answered with something that is not JSON.") from None
