"""What a model can do beyond a prompt: what the form offers for it, and the API lists."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Abilities:
    """`loras` are the installed ones, None where any name may be written and some other machine
    knows what is there; `preprocessors` are the ways it can be guided by a picture."""

    initial_image: bool = False
    preprocessors: tuple[str, ...] = ()
    loras: tuple[str, ...] | None = ()
    clip_skip: bool = False
    prompt_weighting: bool = False

    @property
    def guides(self) -> bool:
        """Whether it can work from a picture at all."""
        return self.initial_image or bool(self.preprocessors)

    @property
    def takes_loras(self) -> bool:
        return self.loras is None or bool(self.loras)

    def either(self, other: Abilities) -> Abilities:
        """What at least one of the two can do."""
        return Abilities(
            initial_image=self.initial_image or other.initial_image,
            preprocessors=tuple(dict.fromkeys((*self.preprocessors, *other.preprocessors))),
            loras=_together(self.loras, other.loras),
            clip_skip=self.clip_skip or other.clip_skip,
            prompt_weighting=self.prompt_weighting or other.prompt_weighting,
        )


def _together(one: tuple[str, ...] | None, other: tuple[str, ...] | None) -> tuple[str, ...] | None:
    if one is None or other is None:
        return None
    return tuple(dict.fromkeys((*one, *other)))
