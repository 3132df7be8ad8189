"""Making orders and running them, for the tests of the generator."""

from __future__ import annotations

import itertools
from typing import Any

from django.conf import settings

from accounts.models import User
from generator import execution, submission
from generator.contract import ImageRequest
from generator.models import EngineModel, Generation

_numbers = itertools.count(1)


def make_person(credits: int = 1000, **fields: Any) -> User:
    return User.objects.create_user(
        f"person{next(_numbers)}@example.org", credits=credits, **fields
    )


def make_model(engine: str = "blank", price: int = 1) -> EngineModel:
    """An offered model of one of the test engines; its slug is the engine's name."""
    model, _created = EngineModel.objects.update_or_create(
        slug=engine, defaults={"name": engine, "engine": engine, "price": price}
    )
    return model


def make_request(prompt: str = "a red house", **fields: Any) -> ImageRequest:
    size = {"width": 256, "height": 256, "steps": 4, "model": "blank"}
    return ImageRequest(prompt=prompt, **{**size, **fields})


def submit(owner: User, prompt: str = "a red house", **fields: Any) -> Generation:
    """Queue a small order; the model is made when it is missing."""
    request = make_request(prompt, **fields)
    if not EngineModel.objects.filter(slug=request.model).exists():
        make_model(request.model)
    return submission.submit(submission.Order(owner=owner, request=request))


def run_all(engine: str = "blank") -> int:
    """Work in this process until nothing is due; says how many runs it took."""
    assert engine in settings.ENGINES
    runs = 0
    while execution.work(engine):
        runs += 1
    return runs
