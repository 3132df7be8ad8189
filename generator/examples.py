"""The request for a picture in every API that we serve, and what each of them cannot say.

What gets lost is not guessed: each body is read back by its own dialect, goes the way of every
order to its model, and is compared with the request that it was written for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any, Protocol

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from generator import choosing
from generator.catalog import samplers
from generator.contract import MAX_SEED, ImageRequest, InvalidRequest
from generator.dialects import (
    Defaults,
    a1111,
    aithriving,
    asking,
    modelslab,
    native,
    openai_images,
    picfinder,
    stubber,
)
from generator.models import EngineModel
from generator.snippets import Call, Place, curl, javascript, python, socket

NATIVE_PATH = "/v1/tasks/text-to-image"
Ask = Callable[..., dict[str, Any]]


class Reader(Protocol):
    """What is used of a dialect here."""

    name: str

    def read(self, payload: Mapping[str, Any], defaults: Defaults) -> ImageRequest: ...

    def omitted(self, payload: Mapping[str, Any]) -> frozenset[str]: ...


@dataclass(frozen=True)
class Service:
    """An API: how it is read and asked, and where it has the key.

    `base` is what its clients are given as the address, after our own; `clients` are programs
    that the tests run against us, unmodified.
    """

    dialect: Reader
    title: str
    path: str
    key: Place
    ask: Ask
    any_model: bool = True
    base: str = ""
    clients: tuple[str, ...] = ()

    @property
    def is_socket(self) -> bool:
        """Whether it is a WebSocket, which OpenAPI and curl have no words for."""
        return self.key is Place.GREETING

    @property
    def description(self) -> str:
        """Where its OpenAPI is, "" where there is none."""
        if self.is_socket:
            return ""
        name = self.dialect.name
        return "/v1/openapi.json" if name == native.name else f"/docs/api/{name}.json"


@dataclass(frozen=True)
class Code:
    """One text to copy; `language` is what people call it."""

    language: str
    text: str


@dataclass(frozen=True)
class Example:
    """A request in the words of one service.

    `lost` says what it cannot say, one line each; `refused` why it cannot be asked at all, and
    then there is no code.
    """

    name: str
    title: str
    codes: tuple[Code, ...] = ()
    lost: tuple[str, ...] = ()
    refused: str = ""


SERVICES = (
    Service(
        native,
        "Limner",
        NATIVE_PATH,
        Place.BEARER,
        asking.native,
        any_model=False,
        clients=("another Limner",),
    ),
    Service(
        openai_images,
        "OpenAI",
        openai_images.path,
        Place.BEARER,
        asking.openai,
        base="/v1",
        clients=("openai (Python)", "another Limner"),
    ),
    Service(a1111, "A1111", a1111.path, Place.BASIC, asking.a1111, clients=("webuiapi (Python)",)),
    Service(
        aithriving,
        "AIThriving",
        aithriving.path,
        Place.BARE,
        asking.aithriving,
        clients=("requests", "another Limner"),
    ),
    Service(
        stubber,
        "Stubber",
        stubber.path,
        Place.BEARER,
        asking.stubber_task,
        any_model=False,
        clients=("another Limner",),
    ),
    Service(
        modelslab,
        "ModelsLab",
        modelslab.path,
        Place.BODY,
        asking.modelslab,
        any_model=False,
        clients=("modelslab-py (Python)",),
    ),
    Service(
        picfinder,
        "PicFinder",
        "/v1",
        Place.GREETING,
        asking.picfinder,
        any_model=False,
        base="/v1",
        clients=("runware 0.1.2 (Python)", "another Limner"),
    ),
)
_LANGUAGES = (("curl", curl.write), ("Python", python.write), ("JavaScript", javascript.write))
_SOCKET_LANGUAGES = (("Python", socket.python), ("JavaScript", socket.script))
_LABELS: Mapping[str, Any] = {
    "prompt": gettext_lazy("Prompt"),
    "negative_prompt": gettext_lazy("Negative prompt"),
    "size": gettext_lazy("Size"),
    "seed": gettext_lazy("Seed"),
    "count": gettext_lazy("Pictures"),
    "steps": gettext_lazy("Steps"),
    "guidance_scale": gettext_lazy("Guidance"),
    "sampler": gettext_lazy("Sampler"),
    "model": gettext_lazy("Model"),
    "style": gettext_lazy("Style"),
    "clip_skip": gettext_lazy("CLIP skip"),
    "loras": gettext_lazy("LoRAs"),
    "controls": gettext_lazy("Pictures that guide"),
    "initial_image": gettext_lazy("Picture to begin with"),
    "mask": gettext_lazy("Mask"),
    "strength": gettext_lazy("Strength"),
    "prompt_language": gettext_lazy("Language of the prompt"),
    "prompt_weighting": gettext_lazy("Brackets stress words"),
    "safety": gettext_lazy("Check for sensitive pictures"),
    "output_format": gettext_lazy("File format"),
}
#: Fields whose values tell people more than that they differ.
_TOLD = {"size", "count", "steps", "guidance_scale", "sampler", "model", "output_format"}


def of(request: ImageRequest, user: User, *, seeded: bool = True) -> list[Example]:
    """`request` as `user` would ask for it, in every API. Without `seeded`, any seed will do."""
    return [_example(service, request, user, seeded=seeded) for service in SERVICES]


@dataclass(frozen=True)
class Stop:
    """A service with a first request to it; `example` has no code where no model would paint."""

    service: Service
    example: Example


def tour(user: User) -> list[Stop]:
    """Every service, with the simplest request that `user` can make."""
    model = EngineModel.objects.offered_to(user).first()
    width, height = model.sides.nearest(1024, 1024) if model else (1024, 1024)
    request = ImageRequest(
        prompt="a lighthouse in fog",
        width=width,
        height=height,
        model=model.slug if model else "-",
        **(model.defaults if model else {}),
    )
    found = of(request, user, seeded=False)
    return [Stop(*pair) for pair in zip(SERVICES, found, strict=True)]


def _example(service: Service, request: ImageRequest, user: User, *, seeded: bool) -> Example:
    body = service.ask(request, seeded=seeded)
    try:
        read = _understood(service, body, request, user)
    except InvalidRequest as refusal:
        return Example(service.dialect.name, service.title, refused=_reasons(refusal))
    call = Call(
        service=service.dialect.name,
        site=settings.BASE_URL,
        path=service.path,
        body=body,
        key=service.key,
        kind=read.output_format.value,
    )
    languages = _SOCKET_LANGUAGES if service.is_socket else _LANGUAGES
    codes = tuple(Code(language, write(call)) for language, write in languages)
    lost = tuple(_lost(request, read, seeded=seeded))
    return Example(service.dialect.name, service.title, codes, lost)


def _understood(
    service: Service, body: Mapping[str, Any], request: ImageRequest, user: User
) -> ImageRequest:
    """What `body` would have painted; InvalidRequest when it would be refused."""
    # Another seed than the request's, so that one which is not sent shows.
    defaults = Defaults(model=request.model, seed=(request.seed + 1) % (MAX_SEED + 1))
    read = service.dialect.read(body, defaults)
    choice = choosing.choose(read.model, user, any_name=service.any_model)
    read = choice.complete(read, service.dialect.omitted(body))
    if problems := choice.model.sides.problems(read.width, read.height):
        raise InvalidRequest(problems)
    return read


def _reasons(refusal: InvalidRequest) -> str:
    return " ".join(dict.fromkeys(line for lines in refusal.errors.values() for line in lines))


def _lost(request: ImageRequest, read: ImageRequest, *, seeded: bool) -> list[str]:
    """Of each field that would be another one: what it is called, and what it would be."""
    wanted, got = _facts(request), _facts(read)
    if not seeded:
        wanted["seed"] = got["seed"]
    return [_told(name, wanted[name], got[name]) for name in wanted if wanted[name] != got[name]]


def _facts(request: ImageRequest) -> dict[str, Any]:
    found: dict[str, Any] = {each.name: getattr(request, each.name) for each in fields(request)}
    size = f"{found.pop('width')} × {found.pop('height')}"
    return {"prompt": found.pop("prompt"), "size": size, **found}


def _told(name: str, wanted: Any, got: Any) -> str:
    label = _LABELS[name]
    if name == "seed":
        return _("%(what)s: each call gets another") % {"what": label}
    if name not in _TOLD:
        return str(label)
    values = {"what": label, "got": _shown(name, got), "wanted": _shown(name, wanted)}
    return _("%(what)s: %(got)s instead of %(wanted)s") % values


def _shown(name: str, value: Any) -> str:
    if name == "sampler":
        return samplers.by_slug(value).name
    return f"{value:g}" if isinstance(value, float) else str(value)
