"""The one canonical request, and what an engine gives back.

Every form, API and dialect translates into `ImageRequest`; engines see nothing
else. Names follow diffusers where it has one. Sizes are pixels, fractions 0..1,
seeds 0..2**64-1. This module knows neither Django nor HTTP.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from enum import StrEnum
from typing import Any, Self

from PIL import Image

MAX_PROMPT = 4000
MAX_SEED = 2**64 - 1
MIN_SIDE, MAX_SIDE, SIDE_STEP = 256, 2048, 8
MAX_COUNT = 16
MAX_STEPS = 150
MAX_GUIDANCE = 35.0
MAX_CLIP_SKIP = 12
MAX_LORAS = 8
MAX_CONTROLS = 4
MAX_NAME = 200  # of a model, sampler, style, preprocessor
MAX_REFERENCE = 2000  # a stored picture's id, or a URL
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")


class Safety(StrEnum):
    """What to do with a picture that the rating finds sensitive."""

    CHECK = "check"  # keep it, flagged
    BLANK = "blank"  # hand out a blank picture instead
    OFF = "off"  # do not look


class OutputFormat(StrEnum):
    PNG = "png"
    WEBP = "webp"
    JPEG = "jpeg"


class ControlMode(StrEnum):
    BALANCED = "balanced"
    PROMPT = "prompt"
    CONTROLNET = "controlnet"


class InvalidRequest(ValueError):
    """A request that cannot be made; `errors` maps field name -> messages."""

    def __init__(self, errors: Mapping[str, Iterable[str]]) -> None:
        self.errors = {name: list(messages) for name, messages in errors.items()}
        super().__init__("; ".join(f"{k}: {' '.join(v)}" for k, v in self.errors.items()))


@dataclass(frozen=True, kw_only=True)
class Lora:
    """A low-rank adapter and how much of it: `weight` in -2..2, 1 is as trained."""

    model: str
    weight: float = 1.0


@dataclass(frozen=True, kw_only=True)
class Control:
    """A ControlNet guide: which picture, read how, how strongly and when.

    `start` and `end` are fractions of the steps, 0..1; `guide` is the id of a
    stored picture or an http(s) URL.
    """

    preprocessor: str
    guide: str
    weight: float = 1.0
    start: float = 0.0
    end: float = 1.0
    mode: ControlMode = ControlMode.BALANCED


@dataclass(frozen=True, kw_only=True)
class ImageRequest:
    """What to paint. Validated on construction: raises `InvalidRequest`.

    `count` pictures are painted; picture k uses `(seed + k) mod 2**64`.
    `clip_skip` is the number of final CLIP layers left out (0 = none).
    `prompt_language` is a BCP 47 code, None when it is to be detected.
    """

    prompt: str
    negative_prompt: str = ""
    width: int = 1024
    height: int = 1024
    seed: int = 0
    count: int = 1
    steps: int = 20
    guidance_scale: float = 7.0
    sampler: str = "default"
    model: str = "sketch"
    style: str = "none"
    clip_skip: int = 0
    loras: tuple[Lora, ...] = ()
    controls: tuple[Control, ...] = ()
    initial_image: str | None = None
    mask: str | None = None
    strength: float | None = None
    prompt_language: str | None = None
    prompt_weighting: bool = False
    safety: Safety = Safety.CHECK
    output_format: OutputFormat = OutputFormat.PNG

    def __post_init__(self) -> None:
        errors = _Problems(self).found
        if errors:
            raise InvalidRequest(errors)

    def for_position(self, position: int) -> Self:
        """The same request for the one picture at `position` (0-based)."""
        return replace(self, seed=picture_seed(self.seed, position), count=1)

    def to_json(self) -> dict[str, Any]:
        """Plain values, fit for a JSON column; `from_json` reads them back."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Read what `to_json` wrote; fields unknown to this version are ignored."""
        values = _known(cls, data)
        values["loras"] = tuple(Lora(**_known(Lora, lora)) for lora in values.get("loras", ()))
        values["controls"] = tuple(
            Control(**{**_known(Control, control), "mode": ControlMode(control["mode"])})
            for control in values.get("controls", ())
        )
        values["safety"] = Safety(values.get("safety", Safety.CHECK))
        values["output_format"] = OutputFormat(values.get("output_format", OutputFormat.PNG))
        return cls(**values)


@dataclass(frozen=True)
class GeneratedImage:
    """One finished picture: RGB pixels, the seed that made it, engine notes."""

    pixels: Image.Image
    seed: int
    meta: Mapping[str, Any] = field(default_factory=dict)


def picture_seed(seed: int, position: int) -> int:
    """The seed of the picture at `position` of a request with `seed`."""
    return (seed + position) % (MAX_SEED + 1)


def narrow_seed(seed: int) -> int:
    """Map a seed of any width onto 0..2**64-1, always the same way.

    Wider seeds (PicFinder sends 20 digits) are folded, so that seeds which
    differ by one stay different.
    """
    return abs(seed) % (MAX_SEED + 1)


def _known(cls: type, data: Mapping[str, Any]) -> dict[str, Any]:
    names = {f.name for f in fields(cls)}
    return {name: value for name, value in data.items() if name in names}


class _Problems:
    """Collects what is wrong with a request, one message per field at least."""

    def __init__(self, request: ImageRequest) -> None:
        self.request = request
        self.found: dict[str, list[str]] = {}
        self._prompts()
        self._choices()
        self._numbers()
        self._loras()
        self._controls()

    def _add(self, name: str, message: str) -> None:
        messages = self.found.setdefault(name, [])
        if message not in messages:
            messages.append(message)

    def _prompts(self) -> None:
        for name in ("prompt", "negative_prompt"):
            self._text(name, getattr(self.request, name), MAX_PROMPT)
        if "prompt" not in self.found and not self.request.prompt.strip():
            self._add("prompt", "Describe the picture you want.")

    def _choices(self) -> None:
        for name in ("sampler", "model", "style"):
            self._named(name, getattr(self.request, name), MAX_NAME)
        for name in ("initial_image", "mask"):
            reference = getattr(self.request, name)
            if reference is not None:
                self._named(name, reference, MAX_REFERENCE)
        language = self.request.prompt_language
        if language is not None and not _is_language(language):
            self._add("prompt_language", "Must be a language code such as en or pt-BR.")
        self._one_of("prompt_weighting", bool, "Must be yes or no.")
        self._one_of("safety", Safety, "Choose one.")
        self._one_of("output_format", OutputFormat, "Choose one.")

    def _numbers(self) -> None:
        for name in ("width", "height"):
            self._integer(name, MIN_SIDE, MAX_SIDE)
            if name not in self.found and getattr(self.request, name) % SIDE_STEP:
                self._add(name, f"Must be a multiple of {SIDE_STEP}.")
        self._integer("seed", 0, MAX_SEED)
        self._integer("count", 1, MAX_COUNT)
        self._integer("steps", 1, MAX_STEPS)
        self._integer("clip_skip", 0, MAX_CLIP_SKIP)
        self._fraction("guidance_scale", self.request.guidance_scale, 0.0, MAX_GUIDANCE)
        if self.request.strength is not None:
            self._fraction("strength", self.request.strength, 0.0, 1.0)

    def _loras(self) -> None:
        for lora in self._several("loras", Lora, MAX_LORAS):
            self._named("loras", lora.model, MAX_NAME)
            self._fraction("loras", lora.weight, -2.0, 2.0)

    def _controls(self) -> None:
        for control in self._several("controls", Control, MAX_CONTROLS):
            self._named("controls", control.preprocessor, MAX_NAME)
            self._named("controls", control.guide, MAX_REFERENCE)
            self._fraction("controls", control.weight, 0.0, 2.0)
            self._fraction("controls", control.start, 0.0, 1.0)
            self._fraction("controls", control.end, 0.0, 1.0)
            if not isinstance(control.mode, ControlMode):
                self._add("controls", "Choose a mode.")
            if "controls" not in self.found and control.start > control.end:
                self._add("controls", "A control cannot end before it starts.")

    def _several(self, name: str, kind: type, most: int) -> tuple[Any, ...]:
        values = getattr(self.request, name)
        if not isinstance(values, tuple) or not all(isinstance(value, kind) for value in values):
            self._add(name, f"Must be a list of {name}.")
            return ()
        if len(values) > most:
            self._add(name, f"At most {most}.")
            return ()
        return values

    def _named(self, name: str, value: object, most: int) -> None:
        if value == "":
            self._add(name, "Choose one.")
        else:
            self._text(name, value, most)

    def _text(self, name: str, value: object, most: int) -> None:
        if not isinstance(value, str):
            self._add(name, "Must be text.")
        elif len(value) > most:
            self._add(name, f"At most {most} characters; this has {len(value)}.")
        elif any(_forbidden(character) for character in value):
            self._add(name, "Contains a character that is not text.")

    def _one_of(self, name: str, kind: type, message: str) -> None:
        if not isinstance(getattr(self.request, name), kind):
            self._add(name, message)

    def _integer(self, name: str, low: int, high: int) -> None:
        value = getattr(self.request, name)
        if isinstance(value, bool) or not isinstance(value, int):
            self._add(name, "Must be a whole number.")
        elif not low <= value <= high:
            self._add(name, f"Must be between {low} and {high}.")

    def _fraction(self, name: str, value: object, low: float, high: float) -> None:
        if isinstance(value, bool) or not isinstance(value, int | float):
            self._add(name, "Must be a number.")
        elif not low <= value <= high:  # NaN compares false, so it fails here too
            self._add(name, f"Must be between {low:g} and {high:g}.")


def _is_language(value: object) -> bool:
    return isinstance(value, str) and _LANGUAGE.fullmatch(value) is not None


def _forbidden(character: str) -> bool:
    """NUL, other controls and lone surrogates; line breaks and tabs are text."""
    return unicodedata.category(character) in {"Cc", "Cs"} and character not in "\n\r\t"
