"""The request as a line for a POSIX shell."""

from __future__ import annotations

from shlex import quote

from generator.snippets import KEY, Call, Place
from generator.snippets.quoting import json_text

_KEYS = {
    Place.BEARER: [f'--header "Authorization: Bearer ${KEY}"'],
    Place.BARE: [f'--header "Authorization: ${KEY}"'],
    Place.BASIC: [f'--user "limner:${KEY}"'],
    Place.BODY: [],
    Place.GREETING: [],
}
#: Their answers hold whole pictures, which nobody wants to read.
_LONG = {"openai", "a1111", "aithriving"}


def write(call: Call) -> str:
    """What to type; `$LIMNER_KEY` is the only thing in it that the shell replaces."""
    parts = [f"curl {quote(call.url)}", *_KEYS[call.key]]
    parts.append("--header 'Content-Type: application/json'")
    if call.service == "native":
        parts.append("--header 'Prefer: wait=60'")
    if call.service in _LONG:
        parts.append("--output answer.json")
    return " \\\n  ".join([*parts, f"--data {_data(call)}"])


def _data(call: Call) -> str:
    text = json_text(call.body)
    if call.key is not Place.BODY:
        return quote(text)
    # The quotes end before the key and begin anew behind it.
    return quote('{\n  "key": "') + f'"${KEY}"' + quote('",\n' + text.removeprefix("{\n"))
