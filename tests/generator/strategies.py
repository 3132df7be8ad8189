"""Hypothesis strategies for the canonical request."""

from typing import Any

from hypothesis import strategies as st

from generator.contract import (
    MAX_CLIP_SKIP,
    MAX_CONTROLS,
    MAX_COUNT,
    MAX_GUIDANCE,
    MAX_LORAS,
    MAX_PROMPT,
    MAX_SEED,
    MAX_SIDE,
    MAX_STEPS,
    MIN_SIDE,
    SIDE_STEP,
    Control,
    ControlMode,
    ImageRequest,
    Lora,
    OutputFormat,
    Safety,
)

CHARACTERS = st.one_of(
    st.characters(exclude_categories=("Cc", "Cs")), st.sampled_from("\n\r\t\N{ARABIC LETTER ALEF}")
)
TEXT = st.text(CHARACTERS, max_size=MAX_PROMPT)
NAMES = st.text(CHARACTERS, min_size=1, max_size=200)
SIDES = st.integers(MIN_SIDE // SIDE_STEP, MAX_SIDE // SIDE_STEP).map(lambda n: n * SIDE_STEP)
SEEDS = st.one_of(st.integers(0, MAX_SEED), st.sampled_from([0, MAX_SEED]))
FRACTIONS = st.floats(0, 1)
LORAS = st.builds(Lora, model=NAMES, weight=st.floats(-2, 2))


@st.composite
def controls(draw: st.DrawFn) -> Control:
    start, end = sorted((draw(FRACTIONS), draw(FRACTIONS)))
    return Control(
        preprocessor=draw(NAMES),
        guide=draw(NAMES),
        weight=draw(st.floats(0, 2)),
        start=start,
        end=end,
        mode=draw(st.sampled_from(ControlMode)),
    )


FIELDS: dict[str, st.SearchStrategy[Any]] = {
    "prompt": TEXT.filter(lambda text: bool(text.strip())),
    "negative_prompt": TEXT,
    "width": SIDES,
    "height": SIDES,
    "seed": SEEDS,
    "count": st.integers(1, MAX_COUNT),
    "steps": st.integers(1, MAX_STEPS),
    "guidance_scale": st.one_of(st.floats(0, MAX_GUIDANCE), st.integers(0, int(MAX_GUIDANCE))),
    "sampler": NAMES,
    "model": NAMES,
    "style": NAMES,
    "clip_skip": st.integers(0, MAX_CLIP_SKIP),
    "loras": st.lists(LORAS, max_size=MAX_LORAS).map(tuple),
    "controls": st.lists(controls(), max_size=MAX_CONTROLS).map(tuple),
    "initial_image": st.none() | NAMES,
    "mask": st.none() | NAMES,
    "strength": st.none() | FRACTIONS,
    "prompt_language": st.none()
    | st.sampled_from(["en", "pt-BR", "zh-Hant", "es-419", "cnr-Cyrl"]),
    "prompt_weighting": st.booleans(),
    "safety": st.sampled_from(Safety),
    "output_format": st.sampled_from(OutputFormat),
}
REQUESTS = st.builds(ImageRequest, **FIELDS)
