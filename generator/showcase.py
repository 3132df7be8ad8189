"""The pictures of the front page: what they show and how to paint them again."""

from __future__ import annotations

from dataclasses import dataclass

from generator import options


@dataclass(frozen=True)
class Example:
    """A picture of the sketch engine, by the name of its file; sizes in pixels."""

    name: str
    prompt: str
    width: int
    height: int
    seed: int

    @property
    def path(self) -> str:
        """Its static file, "" before it was painted."""
        return options.static_picture("showcase", self.name)


#: In the order in which they hang.
SHOWCASE = (
    Example("1", "mountains at sunrise with a lake", 768, 512, 14),
    Example("5", "a lighthouse on an island at sunset, birds", 512, 768, 3),
    Example("3", "city skyline at night, full moon", 768, 512, 2),
    Example("2", "a red fox in an autumn forest", 512, 768, 5),
    Example("6", "hot air balloons over a canyon, morning", 768, 512, 8),
    Example("4", "a cabin in a snowy forest at night, northern lights", 640, 640, 4),
)
