"""ControlNet preprocessors: how a guide picture is read.

Sources: PicFinder, Text to image, "ControlNet PreProcessors" (27 for SD 1.5, five
of them for SDXL) and the twelve short names of its preprocess message. The table
is `preprocessors.tsv`. A short name means the variant that needs no weights
where there is one, otherwise the plainest.
"""

from __future__ import annotations

from dataclasses import dataclass

from generator.catalog.lookup import find
from generator.catalog.models import Family
from generator.catalog.tables import rows


@dataclass(frozen=True)
class Preprocessor:
    """One way of reading a guide.

    `control` is the kind of ControlNet it feeds, `families` the models PicFinder
    offers it for. `needs_weights` is false where plain arithmetic does it.
    """

    slug: str
    control: str
    families: frozenset[Family]
    needs_weights: bool
    short_names: tuple[str, ...]


def _read(row: dict[str, str]) -> Preprocessor:
    return Preprocessor(
        slug=row["slug"],
        control=row["control"],
        families=frozenset(Family(family) for family in row["families"].split(", ")),
        needs_weights=row["needs_weights"] == "yes",
        short_names=tuple(row["short_names"].split()),
    )


PREPROCESSORS = tuple(_read(row) for row in rows("preprocessors"))

_BY_NAME = {preprocessor.slug: preprocessor for preprocessor in PREPROCESSORS}
_BY_SHORT_NAME = {name: p for p in PREPROCESSORS for name in p.short_names}


def by_picfinder_name(name: object) -> Preprocessor:
    """PicFinder's `preprocessor` in `controlNet`; raises `InvalidRequest` on it."""
    return find(_BY_NAME, name, field="preprocessor")


def by_picfinder_short_name(name: object) -> Preprocessor:
    """PicFinder's `preProcessorType`, twelve names; raises `InvalidRequest` on it."""
    return find(_BY_SHORT_NAME, name, field="preProcessorType")
