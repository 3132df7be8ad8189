"""One purchase in hand: what was ordered, and which of its pictures are still to come."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from generator.contract import picture_seed
from generator.engines import Errand
from generator.engines.remote.account import Account
from generator.engines.remote.faults import Fault, Refused, Unavailable
from generator.engines.remote.wire import NEXT, Found, Link, Order

#: A picture on its way: its position in the errand, and what the provider says of it.
Claimed = tuple[int, Found]


@dataclass
class Basket:
    """`position` is that of the first picture in the errand, `task` the provider's id.

    `places` maps the number of a picture in the purchase to its position, for those that
    have not come; `linked` are those of which we know where they lie. `begun` is a moment.
    """

    order: Order
    position: int
    task: str
    places: dict[int, int]
    linked: list[Claimed]
    begun: float
    faults: dict[int, Fault] = field(default_factory=dict)

    def claim(self, found: Found) -> Claimed | None:
        """`found` with the position that it fills, None when that is not missing."""
        place = found.place
        if place == NEXT:
            place = min(self.places, default=NEXT, key=self.places.__getitem__)
        position = self.places.pop(place, None)
        return None if position is None else (position, replace(found, place=place))

    def shortfall(self, title: str) -> None:
        """Count what never came as faults."""
        reason = f"{title} sent fewer pictures than were bought."
        for position in self.places.values():
            self.faults[position] = Unavailable(reason, over=True)
        self.places = {}

    def worst(self) -> Fault | None:
        """The fault that decides what happens next: one that no other try mends, if any."""
        return min(self.faults.values(), default=None, key=lambda f: not isinstance(f, Refused))


def basket_for(errand: Errand, account: Account, position: int, count: int, now: float) -> Basket:
    """What was bought before for these pictures and how to ask for it, or an order to buy."""
    purchases, request = errand.purchases, errand.request
    first = purchases.receipt(position)
    task, linked = first.task if first else "", []
    places = dict(enumerate(range(position, position + count)))
    if first:
        places = {}
        for number in range(position, position + count):
            receipt = purchases.receipt(number)
            if receipt and receipt.link:
                linked.append((number, Found(receipt.place, Link(receipt.link))))
            elif receipt and receipt.task == task:
                places[receipt.place] = number
    order = Order(
        request=replace(request, seed=picture_seed(request.seed, position), count=count),
        url=account.url,
        model=account.model,
        key=account.key,
        name=purchases.name(position),
    )
    return Basket(order, position, task, places, linked, now)
