"""Whether a model works on this installation, and if not, what is missing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from django.conf import settings

from generator.contract import ImageRequest
from generator.engines.diffusion import refusals
from generator.engines.remote import account


def models_dir() -> Path | None:
    """Where weights lie, None where the diffusion engine runs on another machine."""
    return None if "diffusion" in settings.ENGINES_ELSEWHERE else settings.MODELS_DIR


def _diffusion(options: Mapping[str, Any]) -> str:
    """What is missing on this machine, or only what is wrong where another machine paints."""
    root = models_dir()
    return (
        refusals.bad_options(options) if root is None else refusals.what_is_missing(options, root)
    )


def _remote(options: Mapping[str, Any]) -> str:
    """What is missing here, or only what is wrong where another machine buys."""
    return account.why_not(options, here="remote" not in settings.ENGINES_ELSEWHERE)


#: Engines whose models can be incomplete, with the function that says how.
CHECKS: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "diffusion": _diffusion,
    "remote": _remote,
}


def why_not(engine: str, options: Mapping[str, Any]) -> str:
    """One line about what must be set before a model with these options works, "" if nothing."""
    if engine not in settings.ENGINES:
        return f"There is no engine “{engine}”; there is {', '.join(settings.ENGINES)}."
    check = CHECKS.get(engine)
    return check(options) if check else ""


def sampler_problem(engine: str, options: Any, sampler: str) -> str:
    """Why a model cannot use `sampler` by default, "" if it can: each request would be refused."""
    if engine != "diffusion":
        return ""
    usual = ImageRequest(prompt="-", sampler=sampler)
    return refusals.why_not(usual, options, models_dir())
