"""Quality words, and how many steps of work each stands for.

Sources: Stubber, Generate Image, "quality"; OpenAI, Images, "quality" (its words
differ from model to model; all are taken for any model). The steps are ours.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from generator.catalog.lookup import find


@dataclass(frozen=True)
class Quality:
    """A promise about care, kept by the number of `steps`."""

    slug: str
    steps: int
    openai_names: tuple[str, ...]


DRAFT = Quality("draft", 12, ("low",))
STANDARD = Quality("standard", 20, ("standard", "medium", "auto"))
HD = Quality("hd", 40, ("hd", "high", "xhigh", "max"))

STUBBER_DEFAULT = STANDARD
STUBBER = {quality.slug: quality for quality in (STANDARD, HD)}
OPENAI = {name: quality for quality in (DRAFT, STANDARD, HD) for name in quality.openai_names}


def by_stubber_name(name: object) -> Quality:
    """Stubber's `quality`, standard or hd; raises `InvalidRequest` on it."""
    return find(STUBBER, name, field="quality")


def by_openai_name(name: object) -> Quality:
    """OpenAI's `quality`; null is "auto". Raises `InvalidRequest` on it."""
    return STANDARD if name is None else find(OPENAI, name, field="quality")


def nearest(table: Mapping[str, Quality], steps: int, names: Iterable[str] = ()) -> str:
    """Of `names` (all in `table` when there are none), the one that works nearest to `steps`."""
    return min(names or table, key=lambda name: abs(table[name].steps - steps))
