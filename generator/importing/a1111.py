"""The ``parameters`` text of AUTOMATIC1111, Forge, SD.Next and of whoever writes like them.

The prompt, then a line ``Negative prompt: …``, then one of ``Name: value`` pairs that begins with
``Steps:``; values with commas stand in double quotes, with backslashes before what is special.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from generator.contract import InvalidRequest
from generator.dialects import a1111_words
from generator.importing import found as words
from generator.importing.found import Found, found
from generator.importing.texts import Texts

PROGRAM = "AUTOMATIC1111"
_PAIR = re.compile(r'\s*([A-Za-z][^:,"\n]{0,60}):\s*("(?:[^"\\]|\\.)*"|[^,\n]*)(?:,|$)')
_SIZE = re.compile(r"(\d{1,9})x(\d{1,9})")
NEGATIVE = "Negative prompt:"


def read(texts: Texts) -> Found | None:
    """What that text says; None without one."""
    if not texts.parameters.strip():
        return None
    prompt, negative, pairs = split(texts.parameters)
    try:
        apart = a1111_words.dressed({"prompt": prompt, "negative_prompt": negative}, ())
    except InvalidRequest:
        apart = {"prompt": prompt, "negative_prompt": negative}
    return found(PROGRAM, {**apart, **_settings(pairs)})


def split(text: str) -> tuple[str, str, dict[str, str]]:
    """The prompt, the negative prompt and the pairs of the last line."""
    lines = text.strip().splitlines()
    pairs: dict[str, str] = {}
    if lines and lines[-1].lstrip().startswith("Steps:"):
        pairs = {name.strip(): _bare(value) for name, value in _PAIR.findall(lines.pop())}
    starts = [n for n, line in enumerate(lines) if line.startswith(NEGATIVE)]
    if not starts:
        return "\n".join(lines).strip(), "", pairs
    negative = "\n".join(lines[starts[0] :]).removeprefix(NEGATIVE).strip()
    return "\n".join(lines[: starts[0]]).strip(), negative, pairs


def _settings(pairs: Mapping[str, str]) -> dict[str, Any]:
    size = _SIZE.fullmatch(pairs.get("Size", ""))
    width, height = (int(size[1]), int(size[2])) if size else (None, None)
    clip_skip = words.whole(pairs.get("Clip skip"))
    return {
        "width": width,
        "height": height,
        "steps": words.whole(pairs.get("Steps")),
        "guidance_scale": words.number(pairs.get("CFG scale")),
        "seed": words.seed(pairs.get("Seed")),
        "sampler": words.sampler(pairs.get("Sampler"), pairs.get("Schedule type")),
        "model": pairs.get("Model"),
        "style": pairs.get("Style"),
        # They count the layer that is used, from the end; we count those that are left out.
        "clip_skip": clip_skip - 1
        if clip_skip and "Limner" not in pairs.get("Version", "")
        else None,
    }


def _bare(value: str) -> str:
    value = value.strip()
    if not value.startswith('"'):
        return value
    try:
        return str(json.loads(value))
    except ValueError:
        return value.strip('"')
