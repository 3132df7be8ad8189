"""The Create page: the form, its price, and what happens on submit."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_http_methods

from accounts.models import InsufficientCredits
from gallery.views.lookup import kept_by_the_browser
from generator import prefill, submission
from generator.contract import InvalidRequest
from generator.feed import Feed
from generator.forms import CreateForm
from generator.models import Generation
from generator.submission import Order, Refusal


@require_http_methods(["GET", "HEAD", "POST"])
@kept_by_the_browser
def create(request: HttpRequest) -> HttpResponse:
    """Show the form; on POST submit it. Works as a plain form, and better with htmx."""
    if request.method == "POST":
        return _submit(request, CreateForm(request.POST))
    found = prefill.read(request.user, request.GET)
    for note in found.notes:
        messages.warning(request, note)
    form = CreateForm(initial={**found.initial, "key": uuid.uuid4()})
    return _page(request, form)


@require_POST
def price(request: HttpRequest) -> HttpResponse:
    """What the form costs as it is filled in now: the text of its button."""
    form = CreateForm(request.POST)
    form.is_valid()
    return render(request, "generator/_price.html", {"form": form, "oob": True})


def _submit(request: HttpRequest, form: CreateForm) -> HttpResponse:
    try:
        if form.is_valid():
            generation = _order(request, form)
            return _accepted(request, form, generation)
        status = 422
    except InvalidRequest as invalid:
        form.add_contract_errors(invalid)
        status = 422
    except InsufficientCredits as short:
        form.add_error(None, _too_expensive(short))
        status = 402
    except Refusal as refusal:
        form.add_error(None, refusal.message)
        status = refusal.status
    return _page(request, form, status)


def _order(request: HttpRequest, form: CreateForm) -> Generation:
    assert form.image_request is not None
    return submission.submit(
        Order(
            owner=request.user,
            request=form.image_request,
            idempotency_key=form.idempotency_key(),
            parent=form.parent_for(request.user),
            expected_cost=form.cleaned_data["expected_cost"],
        )
    )


def _accepted(request: HttpRequest, form: CreateForm, generation: Generation) -> HttpResponse:
    if request.htmx:
        return _page(request, form.renewed())
    # The form comes back filled in, below a fresh key; reloading orders nothing.
    return redirect(f"{reverse('create')}?job={generation.pk}#jobs")


def _too_expensive(short: InsufficientCredits) -> str:
    costs = ngettext("This costs %(n)d credit", "This costs %(n)d credits", short.cost)
    holds = ngettext("you have %(n)d.", "you have %(n)d.", short.balance)
    whom = _("Whoever runs this server can give you more.")
    return f"{costs % {'n': short.cost}}; {holds % {'n': short.balance}} {whom}"


def _page(request: HttpRequest, form: CreateForm, status: int = 200) -> HttpResponse:
    template = "generator/_create.html" if request.htmx else "generator/create.html"
    context = {"form": form, "feed": Feed(request.user)}
    return render(request, template, context, status=status)
