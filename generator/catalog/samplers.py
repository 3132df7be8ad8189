"""Samplers: how noise becomes a picture, under the names of every service.

Sources: PicFinder, Text to image, "Scheduler IDs" (1..26); AIThriving, Basic
Text To Image, "sampler"; A1111's sampler names, to which newer clients add a
scheduler ("Karras") in a field of its own. The table is `samplers.tsv`; its
diffusers classes follow diffusers' own list of A1111 names, which means:

- "DPM++ SDE" is the single-step solver. diffusers also has
  `DPMSolverSDEScheduler`, which needs one more package and does not repeat a
  seed unless told to.
- "DPM++ 2S a" does not exist in diffusers; the single-step solver is nearest.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from generator.catalog.lookup import find
from generator.catalog.tables import rows


@dataclass(frozen=True)
class Sampler:
    """One way of sampling, and what each service calls it.

    `scheduler` is the diffusers class ("" = the model's own), made with
    `arguments`. `passes` is how often the model runs per step. `refused` says
    why it cannot paint from text, "" if it can: such a sampler is known, so
    that an engine can say why it declines.
    """

    slug: str
    name: str
    scheduler: str
    arguments: Mapping[str, bool | str]
    picfinder_id: int | None
    picfinder_name: str
    aithriving_name: str
    a1111_names: tuple[str, ...]
    passes: int
    refused: str


def _read(row: Mapping[str, str]) -> Sampler:
    return Sampler(
        slug=row["slug"],
        name=row["name"],
        scheduler=row["scheduler"],
        arguments=MappingProxyType(_arguments(row["arguments"])),
        picfinder_id=int(row["picfinder_id"]) if row["picfinder_id"] else None,
        picfinder_name=row["picfinder_name"],
        aithriving_name=row["aithriving_name"],
        a1111_names=tuple(row["a1111_names"].split(", ")) if row["a1111_names"] else (),
        passes=int(row["passes"]),
        refused=row["refused"],
    )


def _arguments(cell: str) -> dict[str, bool | str]:
    """Read "algorithm_type=x, use_karras_sigmas": a bare name is switched on."""
    pairs = (part.partition("=") for part in cell.split(", ") if part)
    return {name: value or True for name, _, value in pairs}


ALL = tuple(_read(row) for row in rows("samplers"))
#: Those that can paint from text, for forms and lists.
SAMPLERS = tuple(sampler for sampler in ALL if not sampler.refused)
#: Slug -> the reason why a known sampler cannot paint from text.
REFUSED = {sampler.slug: sampler.refused for sampler in ALL if sampler.refused}

_BY_SLUG = {sampler.slug: sampler for sampler in ALL}
_BY_PICFINDER = {s.picfinder_id: s for s in ALL if s.picfinder_id is not None}
_BY_PICFINDER_NAME = {s.picfinder_name: s for s in ALL if s.picfinder_name}
_BY_AITHRIVING = {s.aithriving_name: s for s in ALL if s.aithriving_name}
_BY_A1111 = {name.casefold(): s for s in ALL for name in s.a1111_names}


def by_slug(slug: object) -> Sampler:
    """The sampler called "euler-a"; raises `InvalidRequest` on `sampler`."""
    return find(_BY_SLUG, slug, field="sampler")


def by_picfinder_id(number: object) -> Sampler:
    """PicFinder's `schedulerId`, 1..26; raises `InvalidRequest` on it."""
    return find(_BY_PICFINDER, number, field="schedulerId")


def by_picfinder_name(name: object) -> Sampler:
    """PicFinder's `scheduler`, the name later clients send instead of the id."""
    return find(_BY_PICFINDER_NAME, name, field="scheduler")


def by_aithriving_name(name: object) -> Sampler:
    """AIThriving's `sampler`, ten names; raises `InvalidRequest` on it."""
    return find(_BY_AITHRIVING, name, field="sampler")


def by_a1111_name(name: object, scheduler: object = None) -> Sampler:
    """A1111's `sampler_name`, any case, with its `scheduler` where one is sent.

    A scheduler that the sampler has no variant for is passed over, as A1111
    itself does. Raises `InvalidRequest` on `sampler_name`.
    """
    if isinstance(name, str):
        variant = _BY_A1111.get(f"{name} {scheduler}".casefold())
        return variant or find(_BY_A1111, name.casefold(), field="sampler_name")
    return find(_BY_A1111, name, field="sampler_name")
