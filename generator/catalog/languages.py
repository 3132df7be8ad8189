"""Languages of a prompt: PicFinder's 297 ids and the BCP 47 code of each.

Source: PicFinder, Text to image, "Language IDs", 1..298 without 193. The list
names some languages twice (24 "Bhutani" and 177 "Dzongkha"), so several ids
share a code; the table is `languages.tsv`. The codes are ours, from the IANA
registry of language subtags.
"""

from __future__ import annotations

from dataclasses import dataclass

from generator.catalog.lookup import find
from generator.catalog.tables import rows


@dataclass(frozen=True)
class Language:
    """A language by its BCP 47 `code`, under the name PicFinder documents."""

    picfinder_id: int
    name: str
    code: str


PICFINDER = tuple(
    Language(int(row["picfinder_id"]), row["name"], row["code"]) for row in rows("languages")
)

_BY_PICFINDER = {language.picfinder_id: language for language in PICFINDER}
# Of two names for one code, the later entry of the list is the current one.
_BY_CODE = {language.code: language for language in PICFINDER}

#: One entry per code, by name, for forms and lists.
LANGUAGES = tuple(sorted(_BY_CODE.values(), key=lambda language: language.name))


def by_code(code: object) -> Language:
    """The language of "pt-BR"; raises `InvalidRequest` on `prompt_language`."""
    return find(_BY_CODE, code, field="prompt_language")


def by_picfinder_id(number: object) -> Language | None:
    """PicFinder's `promptLanguageId`; null means detect, and gives None.

    Raises `InvalidRequest` on `promptLanguageId`.
    """
    return None if number is None else find(_BY_PICFINDER, number, field="promptLanguageId")
