"""One errand to a provider: buy, note what was bought, wait, bring the pictures home."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field
from typing import Any

from generator.contract import MAX_SEED, GeneratedImage, picture_seed
from generator.engines import Errand, Event, Picture, Preview, Receipt, Step
from generator.engines.remote import exchanges, pictures
from generator.engines.remote.account import Account
from generator.engines.remote.basket import Basket, Claimed, basket_for
from generator.engines.remote.breaker import Breaker
from generator.engines.remote.client import Client, Limits
from generator.engines.remote.faults import Fault, Gone, Paused, Refused, Unavailable
from generator.engines.remote.wire import (
    Call,
    Delivery,
    Found,
    Inline,
    Link,
    Order,
    Pending,
    Reply,
    Streaming,
)

#: Whoever waits looks up so often, in seconds, to see whether the picture is still wanted.
LOOK_UP = 1.0
#: How long a provider may take to say how it proceeds, in seconds.
WATCHING = 5.0
PREVIEW_BYTES = 8 * 1024 * 1024


class NotOurs(Exception):
    """Somebody else has this errand now, or nobody wants it any more."""


@dataclass(frozen=True)
class Means:
    """How an errand is run; tests bring their own clocks."""

    limits: Limits = field(default_factory=Limits)
    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic


class Trip:
    """Runs one errand with the account that its model names. Raises `Fault` or `NotOurs`."""

    def __init__(
        self, number: int, errand: Errand, account: Account, breaker: Breaker, means: Means
    ) -> None:
        self.number, self.errand, self.account = number, errand, account
        self.breaker, self.means = breaker, means
        self.adapter, self.title = account.adapter, account.adapter.title
        self.client = Client(self.title, means.limits, sleep=means.sleep)
        self.basket: Basket | None = None

    def events(self) -> Iterator[Event]:
        """Steps, previews and pictures, purchase by purchase."""
        count, most = self.errand.request.count, self.adapter.portion(self.account.model)
        with self.client:
            try:
                for position in range(0, count, most):
                    yield from self._purchase(position, min(most, count - position))
            except GeneratorExit:
                self._call_off()
                raise

    def _purchase(self, position: int, count: int) -> Iterator[Event]:
        now = self.means.clock()
        basket = self.basket = basket_for(self.errand, self.account, position, count, now)
        yield from self._bring(basket, basket.linked)
        if basket.places:
            yield from self._wait_for(basket)
        basket.shortfall(self.title)
        self._drop([place for place, fault in basket.faults.items() if fault.over])
        if fault := basket.worst():
            raise fault
        self.basket = None

    def _wait_for(self, basket: Basket) -> Iterator[Event]:
        purchases, resumed = self.errand.purchases, bool(basket.task)
        purchases.committed = self.adapter.blocks
        replies = self._replies(basket)
        try:
            for reply in replies:
                yield from self._read(basket, reply)
                if not basket.places:
                    return
        except Fault as fault:
            forgotten = resumed and isinstance(fault, Gone)
            if fault.over or forgotten:
                self._drop([*basket.places.values()])
            if forgotten:
                raise Unavailable(f"{self.title} forgot a purchase.") from None
            raise
        finally:
            purchases.committed = False
            replies.close()

    def _read(self, basket: Basket, reply: Reply) -> Iterator[Event]:
        if isinstance(reply, Pending):
            yield from self._pending(basket, reply)
        else:
            yield from self._receive(basket, reply)

    def _replies(self, basket: Basket) -> Generator[Reply]:
        adapter, order = self.adapter, basket.order
        if isinstance(adapter, Streaming):
            replies = exchanges.streamed(adapter, order, basket.task, self.means.limits)
            return self._told_to_breaker(replies)
        if adapter.blocks:
            return exchanges.awaited(self._buy, self._watch, adapter, order)
        return exchanges.polled(self._ask, adapter, order, basket.task)

    # Asking.

    def _buy(self, call: Call) -> Any:
        return self._ask(call, within=self.account.patience)

    def _watch(self, call: Call) -> Any:
        return self.client.ask(call, self.adapter.explain, within=WATCHING)

    def _ask(self, call: Call, *, within: float = 0.0) -> Any:
        """The JSON that answers `call`, unless the provider is to be left alone."""
        self._look_at_breaker()
        try:
            said = self.client.ask(call, self.adapter.explain, within=within)
        except Unavailable:
            self.breaker.failed()
            raise
        except Refused:
            self.breaker.succeeded()
            raise
        self.breaker.succeeded()
        return said

    def _told_to_breaker(self, replies: Generator[Reply]) -> Generator[Reply]:
        self._look_at_breaker()
        try:
            for reply in replies:
                self.breaker.succeeded()
                yield reply
        except Unavailable as fault:
            if not fault.over:
                self.breaker.failed()
            raise
        finally:
            replies.close()

    def _look_at_breaker(self) -> None:
        wait = self.breaker.wait()
        if wait:
            raise Paused(f"{self.title} failed several times in a row; waiting for it.", wait)

    # Waiting.

    def _pending(self, basket: Basket, reply: Pending) -> Iterator[Event]:
        """Note the purchase before waiting for it, then wait."""
        if reply.task and reply.task != basket.task:
            basket.task = reply.task
            if not self.adapter.blocks:
                places = basket.places.items()
                self._keep({p: Receipt(self.adapter.name, reply.task, n) for n, p in places})
        waited = self.means.clock() - basket.begun
        self._check_patience(basket, waited)
        if reply.preview and (small := pictures.read_preview(reply.preview, PREVIEW_BYTES)):
            yield Preview(self.number, basket.position, small)
        yield self._step(basket, reply, waited)
        left = reply.wait
        while left > 0:
            self.means.sleep(min(left, LOOK_UP))
            left -= LOOK_UP
            yield self._step(basket, reply, waited)

    def _check_patience(self, basket: Basket, waited: float) -> None:
        if waited > self.account.patience:
            self._cancel(basket)
            told = f"{self.title} took longer than {self.account.patience:.0f} seconds."
            raise Refused(told, over=True)

    def _step(self, basket: Basket, reply: Pending, waited: float) -> Step:
        """Progress as told, or as the time that the provider expects suggests."""
        request, done = basket.order.request, reply.done
        if done is None:
            done = waited / (waited + reply.eta) if reply.eta else 0.0
        steps = round(min(max(done, 0.0), 1.0) * request.steps * request.count)
        return Step(self.number, basket.position, steps, request.steps)

    def _keep(self, receipts: dict[int, Receipt]) -> None:
        """Write receipts by position; NotOurs when the errand is somebody else's."""
        for position, receipt in receipts.items():
            if not self.errand.purchases.keep(position, [receipt]):
                self._call_off()
                raise NotOurs

    # Bringing home.

    def _receive(self, basket: Basket, delivery: Delivery) -> Iterator[Event]:
        """Note where the pictures lie, then fetch them."""
        claimed = [c for found in delivery.pictures if (c := basket.claim(found))]
        task = basket.task or delivery.task
        self._keep(
            {
                position: Receipt(self.adapter.name, task, found.place, found.picture.url)
                for position, found in claimed
                if isinstance(found.picture, Link) and found.picture.may_be_kept
            }
        )
        yield from self._bring(basket, claimed)

    def _bring(self, basket: Basket, claimed: list[Claimed]) -> Iterator[Event]:
        """Fetch, check and hand over; a picture that is no good does not hurt the others."""
        for position, found in claimed:
            try:
                image = self._image(basket.order, found, position)
            except Fault as fault:
                basket.faults[position] = fault
                continue
            yield Picture(self.number, position, image)

    def _image(self, order: Order, found: Found, position: int) -> GeneratedImage:
        request = self.errand.request
        data = self._bytes(found.picture)
        wanted, asked = (request.width, request.height), self.adapter.size(order)
        pixels, came = pictures.read(self.title, data, wanted, asked)
        seed = found.seed
        if seed is None or not 0 <= seed <= MAX_SEED:
            seed = picture_seed(request.seed, position)
        notes = {"provider": self.title, "provider_model": self.account.model}
        if came != wanted:
            notes["provider_size"] = f"{came[0]}x{came[1]}"
        return GeneratedImage(pixels, seed, notes)

    def _bytes(self, picture: Inline | Link) -> bytes:
        most = self.means.limits.picture_bytes
        if isinstance(picture, Inline):
            return pictures.decode(self.title, picture.text, most)
        if picture.url[:5].lower() == "data:":
            return pictures.decode(self.title, picture.url, most)
        data = self.client.fetch(picture.url)
        return (
            pictures.decode(self.title, data.decode("latin-1"), most) if picture.encoded else data
        )

    def _drop(self, positions: list[int]) -> None:
        for position in positions:
            self.errand.purchases.drop(position)

    # Leaving.

    def _call_off(self) -> None:
        """The work is taken from us: stop the provider too, if nobody waits for it."""
        basket = self.basket
        if basket and basket.task and basket.places and self.errand.purchases.unwanted():
            self._cancel(basket)

    def _cancel(self, basket: Basket) -> None:
        call = self.adapter.cancel(basket.task, basket.order) if basket.task else None
        if call is None:
            return
        try:
            self.client.ask(call, self.adapter.explain, within=WATCHING)
        except Fault:
            return  # what it makes of it is not fetched, and it forgets by itself
