"""What the Create form starts with, and what belongs where on its page."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS
from django.utils.translation import gettext_lazy as _

from generator.contract import OutputFormat

CUSTOM = "custom"
RANDOM, FIXED = "random", "fixed"
#: What the page offers at once; any other count a remix brings along is shown too.
COUNTS = (1, 2, 4, 8)
#: Random seeds stay short enough to be read out and typed again.
RANDOM_SEEDS = 2**32
SCALE_NAMES = {"small": _("Small"), "standard": _("Standard"), "large": _("Large")}
FORMAT_NAMES = {"png": "PNG", "webp": "WebP", "jpeg": "JPEG"}
DEFAULTS: dict[str, Any] = {
    "prompt": "",
    "negative_prompt": "",
    "ratio": "1:1",
    "scale": "standard",
    "width": 1024,
    "height": 1024,
    "style": "none",
    "seed_mode": RANDOM,
    "seed": 0,
    "count": 1,
    "sampler": "default",
    "steps": 20,
    "guidance_scale": 7.0,
    "clip_skip": 0,
    "prompt_weighting": False,
    "output_format": OutputFormat.PNG.value,
}
#: Folded away under "More", in order; what differs from its default is named there.
MORE = (
    "model",
    "scale",
    "width",
    "height",
    "sampler",
    "steps",
    "guidance_scale",
    "clip_skip",
    "prompt_weighting",
    "output_format",
)
#: Where the page tells what is wrong with fields of the contract that it has in rows.
PLACES = {
    **dict.fromkeys(("initial_image", "mask", "strength", "controls"), "guides"),
    "loras": "adapters",
}
#: Errors that do not keep us from telling the price.
UNPRICED = {
    *("prompt", "negative_prompt", "seed", "seed_mode", "style", "sampler"),
    *("key", "parent", "expected_cost", "guides", "adapters", NON_FIELD_ERRORS),
}
