"""What pictures cost, in whole credits. The same figure is shown, charged and refunded."""

from __future__ import annotations

from math import ceil
from typing import Protocol

from generator.contract import ImageRequest

#: The picture that `EngineModel.price` is about.
PRICED_PIXELS = 1024 * 1024
PRICED_STEPS = 20


class Priced(Protocol):
    price: int


def unit_price(request: ImageRequest, model: Priced) -> int:
    """Credits for one picture: in proportion to pixels and steps, rounded up, free stays free."""
    work = request.width * request.height * request.steps
    return ceil(model.price * work / (PRICED_PIXELS * PRICED_STEPS))


def cost(request: ImageRequest, model: Priced) -> int:
    """Credits for all pictures of `request`."""
    return unit_price(request, model) * request.count
