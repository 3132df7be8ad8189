"""What an `imageInference` may hold, field by field, as runware.ai/docs has it.

Bounds are the document's where ours are wider, and ours where they are narrower.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from generator.catalog import preprocessors, samplers
from generator.catalog.limits import PICFINDER_CLIP_SKIP, PICFINDER_RESULTS, Length, Number, Whole
from generator.contract import (
    MAX_CONTROLS,
    MAX_GUIDANCE,
    MAX_LORAS,
    MAX_NAME,
    MAX_PROMPT,
    MAX_SEED,
    MAX_SIDE,
    MAX_STEPS,
    MIN_SIDE,
    SIDE_STEP,
    ControlMode,
    InvalidRequest,
    Lora,
)
from generator.dialects.fields import Choice, Field, Flag, Quoted, Several
from generator.dialects.picfinder_fields import MAX_URL, Id, Listed, ModelId, OrZero
from generator.dialects.picfinder_messages import MAX_BASE64

OUTPUTS = ("URL", "base64Data", "dataURI")
FORMATS = ("JPG", "PNG", "WEBP")


@dataclass(frozen=True)
class Upper:
    """One of `names`, in any case."""

    names: tuple[str, ...]

    def check(self, value: object, *, field: str) -> str:
        said = value.upper() if isinstance(value, str) else value
        return Choice(self.names).check("JPG" if said == "JPEG" else said, field=field)


@dataclass(frozen=True)
class SamplerName:
    """A scheduler by the name that the document or the web UI has for it."""

    def check(self, value: object, *, field: str) -> str:
        name = Length(1, MAX_NAME).check(value, field=field)
        for find in (samplers.by_picfinder_name, samplers.by_a1111_name):
            try:
                return find(name).slug
            except InvalidRequest as unknown:
                [messages] = unknown.errors.values()
        raise InvalidRequest({field: messages})


@dataclass(frozen=True)
class Outputs:
    """How pictures are told; a list with one entry means that entry."""

    def check(self, value: object, *, field: str) -> str:
        single = value[0] if isinstance(value, list) and len(value) == 1 else value
        return Choice(OUTPUTS).check(single, field=field)


def _control(**sent: Any) -> Mapping[str, Any]:
    return sent


_SIDE = Quoted(Whole(MIN_SIDE, MAX_SIDE, SIDE_STEP))
_STEP = Quoted(Whole(0, MAX_STEPS))
_PERCENT = Quoted(Number(0, 100))
_FILE = Length(1, MAX_BASE64)
_LORA = (
    Field("model", "model", ModelId(), "A name or an AIR.", required=True),
    Field("weight", "weight", Quoted(Number(-2, 2)), "1."),
)
#: The document names a model; here it is how the guide is read that chooses one.
_CONTROL = (
    Field("model", "preprocessor", Listed(preprocessors.by_picfinder_name), "", required=True),
    Field("guideImage", "guide", _FILE, "", required=True),
    Field("weight", "weight", Quoted(Number(0, 1)), ""),
    Field("startStep", "start_step", _STEP, ""),
    Field("endStep", "end_step", _STEP, ""),
    Field("startStepPercentage", "start", _PERCENT, ""),
    Field("endStepPercentage", "end", _PERCENT, ""),
    Field("controlMode", "mode", Choice(tuple(ControlMode)), ""),
)
FIELDS = (
    Field("taskUUID", "task", Id(), "What the answers are matched by.", required=True),
    Field("positivePrompt", "prompt", Length(1, MAX_PROMPT), "What to paint.", required=True),
    Field("negativePrompt", "negative_prompt", Length(0, MAX_PROMPT), "What not."),
    Field("model", "model", ModelId(), "An AIR, or a name.", required=True),
    Field("numberResults", "count", Quoted(PICFINDER_RESULTS), "1."),
    Field("width", "width", _SIDE, "The model's own."),
    Field("height", "height", _SIDE, "The model's own."),
    Field("steps", "steps", Quoted(Whole(1, MAX_STEPS)), "The model's own."),
    Field("CFGScale", "guidance_scale", Quoted(Number(0, MAX_GUIDANCE)), "The model's own."),
    Field("seed", "seed", OrZero(Whole(1, MAX_SEED)), "0: random."),
    Field("scheduler", "sampler", SamplerName(), "The model's own."),
    Field("clipSkip", "clip_skip", Quoted(PICFINDER_CLIP_SKIP), "0."),
    Field("outputType", "output", Outputs(), "URL."),
    Field("outputFormat", "format", Upper(FORMATS), "JPG."),
    Field("deliveryMethod", "delivery", Choice(("sync",)), "Pictures come unasked."),
    Field("uploadEndpoint", "endpoint", Length(1, MAX_URL), "Where pictures are PUT."),
    Field("checkNSFW", "check", Flag(), "Whether to say what the rating found."),
    Field("includeCost", "costs", Flag(), "Whether to say what a picture costs, in credits."),
    Field("lora", "loras", Several(_LORA, MAX_LORAS, Lora), "Adapters."),
    Field("controlNet", "controls", Several(_CONTROL, MAX_CONTROLS, _control), "Guides."),
    Field("seedImage", "initial_image", _FILE, "The picture to begin with."),
    Field("maskImage", "mask", _FILE, "What of it to paint anew."),
    Field("strength", "strength", Quoted(Number(0, 1)), "How far it may be left."),
)
#: What an `imageUpload` may hold.
UPLOAD = (
    Field("taskUUID", "task", Id(), "What the answer is matched by.", required=True),
    Field("image", "image", _FILE, "A link, a data: URL, or base64.", required=True),
)
#: Of the fields, those that an `ImageRequest` has no place for, or only in other words.
BESIDES = (
    *("task", "output", "format", "delivery", "endpoint", "check", "costs"),
    *("initial_image", "mask", "controls"),
)
