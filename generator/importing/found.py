"""What a file says about its making, in our own words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from gallery.provenance import DigitalSourceType
from generator.catalog import samplers
from generator.contract import (
    MAX_LORAS,
    MAX_PROMPT,
    ImageRequest,
    InvalidRequest,
    Lora,
    narrow_seed,
)

#: What a request must have to be one; the file need not say it.
_NEEDED = {"prompt": "-"}
#: What stands in samplers' names elsewhere, and what A1111 writes for it; applied in this order.
_SPELLINGS = (
    ("kdpm", "dpm"),
    ("dpmpp", "DPM++"),
    ("dpm_2", "DPM2"),
    ("uni_pc", "UniPC"),
    ("ancestral", "a"),
)


@dataclass(frozen=True)
class Found:
    """How a picture was made: by which `program`, from which `prompt`, with which `settings`.

    `settings` are fields of the canonical request that can be used as they are, `left_out` those
    that cannot, as the file spells them. `recipe` is the gallery's, made of both.
    """

    program: str
    prompt: str
    settings: Mapping[str, Any]
    left_out: Mapping[str, Any] = field(default_factory=dict)
    digital_source_type: str = DigitalSourceType.TRAINED

    @property
    def recipe(self) -> dict[str, Any]:
        """As the gallery keeps recipes; says where it was read."""
        settings = {"prompt": self.prompt, **self.settings}
        return {
            "request": settings,
            "model": str(settings.get("model", "")),
            "engine": self.program,
            "imported": True,
            **({"left_out": dict(self.left_out)} if self.left_out else {}),
        }


def found(program: str, values: Mapping[str, Any], **more: Any) -> Found | None:
    """From fields of the canonical request as the file has them; None without any prompt.

    Each is kept if a request may have it.
    """
    prompt = values.get("prompt")
    if not isinstance(prompt, str) or not prompt.strip() or _invalid({"prompt": prompt}):
        return None
    said = {name: value for name, value in values.items() if value not in (None, "", (), [])}
    good = {name: value for name, value in said.items() if not _invalid({name: value})}
    bad = {name: str(value)[:200] for name, value in said.items() if name not in good}
    settings = {name: _plain(value) for name, value in good.items() if name != "prompt"}
    return Found(program, prompt, settings, bad, **more)


def sampler(name: object, scheduler: object = None) -> str | None:
    """The slug of a sampler that A1111, InvokeAI or ComfyUI names; the name when it is unknown."""
    if not isinstance(name, str):
        return None
    for spelling in (name, _as_a1111_spells(name)):
        try:
            return samplers.by_a1111_name(spelling, scheduler).slug
        except InvalidRequest:
            continue
    return name


def _as_a1111_spells(name: str) -> str:
    """InvokeAI's "dpmpp_2m_k" and ComfyUI's "dpm_2_ancestral" as "DPM++ 2m Karras" and "DPM2 a"."""
    spelling = name.removesuffix("_gpu")
    if spelling.endswith("_k"):
        spelling = f"{spelling[:-2]} Karras"
    for theirs, known in _SPELLINGS:
        spelling = spelling.replace(theirs, known)
    return spelling.replace("_", " ")


def seed(value: object) -> int | None:
    """A whole number of any width, written as a number or as a text."""
    try:
        return narrow_seed(int(str(value)))
    except ValueError:
        return None


def number(value: object) -> float | None:
    """A number, or a text that is one."""
    try:
        return float(str(value))
    except ValueError:
        return None


def whole(value: object) -> int | None:
    """A whole number, or a text that is one."""
    found = number(value)
    return int(found) if found is not None and found == found // 1 and abs(found) < 1e6 else None


def loras(pairs: Iterable[tuple[object, object]]) -> tuple[Lora, ...]:
    """From pairs of name and weight; what has no name or no number is passed over."""
    named = [(name, number(weight)) for name, weight in pairs if isinstance(name, str) and name]
    return tuple(Lora(model=name, weight=w) for name, w in named if w is not None)[:MAX_LORAS]


def _invalid(values: Mapping[str, Any]) -> bool:
    try:
        ImageRequest(**{**_NEEDED, **values})
    except (InvalidRequest, TypeError):
        return True
    return len(str(values.get("prompt", ""))) > MAX_PROMPT


def _plain(value: object) -> object:
    """As JSON would have it."""
    if isinstance(value, tuple):
        return [asdict(item) for item in value]
    return value
