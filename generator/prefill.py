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
from generator import abilities, form_rows, references
from generator.catalog import SAMPLERS, STYLES, ratios
from generator.contract import MAX_PROMPT, ImageRequest, InvalidRequest
from generator.engines.abilities import Abilities
from generator.form_values import CUSTOM, FIXED
from generator.forms import CreateForm
from generator.models import EngineModel, Generation


@dataclass
class Prefill:
    """First values of the form, and one sentence for each thing that was left out."""

    initial: dict[str, Any] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def read(user: User, query: Mapping[str, str]) -> Prefill:
    """From an address: `?remix=`, `?repeat=` or `?guide=` a picture, `?job=` a generation,
    `?prompt=`.

    Pictures and generations that `user` may not see count as not there.
    """
    for name in ("repeat", "remix"):
        if name in query:
            return _from_asset(user, query[name], keep_seed=name == "repeat")
    if "guide" in query:
        return _guided(user, query["guide"])
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


def _guided(user: User, pk: str) -> Prefill:
    """A remix that begins with the picture itself, by a model that can."""
    prefill = _from_asset(user, pk, keep_seed=False)
    if "parent" not in prefill.initial:
        return prefill
    models = {model.slug: model for model in EngineModel.objects.offered_to(user)}
    able = [slug for slug, model in models.items() if abilities.of(model).initial_image]
    if not able:
        prefill.notes.append(_("No model here can work from a picture."))
        return prefill
    wanted = prefill.initial.get("model", next(iter(models)))
    if wanted not in able:
        names = {"model": models[wanted].name, "other": models[able[0]].name}
        note = _("%(model)s cannot work from a picture, so %(other)s is chosen.") % names
        prefill.notes.append(note)
        wanted = able[0]
    begin = {"picture": str(prefill.initial["parent"]), "use": form_rows.START}
    prefill.initial |= {"model": wanted, "guide_rows": [begin]}
    return prefill


def _from_generation(user: User, pk: str) -> Prefill:
    generation = Generation.objects.of(user).filter(pk__in=_ids(pk)).first()
    if generation is None:
        return Prefill()
    prefill = _from_request(generation.request, user, keep_seed=False)
    prefill.initial["parent"] = generation.parent_asset_id
    prefill.initial |= {"payer": str(generation.payer_id), "project": generation.project}
    return prefill


def _from_request(request: ImageRequest, user: User, *, keep_seed: bool) -> Prefill:
    values = {n: v for n, v in request.to_json().items() if n in CreateForm.base_fields}
    prefill = Prefill({**values, **_shape(request)})
    _only_known(prefill, request, user)
    _only_possible(prefill, request, user)
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


def _only_possible(prefill: Prefill, request: ImageRequest, user: User) -> None:
    """Bring along pictures and LoRAs that are there and that the model can use; name the rest."""
    offered = EngineModel.objects.offered_to(user)
    named = offered.filter(slug=prefill.initial.get("model", ""))
    model = named.first() or offered.first()
    rows = form_rows.first_values(request)
    gone = references.missing(user, [row["picture"] for row in rows["guide_rows"]])
    rows["guide_rows"] = [
        row for row in rows["guide_rows"] if _keeps_guide(prefill, row, model, gone)
    ]
    rows["lora_rows"] = [row for row in rows["lora_rows"] if _keeps_lora(prefill, row, model)]
    prefill.initial |= rows
    if request.mask:
        prefill.notes.append(_("Left out, because this form has no field for it: mask."))


def _keeps_guide(
    prefill: Prefill, row: Mapping[str, Any], model: EngineModel | None, gone: set[str]
) -> bool:
    use = row["use"]
    name = _("guide image") if use == form_rows.START else f"ControlNet {use}"
    if row["picture"] in gone:
        text = _("Left out, because its picture is gone or not yours to use: %s.")
        prefill.notes.append(text % name)
        return False
    can = abilities.of(model) if model else Abilities()
    if can.initial_image if use == form_rows.START else use in can.preprocessors:
        return True
    prefill.notes.append(_cannot(name, model))
    return False


def _keeps_lora(prefill: Prefill, row: Mapping[str, Any], model: EngineModel | None) -> bool:
    if model and abilities.has_lora(model, row["model"]):
        return True
    prefill.notes.append(_cannot(f"LoRA {row['model']}", model))
    return False


def _cannot(what: str, model: EngineModel | None) -> str:
    names = {"model": model.name if model else "—", "what": what}
    return _("Left out, because %(model)s has no use for it here: %(what)s.") % names


def _ids(text: str) -> list[uuid.UUID]:
    """The id that `text` spells; none when it spells no id."""
    try:
        return [uuid.UUID(text)]
    except ValueError:
        return []
