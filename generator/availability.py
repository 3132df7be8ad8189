"""Whether a model works on this installation, and if not, what is missing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings

from generator.engines.remote import account

#: Engines whose models can be incomplete, with the function that says how.
CHECKS: Mapping[str, Callable[[Mapping[str, Any]], str]] = {"remote": account.why_not}


def why_not(engine: str, options: Mapping[str, Any]) -> str:
    """One line about what must be set before a model with these options works, "" if nothing."""
    if engine not in settings.ENGINES:
        return f"There is no engine “{engine}”; there is {', '.join(settings.ENGINES)}."
    check = CHECKS.get(engine)
    return check(options) if check else ""
