"""What each model can do beyond a prompt, and why it cannot do what a request asks."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce

from django.contrib.auth.models import AnonymousUser

from accounts.models import User
from generator import availability
from generator.contract import ImageRequest
from generator.engines.abilities import Abilities
from generator.engines.diffusion import offers
from generator.engines.diffusion import refusals as diffusion
from generator.engines.remote import account
from generator.engines.sketch import refusals as sketch
from generator.models import EngineModel

#: Of engines that are not ours nothing is known, so nothing is kept from them.
ANYTHING = Abilities(
    initial_image=True,
    preprocessors=("canny",),
    loras=None,
    clip_skip=True,
    prompt_weighting=True,
)


def of(model: EngineModel) -> Abilities:
    """What `model` can do on this installation."""
    match model.engine:
        case "sketch":
            return Abilities()
        case "diffusion":
            return offers.abilities(model.engine_options, availability.models_dir())
        case "remote":
            return account.abilities(model.engine_options)
    return ANYTHING


def of_any(models: Iterable[EngineModel]) -> Abilities:
    """What at least one of `models` can do."""
    return reduce(Abilities.either, map(of, models), Abilities())


def offered_to(user: User | AnonymousUser) -> Abilities:
    """What at least one of the models that `user` may choose can do."""
    return of_any(EngineModel.objects.offered_to(user))


def has_lora(model: EngineModel, name: str) -> bool:
    """Whether `model` can wear the LoRA called `name`, as far as this machine can tell."""
    can, root = of(model), availability.models_dir()
    if model.engine == "diffusion" and root is not None:
        return offers.has_lora(name, root)
    return can.loras is None or name in can.loras


def why_not(request: ImageRequest, model: EngineModel) -> str:
    """Why `model` cannot paint `request`, in one sentence; "" when it can."""
    match model.engine:
        case "sketch":
            return sketch.why_not(request)
        case "diffusion":
            return diffusion.why_not(request, model.engine_options, availability.models_dir())
        case "remote":
            return account.cannot(request, model.engine_options)
    return ""
