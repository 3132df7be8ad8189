"""What the Create form starts with: a remix, an exact repetition, a prompt from a link.

What cannot be taken over is named, never dropped without a word.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import User
from gallery.models import Asset
from generator.catalog import SAMPLERS, STYLES, ratios
from generator.contract import MAX_PROMPT, ImageRequest, InvalidRequest
from generator.forms import CUSTOM, FIXED, CreateForm
from generator.models import EngineModel, Generation


@dataclass
class Prefill:
    """First values of the form, and one sentence for each thing that was left out."""

    initial: dict[str, Any] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def read(user: User, query: Mapping[str, str]) -> Prefill:
    """From an address: `?remix=` or `?repeat=` a picture, `?job=` a generation, `?prompt=`.

    Pictures and generations that `user` may not see count as not there.
    """
    for name in ("repeat", "remix"):
        if name in query:
            return _from_asset(user, query[name], keep_seed=name == "repeat")
    if "job" in query:
        return _from_generation(user, query["job"])
    prompt = query.get("prompt", "")[:MAX_PROMPT]
    return Prefill({"prompt": prompt} if prompt else {})


def _from_asset(user: User, pk: str, *, keep_seed: bool) -> Prefill:
    asset = Asset.objects.visible_to(user).filter(pk__in=_ids(pk)).first()
    if asset is None:
        return Prefill(notes=[_("That picture does not exist, or you may not see it.")])
    try:
        request = ImageRequest.from_json(asset.recipe["request"])
    except (InvalidRequest, KeyError, TypeError, ValueError):
        note = _("Only the prompt could be read from that picture.")
        return Prefill({"prompt": asset.prompt, "parent": asset.pk}, [note])
    prefill = _from_request(request, user, keep_seed=keep_seed)
    prefill.initial["parent"] = asset.pk
    return prefill


def _from_generation(user: User, pk: str) -> Prefill:
    generation = Generation.objects.of(user).filter(pk__in=_ids(pk)).first()
    if generation is None:
        return Prefill()
    prefill = _from_request(generation.request, user, keep_seed=False)
    prefill.initial["parent"] = generation.parent_asset_id
    return prefill


def _from_request(request: ImageRequest, user: User, *, keep_seed: bool) -> Prefill:
    values = {n: v for n, v in request.to_json().items() if n in CreateForm.base_fields}
    prefill = Prefill({**values, **_shape(request)}, _left_out(request))
    _only_known(prefill, request, user)
    if keep_seed:
        prefill.initial["seed_mode"] = FIXED
    else:
        del prefill.initial["seed"]
    return prefill


def _shape(request: ImageRequest) -> dict[str, str]:
    found = ratios.by_size(request.width, request.height)
    if found is None:
        return {"ratio": CUSTOM}
    ratio, scale = found
    return {"ratio": ratio.slug, "scale": scale}


def _only_known(prefill: Prefill, request: ImageRequest, user: User) -> None:
    """Drop choices that are not offered here, and say so."""
    known = {
        "model": set(EngineModel.objects.offered_to(user).values_list("slug", flat=True)),
        "style": {style.slug for style in STYLES},
        "sampler": {sampler.slug for sampler in SAMPLERS},
    }
    for name, slugs in known.items():
        value = getattr(request, name)
        if value not in slugs:
            del prefill.initial[name]
            prefill.notes.append(_gone(name, value))


def _gone(name: str, value: str) -> str:
    sentences = {
        "model": _("The model “%(name)s” is not offered here; another one is chosen."),
        "style": _("The style “%(name)s” is not offered here; none is chosen."),
        "sampler": _("The sampler “%(name)s” is not offered here; the model's own is chosen."),
    }
    return sentences[name] % {"name": value}


def _left_out(request: ImageRequest) -> list[str]:
    """What this form has no field for."""
    names = [
        *(f"LoRA {lora.model}" for lora in request.loras),
        *(f"ControlNet {control.preprocessor}" for control in request.controls),
        *([_("guide image")] if request.initial_image else []),
        *([_("mask")] if request.mask else []),
    ]
    return [_("Left out, because this form has no field for it: %s.") % n for n in names]


def _ids(text: str) -> list[uuid.UUID]:
    """The id that `text` spells; none when it spells no id."""
    try:
        return [uuid.UUID(text)]
    except ValueError:
        return []
