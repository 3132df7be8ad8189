"""How far each documented field may go, for the dialects to enforce.

Sources: the five API documents, named by the prefix of each constant; "ours"
marks a bound the document leaves open, taken from the contract. `default` is
what the document says an omitted field means, None where it says nothing.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from generator.contract import MAX_COUNT, MAX_STEPS, InvalidRequest


@dataclass(frozen=True)
class Length:
    """A text field, in characters."""

    low: int
    high: int

    def check(self, value: object, *, field: str) -> str:
        """`value` as text, or `InvalidRequest` on `field`."""
        if not isinstance(value, str):
            raise InvalidRequest({field: ["Must be text."]})
        if not self.low <= len(value) <= self.high:
            raise InvalidRequest({field: [self._message()]})
        return value

    def _message(self) -> str:
        return f"Must be between {self.low} and {self.high} characters."


@dataclass(frozen=True)
class Whole:
    """A whole-number field: `low`..`high`, both allowed, in steps of `step` from 0."""

    low: int
    high: int
    step: int = 1
    default: int | None = None

    def check(self, value: object, *, field: str) -> int:
        """`value` as a whole number, or `InvalidRequest` on `field`; true is not 1."""
        if isinstance(value, bool) or not isinstance(value, int):
            raise InvalidRequest({field: ["Must be a whole number."]})
        if not self.low <= value <= self.high or value % self.step:
            raise InvalidRequest({field: [self._message()]})
        return value

    def nearest(self, value: float) -> int:
        """What is allowed and nearest to `value`, for who asks another service."""
        return min(max(round(value / self.step) * self.step, self.low), self.high)

    def _message(self) -> str:
        multiple = f" and a multiple of {self.step}" if self.step > 1 else ""
        return f"Must be between {self.low} and {self.high}{multiple}."


@dataclass(frozen=True)
class Number:
    """A field of any finite number: `low`..`high`, both allowed."""

    low: float
    high: float
    default: float | None = None

    def check(self, value: object, *, field: str) -> float:
        """`value` as a number, or `InvalidRequest` on `field`; true is not 1."""
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise InvalidRequest({field: ["Must be a number."]})
        if not self.low <= value <= self.high or not math.isfinite(value):
            raise InvalidRequest({field: [f"Must be between {self.low:g} and {self.high:g}."]})
        return float(value)


def unquoted(value: object) -> object:
    """A number sent as text ("512", as ModelsLab clients do) as a number.

    Anything else comes back as it is, for a limit to judge.
    """
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 30:
        return int(value)
    return value


# goneural, Text to Image, "Required parameters" and "Optional parameters".
GONEURAL_PROMPT = Length(1, 500)
GONEURAL_NEGATIVE_PROMPT = Length(0, 500)

# PicFinder, Text to image, "Request components". The seed is wider than 64 bits:
# `contract.narrow_seed` folds it, and the answer echoes what the client sent.
PICFINDER_SEED = Whole(1, 922_337_203_470_729_216_000)
PICFINDER_GUIDANCE = Number(0, 10, default=7.5)
PICFINDER_STEPS = Whole(1, MAX_STEPS, default=20)  # bounds: ours
PICFINDER_RESULTS = Whole(1, MAX_COUNT)  # bounds: ours
PICFINDER_CLIP_SKIP = Whole(0, 2)
PICFINDER_LORA_WEIGHT = Number(0, 1)
PICFINDER_CONTROL_WEIGHT = Number(0, 1)
PICFINDER_CONTROL_FRACTION = Number(0, 1)  # startStepPercentage, endStepPercentage

# AIThriving, Basic Text To Image, "Request Body". The document calls cfg_scale an
# int; halves are taken too. A seed of 0 asks for a random one.
AITHRIVING_SIDE = Whole(320, 1536, step=64)
AITHRIVING_GUIDANCE = Number(0, 35, default=7)
AITHRIVING_STEPS = Whole(10, 50, default=30)

# ModelsLab, Enterprise: Text to Image, "Body Attributes"; the lower bound, the
# step and the default side are from its page of errors, steps and guidance from
# the "meta" of its example.
MODELSLAB_SIDE = Whole(256, 1024, step=8, default=512)
MODELSLAB_SAMPLES = Whole(1, 4, default=1)
MODELSLAB_STEPS = Whole(1, MAX_STEPS, default=10)  # bounds: ours
MODELSLAB_GUIDANCE = Number(0, 35, default=3.5)  # bounds: ours

# OpenAI, Images, "n".
OPENAI_COUNT = Whole(1, 10, default=1)
