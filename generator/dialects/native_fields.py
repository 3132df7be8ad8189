"""The fields of a native task: the documented ones, and ours, which no client of theirs sends."""

from __future__ import annotations

from typing import Any

from generator.catalog import RATIOS, SAMPLERS, STYLES
from generator.catalog.limits import (
    GONEURAL_NEGATIVE_PROMPT,
    GONEURAL_PROMPT,
    Length,
    Number,
    Whole,
)
from generator.catalog.preprocessors import PREPROCESSORS
from generator.contract import (
    MAX_CLIP_SKIP,
    MAX_CONTROLS,
    MAX_COUNT,
    MAX_GUIDANCE,
    MAX_LORAS,
    MAX_NAME,
    MAX_SIDE,
    MAX_STEPS,
    MIN_SIDE,
    SIDE_STEP,
    Control,
    ControlMode,
    Lora,
    OutputFormat,
)
from generator.dialects.fields import Choice, Field, Flag, Label, Several

#: The document says "integer" and no more. Wider seeds than ours are folded and echoed.
MAX_SENT_SEED = 10**30
MAX_ID = 2**63 - 1
MAX_PROJECT = 60
RATIO_NAMES = tuple(ratio.goneural for ratio in RATIOS)
_SIDE = Whole(MIN_SIDE, MAX_SIDE, step=SIDE_STEP)
_SIZE = "Pixels; needs the other side too, and replaces `ratio`."
#: Ids of pictures have 36 characters.
_PICTURE = Length(1, 100)
_ID = "the id of a picture of `/v1/assets` or `/v1/uploads`"
_LORA = (
    Field("model", "model", Length(1, MAX_NAME), "One that `GET /v1/models` lists.", required=True),
    Field("weight", "weight", Number(-2, 2), "How much of it; 1, as trained, when omitted."),
)
_CONTROL = (
    Field(
        "preprocessor",
        "preprocessor",
        Choice(tuple(preprocessor.slug for preprocessor in PREPROCESSORS)),
        "How the guide is read; `GET /v1/models` tells which of them a model can do.",
        required=True,
    ),
    Field("guide", "guide", _PICTURE, f"What to follow: {_ID}.", required=True),
    Field("weight", "weight", Number(0, 2), "How strictly to follow; 1 when omitted."),
    Field("start", "start", Number(0, 1), "From which share of the steps on; 0 when omitted."),
    Field("end", "end", Number(0, 1), "Until which share of the steps; 1 when omitted."),
    Field(
        "mode",
        "mode",
        Choice(tuple(mode.value for mode in ControlMode)),
        "Whether the prompt or the guide weighs more; `balanced` when omitted.",
    ),
)


def _control(mode: str = ControlMode.BALANCED.value, **values: Any) -> Control:
    return Control(mode=ControlMode(mode), **values)


FIELDS = (
    Field("prompt", "prompt", GONEURAL_PROMPT, "What to paint.", required=True),
    Field(
        "ratio",
        "ratio",
        Choice(RATIO_NAMES),
        "Shape and size. Required unless `width` and `height` are given.",
    ),
    Field("negativePrompt", "negative_prompt", GONEURAL_NEGATIVE_PROMPT, "What to leave out."),
    Field(
        "seed",
        "seed",
        Whole(-MAX_SENT_SEED, MAX_SENT_SEED),
        "Same prompt and seed, same picture. Null or omitted: random.",
    ),
    Field("count", "count", Whole(1, MAX_COUNT), "How many pictures; each costs the same."),
    Field(
        "model",
        "model",
        Length(1, MAX_NAME),
        "An id of `GET /v1/models`, or a well-known name; `meta.note` tells who stands in for it.",
    ),
    Field("style", "style", Choice(tuple(style.slug for style in STYLES)), "The look."),
    Field(
        "sampler",
        "sampler",
        Choice(tuple(sampler.slug for sampler in SAMPLERS)),
        "How noise becomes a picture.",
    ),
    Field("steps", "steps", Whole(1, MAX_STEPS), "More steps cost more and show more detail."),
    Field("guidanceScale", "guidance_scale", Number(0, MAX_GUIDANCE), "How literally to read."),
    Field("clipSkip", "clip_skip", Whole(0, MAX_CLIP_SKIP), "CLIP layers left out at the end."),
    Field("width", "width", _SIDE, _SIZE),
    Field("height", "height", _SIDE, _SIZE),
    Field(
        "outputFormat",
        "output_format",
        Choice(tuple(format.value for format in OutputFormat)),
        "File type of the original.",
    ),
    Field("initialImage", "initial_image", _PICTURE, f"What to begin with: {_ID}."),
    Field(
        "strength",
        "strength",
        Number(0, 1),
        "How much of `initialImage` may change: 0 hardly anything, 1 everything.",
    ),
    Field("mask", "mask", _PICTURE, f"White where `initialImage` may change: {_ID}."),
    Field("loras", "loras", Several(_LORA, MAX_LORAS, Lora), "Adapters that change the model."),
    Field(
        "controls",
        "controls",
        Several(_CONTROL, MAX_CONTROLS, _control),
        "Pictures that guide the composition (ControlNet).",
    ),
    Field(
        "promptWeighting",
        "prompt_weighting",
        Flag(),
        "Whether `(word:1.3)`, `(word)` and `[word]` in prompts mean emphasis.",
    ),
)
#: Who pays, and what for. No part of the picture's request.
TERMS = (
    Field(
        "wallet",
        "wallet",
        Whole(1, MAX_ID),
        "Which wallet pays: an id of `GET /v1/credits`; your own when omitted.",
    ),
    Field(
        "project",
        "project",
        Label(MAX_PROJECT),
        "A label of yours, by which `GET /v1/credits/entries` can be filtered.",
    ),
)
