"""The request for a picture as code to copy: of what the Create form says, and of a picture."""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from gallery.models import Asset
from gallery.views.lookup import kept_by_the_browser, visible_or_404
from generator import examples, form_rows, references
from generator.contract import ImageRequest, InvalidRequest
from generator.form_values import FIXED
from generator.forms import CreateForm
from generator.views.signed_in import SignedIn


@require_POST
@kept_by_the_browser
def create_code(request: SignedIn) -> HttpResponse:
    """What the form asks for, in every API; or what is not right with it yet."""
    can = CreateForm(request.user, request.POST).guided_by
    sent = form_rows.absorb(request.POST, request.FILES, request.user, can)
    form = CreateForm(request.user, sent.data)
    for problem in sent.problems:
        form.add_error("guides", problem)
    if not form.is_valid() or form.image_request is None:
        return _page(request, {"problems": _problems(form)}, status=422)
    seeded = form.value_of("seed_mode") == FIXED
    found = examples.of(form.image_request, request.user, seeded=seeded)
    return _page(request, {"examples": found})


@require_safe
@kept_by_the_browser
def asset_code(request: SignedIn, asset_id: uuid.UUID) -> HttpResponse:
    """What would paint this picture again, in every API."""
    asset = visible_or_404(request, asset_id)
    wish = _wish(asset)
    if wish is None:
        problem = _("How this picture was made could not be read, so there is no request for it.")
        return _page(request, {"asset": asset, "problems": [problem]})
    notes = []
    named = {each for found in references.of(wish).values() for each in found}
    if references.missing(request.user, named):
        notes.append(_("The pictures that it was made from are gone or not yours to use."))
        wish = replace(wish, initial_image=None, mask=None, strength=None, controls=())
    context = {"asset": asset, "notes": notes, "examples": examples.of(wish, request.user)}
    return _page(request, context)


def _wish(asset: Asset) -> ImageRequest | None:
    """The request that made it, as far as its recipe tells."""
    try:
        return ImageRequest.from_json(asset.recipe["request"])
    except (InvalidRequest, KeyError, TypeError, ValueError):
        return None


def _problems(form: CreateForm) -> list[str]:
    """Every error of the form, after the name of its field."""
    lines = []
    for name, errors in form.errors.items():
        label = form.fields[name].label if name in form.fields else ""
        lines += [f"{label}: {error}" if label else str(error) for error in errors]
    return lines


def _page(request: SignedIn, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """A page of its own, or with htmx what goes into the dialog."""
    template = "generator/_code.html" if request.htmx else "generator/code.html"
    return render(request, template, context, status=status)
