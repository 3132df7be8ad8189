"""In which language a prompt is written: as its client says, or as the words look.

PicFinder's `promptLanguageId` names one of those in `generator.catalog.languages`; null asks
for detection, which is done by a library with a model of its own (py3langid, 4.5 MB). A prompt is
short, often a list of words, and often English whatever else it is: what is not likely enough is
left open rather than guessed, for a wrong language would have English translated into nonsense.
"""

from __future__ import annotations

import re
import threading
from dataclasses import replace
from functools import lru_cache
from typing import Protocol

from generator.contract import ImageRequest

#: Below this share of certainty nothing is said. Measured with prompts of 2 to 12 words in 25
#: languages: English ones are never taken for another; one in five others is left open.
CERTAIN = 0.35
#: Fewer letters than this say nothing.
LETTERS = 5
#: Of the prompt, as many characters as are looked at.
ENOUGH = 1000
#: What the library calls differently from the IANA registry.
_CODES = {"srl": "sr", "nb": "no"}
#: Weights, brackets and adapters are no words of any language.
_MARKS = re.compile(r"<[^>]*>|[\d()\[\]{}:|_*\\/]+")
_loading = threading.Lock()


class Identifier(Protocol):
    """What we use of the library."""

    def classify(self, text: str) -> tuple[str, float]: ...


def detect(prompt: str) -> str | None:
    """The BCP 47 code of the language of `prompt`, None when it is not clear."""
    words = _MARKS.sub(" ", prompt[:ENOUGH]).strip()
    if sum(letter.isalpha() for letter in words) < LETTERS and words.isascii():
        return None
    # The model takes a second and 90 MB: once, and only where somebody asks.
    with _loading:
        identifier = _identifier()
    code, certainty = identifier.classify(words)
    return _CODES.get(code, code) if certainty >= CERTAIN else None


def settled(request: ImageRequest) -> ImageRequest:
    """`request` with the language of its prompt, if it said none and it is clear."""
    if request.prompt_language is not None:
        return request
    return replace(request, prompt_language=detect(request.prompt))


def is_english(code: str | None) -> bool:
    """Whether there is nothing to translate: engines read English. Unknown counts as English."""
    return code is None or code.partition("-")[0].lower() == "en"


@lru_cache(maxsize=1)
def _identifier() -> Identifier:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier: Identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    return identifier
