"""What may not be asked for: the operator's rules, looked at before anybody pays."""

from __future__ import annotations

import logging
import re
import unicodedata
from functools import lru_cache

from accounts.models import Team, User
from generator import patterns
from generator.contract import InvalidRequest
from generator.models import PromptRule

logger = logging.getLogger("limner.prompts")


def check(prompt: str, owner: User, team: Team | None) -> None:
    """Raises InvalidRequest with the words of the first rule that `prompt` breaks.

    `team` is the one that pays, if any: a rule may be for one team alone. The log says who and
    which rule, and never the prompt.
    """
    for rule in PromptRule.objects.in_force(team):
        if breaks(rule, prompt):
            logger.info("rule %s refused a prompt of user %s", rule.pk, owner.pk)
            raise InvalidRequest({"prompt": [rule.message]})


def breaks(rule: PromptRule, prompt: str) -> bool:
    """Whether everything that the rule names is in `prompt`."""
    text = plain(prompt)
    wanted = [words(part) for part in (rule.words, rule.also) if part.strip()]
    if rule.pattern:
        try:
            wanted.append(patterns.safe(rule.pattern))
        except patterns.UnsafePattern:
            # Written past the form, or by a version with other limits: it is not run.
            logger.warning("rule %s has a pattern that is not safe to run", rule.pk)
            return False
    return bool(wanted) and all(each.search(text) for each in wanted)


def plain(text: str) -> str:
    """As rules read it: full-width letters, capitals and invisible characters hide nothing."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    shown = "".join(c for c in folded if unicodedata.category(c) != "Cf")
    return " ".join(shown.split())


@lru_cache(maxsize=512)
def words(listed: str) -> re.Pattern[str]:
    """One expression for a list of words and phrases; a star at an end is any letters.

    It begins and ends where words do, and has one star for each word: nothing to try twice.
    """
    entries = [plain(entry) for entry in re.split(r"[,\n]", listed)]
    parts = "|".join(_word(entry) for entry in dict.fromkeys(entries) if entry.strip("* "))
    return re.compile(rf"(?<!\w)(?:{parts or '(?!)'})(?!\w)")


def _word(entry: str) -> str:
    before, after = entry.startswith("*"), entry.endswith("*")
    core = re.escape(entry.strip("* "))
    # Not both: "*a*" would be tried from every place to every other.
    return (r"\w*" if before and not after else "") + core + (r"\w*" if after else "")
