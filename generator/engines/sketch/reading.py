"""From words to wishes: what a prompt asks for, and what it asks to leave out."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache

from generator.engines.sketch import words

NEGATIONS = frozenset({"no", "without", "not", "minus", "excluding"})
SIDES = {"left": "left", "right": "right", "center": "center", "centre": "center"}
WEARABLE = {
    "hair": "hair", "haired": "hair", "dress": "dress", "shirt": "dress", "coat": "dress",
    "suit": "dress", "eye": "eyes", "eyes": "eyes", "eyed": "eyes", "roof": "roof",
}  # fmt: skip
PEOPLE = frozenset({"portrait", *words.STANDING})
SINGULAR = ("ss", "us", "is")  # endings in s of words that mean one thing
SITTERS = {"woman", "girl", "lady", "man", "boy", "gentleman"}
BUSY = re.compile(r"\b(walk|run|danc|jump|stand|travel|hik|sitt|climb|play|rid|fish)[a-z]*\b")
ASTRIDE = re.compile(
    r"\b(rid(?:e|es|ing)|mounted)\b|\bon (?:a |an |the |his |her )?(?:\w+ )?"
    r"(horse|pony|unicorn|elephant|dragon|dinosaur|whale|turtle|lion|tiger|bear|wolf|deer|pig|cow)\b"
)


@dataclass
class Thing:
    """Something named in the prompt."""

    kind: str
    words: list[str]
    count: int = 1
    counted: bool = False
    plural: bool = False
    color: str | None = None
    place: str | None = None
    extra: dict[str, str] = field(default_factory=dict)


@dataclass
class Reading:
    """A prompt understood: things by kind (in order), conditions, colours, and the rest."""

    things: dict[str, Thing] = field(default_factory=dict)
    time: str | None = None
    season: str | None = None
    moods: set[str] = field(default_factory=set)
    colors: list[str] = field(default_factory=list)
    removed: set[str] = field(default_factory=set)
    style: str | None = None
    astride: bool = False  # somebody rides what else was named
    asked: frozenset[str] = frozenset()  # kinds of the prompt, removed ones included
    unknown: list[str] = field(default_factory=list)

    def has(self, *kinds: str) -> bool:
        """Whether any of `kinds` was named."""
        return any(kind in self.things for kind in kinds)

    def color(self, kind: str) -> str | None:
        """The colour name bound to `kind`, if any."""
        thing = self.things.get(kind)
        return thing.color if thing else None

    def kinds(self) -> list[str]:
        """Everything understood, for the picture's notes."""
        conditions = [self.time, self.season, *sorted(self.moods), *self.colors]
        return [*self.things, *(c for c in [*conditions, self.style] if c)]


@lru_cache(maxsize=1)
def _vocabulary() -> dict[str, tuple[str, str]]:
    """word -> (table, kind); phrases have spaces."""
    tables = {"thing": words.THINGS, "time": words.TIMES, "season": words.SEASONS,
              "mood": words.MOODS, "style": words.STYLED}  # fmt: skip
    return {
        word.replace("_", " "): (table, kind)
        for table, kinds in tables.items()
        for kind, listed in kinds.items()
        for word in listed.split()
    }


def _stems(word: str) -> Iterator[str]:
    """The word itself, then what is left without common endings."""
    yield word
    if word.endswith("ies"):
        yield word[:-3] + "y"
    for ending in ("s", "es", "ed", "ing", "y", "ous", "'s"):
        if word.endswith(ending) and len(word) > len(ending) + 2:
            yield word[: -len(ending)]
            yield word[: -len(ending)] + "e"


def _meaning(word: str) -> tuple[str, str] | None:
    known = _vocabulary()
    return next((known[stem] for stem in _stems(word) if stem in known), None)


def tokens(text: str) -> list[str]:
    """Lower-case words; a comma, full stop or line break is a token of its own."""
    plain = unicodedata.normalize("NFKD", text.lower())
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    plain = re.sub(r":\s*-?[\d.]+", " ", plain.replace("’", "'").replace("-", " "))
    return re.findall(r"[^\W_]+(?:'[a-z]+)?|[,.;\n|]|b&w", plain)


class _Reader:
    """Walks the tokens once, holding adjectives until their noun comes."""

    def __init__(self, text: str) -> None:
        self.words = tokens(text)
        self.out = Reading()
        self.colors: list[str] = []
        self.count: int | None = None
        self.negated = False
        self.last: Thing | None = None
        self.at = 0
        while self.at < len(self.words):
            self.at += self._step()
        self._drop_adjectives()

    def _step(self) -> int:
        word = self.words[self.at]
        if word in ",.;\n|":
            self._drop_adjectives()
            return 1
        for size in (3, 2):
            phrase = " ".join(self.words[self.at : self.at + size])
            meaning = _meaning(phrase) if " " in phrase else None
            if meaning:
                self._mean(meaning, phrase)
                return size
        self._word(word)
        return 1

    def _word(self, word: str) -> None:
        if word in NEGATIONS:
            self.negated = True
        elif word in words.COLORS:
            self.colors.append(word)
        elif word in words.NUMBERS:
            self.count = words.NUMBERS[word]
        elif word in SIDES:
            self._side(SIDES[word])
        elif word in WEARABLE and self._wear(WEARABLE[word]):
            return
        elif meaning := _meaning(word):
            self._mean(meaning, word)
        elif word not in words.FILLER:
            self.out.unknown.append(word)

    def _side(self, side: str) -> None:
        if self.last is not None:
            self.last.place = side

    def _wear(self, part: str) -> bool:
        """A colour before "hair" or "dress" belongs to the person or thing named before."""
        if self.last is None or not self.colors:
            return bool(self.colors)
        self.last.extra[part] = self.colors.pop()
        return True

    def _mean(self, meaning: tuple[str, str], word: str) -> None:
        table, kind = meaning
        if self.negated:
            self.out.removed.add(kind)
            self.colors.clear()
        elif table == "thing":
            self._thing(kind, word)
        elif table == "mood":
            self.out.moods.add(kind)
        elif table == "style":
            self.out.style = self.out.style or kind
        else:
            self._condition(table, kind)

    def _condition(self, table: str, kind: str) -> None:
        if table == "time" and (self.out.time is None or kind == "night"):
            self.out.time = kind
        elif table == "season":
            self.out.season = kind

    def _thing(self, kind: str, word: str) -> None:
        thing = self.out.things.setdefault(kind, Thing(kind, []))
        thing.words.append(word)
        thing.plural = thing.plural or (word.endswith("s") and not word.endswith(SINGULAR))
        if self.colors:
            thing.color = self.colors.pop()
        if self.count is not None:
            thing.count, thing.counted = self.count, True
        self.count = None
        self.last = thing

    def _drop_adjectives(self) -> None:
        """Colours that met no noun colour the whole picture."""
        if not self.negated:
            self.out.colors.extend(self.colors)
        self.colors, self.count, self.negated = [], None, False


def _perched(reading: Reading) -> None:
    """One bird is looked at from near; several are a flock in the sky."""
    birds = reading.things.get("birds")
    if birds and "bird" in birds.words and not birds.plural and not reading.has("sea"):
        thing = reading.things.pop("birds")
        reading.things["songbird"] = replace(thing, kind="songbird")


BLOOMS = {"tulip": "pink", "sunflower": "yellow", "daisy": "white", "lavender": "violet"}


def _picked(reading: Reading) -> None:
    """A single flower, and nothing around it, is looked at from near; vases hold their own."""
    for holder, held in (("vase", "bouquet"), ("cake", "candle")):
        if reading.has(holder):
            reading.things.pop(held, None)
    flowers = [reading.things[k] for k in words.FLOWERS if reading.has(k)]
    alone = not reading.has(*words.PLACES, *words.TREES, *words.PROPS, *words.SUBJECTS)
    if len(flowers) == 1 and alone and not flowers[0].plural and flowers[0].count == 1:
        reading.things.pop(flowers[0].kind)
        reading.things["bouquet"] = replace(flowers[0], kind="bouquet")
    if flowers and reading.has("bouquet"):
        bouquet = reading.things["bouquet"]
        bouquet.color = bouquet.color or flowers[0].color or BLOOMS.get(flowers[0].kind)


def _out_and_about(reading: Reading, prompt: str) -> None:
    """Who is busy, or somewhere, is drawn whole; others sit for their portrait."""
    sitter = reading.things.get("portrait")
    if sitter is None or not set(sitter.words) <= SITTERS:
        return
    somewhere = reading.has(*words.PLACES, *words.PROPS, *words.ANIMALS)
    if somewhere or BUSY.search(prompt.lower()):
        reading.things.pop("portrait")
        reading.things.setdefault("person", replace(sitter, kind="person"))


def read(prompt: str, negative: str = "") -> Reading:
    """Understand `prompt`; whatever `negative` names is removed (and listed in `removed`)."""
    reading = _Reader(prompt).out
    unwanted = _Reader(negative).out
    reading.removed |= set(unwanted.things) | unwanted.moods | unwanted.removed
    reading.removed |= {c for c in (unwanted.time, unwanted.season) if c}
    reading.colors = [c for c in reading.colors if c not in set(unwanted.colors)]
    if "people" in tokens(negative):
        reading.removed |= PEOPLE
    _perched(reading)
    _picked(reading)
    _out_and_about(reading, prompt)
    reading.astride = bool(ASTRIDE.search(prompt.lower()))
    reading.asked = frozenset(reading.things)
    for kind in reading.removed:
        reading.things.pop(kind, None)
    reading.moods -= reading.removed
    reading.time = None if reading.time in reading.removed else reading.time
    reading.season = None if reading.season in reading.removed else reading.season
    return reading
