"""Who makes the pictures of a model: what its options say, checked.

    {"provider": "openai", "model": "gpt-image-1", "key_env": "LIMNER_KEY_OPENAI"}

`provider` is one of `adapters.ADAPTERS`. `url` replaces the provider's usual address,
`key_env` names the variable of the environment that holds the key, `patience` is how long to
wait for a picture, in seconds. Keys are never kept in the database.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings

from generator.contract import ImageRequest
from generator.engines.abilities import Abilities
from generator.engines.remote import guard
from generator.engines.remote.adapters import ADAPTERS
from generator.engines.remote.faults import Blocked
from generator.engines.remote.wire import Adapter, Streaming

PATIENCE = 900.0
LONGEST_PATIENCE = 6 * 3600.0
KNOWN = {"provider", "url", "model", "key_env", "patience"}


class Misconfigured(ValueError):
    """The options cannot work; the text says in one line what to change."""


@dataclass(frozen=True)
class Account:
    """Options understood. `patience` is in seconds."""

    adapter: Adapter
    url: str
    model: str
    key: str = field(repr=False)
    patience: float = PATIENCE


def account_of(options: Mapping[str, Any], *, here: bool = True) -> Account:
    """The account that `options` describe; raises Misconfigured.

    Where other machines do the buying (`here` is false), this one need not have the key, nor
    be allowed to reach the address.
    """
    adapter = _adapter(options)
    unknown = sorted(set(options) - KNOWN)
    if unknown:
        raise Misconfigured(f"The options do not know “{unknown[0]}”.")
    model = _text(options, "model")
    if adapter.needs_model and not model:
        raise Misconfigured(f"Set “model” to what {adapter.title} calls the model.")
    url = _url(options, adapter, here=here)
    key = _key(options, adapter, here=here)
    return Account(adapter, url, model, key, _patience(options))


def why_not(options: Mapping[str, Any], *, here: bool = True) -> str:
    """One line about what keeps a model with these `options` from working, "" if nothing."""
    try:
        account_of(options, here=here)
    except Misconfigured as error:
        return str(error)
    return ""


def cannot(request: ImageRequest, options: Mapping[str, Any]) -> str:
    """Why the provider is not asked for this, "" if it may be."""
    if request.initial_image or request.mask or request.controls:
        return "This model paints from words alone, not from a picture."
    if request.loras and not abilities(options).takes_loras:
        return "This model takes no LoRAs."
    return ""


def abilities(options: Mapping[str, Any]) -> Abilities:
    """What the provider can do beyond a prompt. Which LoRAs it has, only it knows."""
    try:
        takes = _adapter(options).takes
    except Misconfigured:
        return Abilities()
    return Abilities(
        loras=None if "loras" in takes else (),
        clip_skip="clip_skip" in takes,
        prompt_weighting="prompt_weighting" in takes,
    )


def _adapter(options: Mapping[str, Any]) -> Adapter:
    if not isinstance(options, Mapping):
        raise Misconfigured("The options must be a JSON object.")
    adapter = ADAPTERS.get(_text(options, "provider"))
    if adapter is None:
        raise Misconfigured(f"Set “provider” to one of {', '.join(ADAPTERS)}.")
    return adapter


def _url(options: Mapping[str, Any], adapter: Adapter, *, here: bool) -> str:
    url = (_text(options, "url") or adapter.address).rstrip("/")
    schemes = ("ws", "wss") if isinstance(adapter, Streaming) else ("http", "https")
    if not url:
        raise Misconfigured(f"Set the address to where {adapter.title} listens.")
    try:
        if here or not url.startswith(tuple(f"{scheme}://" for scheme in schemes)):
            guard.check_url(url, schemes)
    except Blocked:
        raise Misconfigured(
            f"The address must be a public {schemes[0]}(s) one, or in OUTBOUND_ALLOW."
        ) from None
    return url


def _key(options: Mapping[str, Any], adapter: Adapter, *, here: bool) -> str:
    name = _text(options, "key_env")
    if not name:
        if adapter.needs_key:
            raise Misconfigured("Set “key_env” to the variable that holds the key.")
        return ""
    prefix = settings.PROVIDER_KEY_PREFIX
    if not name.startswith(prefix):
        raise Misconfigured(f"“key_env” must begin with {prefix}.")
    key = settings.PROVIDER_KEYS.get(name, "")
    if here and not key:
        raise Misconfigured(f"Set {name} in the environment of the web server and the workers.")
    return str(key)


def _patience(options: Mapping[str, Any]) -> float:
    value = options.get("patience", PATIENCE)
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if not number or not 1 <= value <= LONGEST_PATIENCE:
        raise Misconfigured(f"“patience” is a number of seconds up to {LONGEST_PATIENCE:.0f}.")
    return float(value)


def _text(options: Mapping[str, Any], name: str) -> str:
    value = options.get(name, "")
    if not isinstance(value, str):
        raise Misconfigured(f"“{name}” must be text.")
    return value
