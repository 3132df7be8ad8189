"""What a `newTask` may hold, field by field: PicFinder's table, as its clients send it.

Source: PicFinder, Text to image, "Request components"; `scheduler`, the initiators and
`returnBase64Image` are of the service's own SDKs.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from generator.catalog import languages, models, preprocessors, samplers, sizes, styles, task_types
from generator.catalog.limits import (
    PICFINDER_CLIP_SKIP,
    PICFINDER_CONTROL_FRACTION,
    PICFINDER_CONTROL_WEIGHT,
    PICFINDER_GUIDANCE,
    PICFINDER_LORA_WEIGHT,
    PICFINDER_RESULTS,
    PICFINDER_SEED,
    PICFINDER_STEPS,
    Length,
    Number,
    Whole,
    unquoted,
)
from generator.contract import (
    MAX_CONTROLS,
    MAX_LORAS,
    MAX_NAME,
    MAX_PROMPT,
    MAX_REFERENCE,
    MAX_STEPS,
    ControlMode,
    InvalidRequest,
    Lora,
)
from generator.dialects.fields import Choice, Field, Flag, Quoted, Rule, Several

#: What `offset` may say, and how long the addresses in a task may be.
OFFSET = Whole(0, 10**9)
MAX_URL = 4000


@dataclass(frozen=True)
class Listed:
    """An entry of a table of the document, by its number or name."""

    find: Callable[[object], Any]

    def check(self, value: object, *, field: str) -> Any:
        try:
            return self.find(unquoted(value))
        except InvalidRequest as wrong:
            [messages] = wrong.errors.values()
            raise InvalidRequest({field: messages}) from None


@dataclass(frozen=True)
class Id:
    """A UUID as text, spelled as its client spells it."""

    def check(self, value: object, *, field: str) -> str:
        text = Length(1, 45).check(value, field=field)
        try:
            uuid.UUID(text)
        except ValueError:
            raise InvalidRequest({field: ["Must be a UUID."]}) from None
        return text


@dataclass(frozen=True)
class ModelId:
    """A model by its number, sent as 18 or "18", or by a name."""

    def check(self, value: object, *, field: str) -> str:
        if isinstance(value, bool) or not isinstance(value, int | str) or value == "":
            raise InvalidRequest({field: ["Must be the ID of a model."]})
        known = models.by_picfinder_id(unquoted(value))
        return known.slug if known else Length(1, MAX_NAME).check(str(value), field=field)


@dataclass(frozen=True)
class OrZero:
    """The rule, and 0 for what is left to us."""

    rule: Rule

    def check(self, value: object, *, field: str) -> int:
        number = unquoted(value)
        if number == 0 and not isinstance(number, bool):
            return 0
        checked: int = self.rule.check(number, field=field)
        return checked


def _control(**sent: Any) -> Mapping[str, Any]:
    return sent


_LORA = (
    Field("modelId", "model", ModelId(), "A number, a name or an AIR.", required=True),
    Field("weight", "weight", Quoted(PICFINDER_LORA_WEIGHT), "How much of it.", required=True),
)
_STEP = Quoted(Whole(0, MAX_STEPS))
_PART = Quoted(PICFINDER_CONTROL_FRACTION)
_CONTROL = (
    Field(
        "preprocessor", "preprocessor", Listed(preprocessors.by_picfinder_name), "", required=True
    ),
    Field("weight", "weight", Quoted(PICFINDER_CONTROL_WEIGHT), ""),
    Field("startStep", "start_step", _STEP, ""),
    Field("endStep", "end_step", _STEP, ""),
    Field("startStepPercentage", "start", _PART, ""),
    Field("endStepPercentage", "end", _PART, ""),
    Field("guideImageUUID", "guide", Id(), ""),
    Field("guideImageUrl", "guide_url", Length(1, MAX_REFERENCE), ""),
    Field("controlMode", "mode", Choice(tuple(ControlMode)), ""),
)
FIELDS = (
    Field("taskUUID", "task", Id(), "What the answers are matched by.", required=True),
    Field("promptText", "prompt", Length(1, 2 * MAX_PROMPT), "What to paint.", required=True),
    Field("numberResults", "count", Quoted(PICFINDER_RESULTS), "Pictures.", required=True),
    Field("modelId", "model", ModelId(), "The model.", required=True),
    Field("sizeId", "size", Listed(sizes.by_picfinder_id), "The size.", required=True),
    Field("taskType", "kind", Listed(task_types.by_picfinder_id), "1 when omitted."),
    Field("promptLanguageId", "language", Listed(languages.by_picfinder_id), "Null: detected."),
    Field("steps", "steps", Quoted(PICFINDER_STEPS), "20."),
    Field("gScale", "guidance_scale", Quoted(PICFINDER_GUIDANCE), "7.5."),
    Field("seed", "seed", OrZero(PICFINDER_SEED), "0: random."),
    Field("useCache", "use_cache", Flag(), "True."),
    Field("saveToCache", "save_to_cache", Flag(), "True."),
    Field("offset", "offset", Quoted(OFFSET), "0."),
    Field("clipSkip", "clip_skip", Quoted(PICFINDER_CLIP_SKIP), "0."),
    Field("styleId", "style", Listed(styles.by_picfinder_id), "1: none."),
    Field("uploadEndpoint", "endpoint", Length(1, MAX_URL), "Where pictures are PUT."),
    Field("checkNsfw", "check", Flag(), "Pictures are looked at whenever the engine can."),
    Field("usePromptWeighting", "prompt_weighting", Flag(), "False."),
    Field("schedulerId", "sampler", Listed(samplers.by_picfinder_id), "1: the model's own."),
    Field("scheduler", "sampler_name", Length(1, MAX_NAME), "The same by name."),
    Field("lora", "loras", Several(_LORA, MAX_LORAS, Lora), "Adapters."),
    Field("controlNet", "controls", Several(_CONTROL, MAX_CONTROLS, _control), "Guides."),
    Field("imageInitiatorUUID", "initial_image", Id(), "The picture to begin with."),
    Field("imageMaskInitiatorUUID", "mask", Id(), "What of it to paint anew."),
    Field("strength", "strength", Quoted(Number(0, 1)), "How far it may be left."),
    Field("returnBase64Image", "base64", Flag(), "Whether messages hold the files."),
)
#: Of the fields, those that an `ImageRequest` has no place for, or only in other words.
BESIDES = (
    *("task", "size", "kind", "language", "use_cache", "save_to_cache", "offset", "endpoint"),
    *("check", "sampler_name", "base64", "style", "sampler", "controls"),
)
