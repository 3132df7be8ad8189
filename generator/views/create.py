"""The Create page: the form, its price, and what happens on submit."""

from __future__ import annotations

import uuid
from http import HTTPStatus

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import reswap

from accounts.models import CannotPay, InsufficientCredits
from gallery.views.lookup import kept_by_the_browser
from generator import form_rows, options, prefill, submission
from generator.contract import InvalidRequest
from generator.feed import Feed
from generator.form_rows import Sent
from generator.forms import CreateForm
from generator.models import Generation
from generator.submission import Order, Refusal
from generator.views.refusals import cannot_pay, new_price
from generator.views.signed_in import SignedIn


@require_http_methods(["GET", "HEAD", "POST"])
@kept_by_the_browser
def create(request: SignedIn) -> HttpResponse:
    """Show the form; on POST submit it. Works as a plain form, and better with htmx."""
    if request.method == "POST":
        return _submit(request, _absorb(request))
    found = prefill.read(request.user, request.GET)
    form = CreateForm(request.user, initial={**found.initial, "key": uuid.uuid4()})
    context = {"form": form, "feed": Feed(request.user), "notes": found.notes}
    return render(request, "generator/create.html", context)


@require_POST
def price(request: SignedIn) -> HttpResponse:
    """What the form costs as it is filled in now, and the defaults of a model just chosen."""
    form = CreateForm(request.user, request.POST)
    if moved := options.follow_model(request.POST, form.models):
        form = CreateForm(request.user, moved)
    form.is_valid()
    context = {
        "form": form,
        "oob": True,
        "model_changed": moved is not None,
        "lora_rows_full": form_rows.is_full(form.loras, request.POST),
    }
    return render(request, "generator/_price.html", context)


@require_POST
def guides(request: SignedIn) -> HttpResponse:
    """Take in pictures to work from, or drop one; the rest of the form stays as it is."""
    sent = _absorb(request)
    context: dict[str, object] = {"problems": sent.problems}
    if request.htmx:
        context["form"] = CreateForm(request.user, sent.data)
        return render(request, "generator/_guides.html", context)
    form = CreateForm(request.user, sent.data)
    form.is_valid()
    read = {name: value for name, value in form.cleaned_data.items() if value is not None}
    context["form"] = CreateForm(request.user, initial={**form_rows.plain(sent.data), **read})
    return render(request, "generator/create.html", {**context, "feed": Feed(request.user)})


def _absorb(request: SignedIn) -> Sent:
    can = CreateForm(request.user, request.POST).guided_by
    return form_rows.absorb(request.POST, request.FILES, request.user, can)


def _submit(request: SignedIn, sent: Sent) -> HttpResponse:
    form = CreateForm(request.user, sent.data)
    for problem in sent.problems:
        form.add_error("guides", problem)
    order = _read(request, form)
    generation, status = _try(order, form) if order else (None, 422)
    if generation is None:
        return _page(request, form, status)
    if request.htmx:
        # Everything but the fields: somebody may be typing the next wish already.
        form = CreateForm(request.user, sent.data)
        context = {"form": form, "feed": Feed(request.user), "key": uuid.uuid4()}
        return reswap(render(request, "generator/_submitted.html", context), "none")
    # The form comes back filled in, below a fresh key; reloading orders nothing.
    return redirect(f"{reverse('create')}?job={generation.pk}#jobs")


def _read(request: SignedIn, form: CreateForm) -> Order | None:
    """The order that the form asks for; None when the form says what is wrong."""
    if not (form.is_valid() & form.paying.is_valid()) or form.image_request is None:
        return None
    return Order(
        owner=request.user,
        request=form.image_request,
        idempotency_key=form.idempotency_key(),
        parent=form.parent_for(request.user),
        expected_cost=form.cleaned_data["expected_cost"],
        payer=form.paying.wallet,
        project=form.paying.cleaned_data["project"],
    )


def _try(order: Order, form: CreateForm) -> tuple[Generation | None, int]:
    """Submit it, or put the reason into the form; with the HTTP status that says so."""
    try:
        return submission.submit(order), 200
    except InvalidRequest as invalid:
        form.add_contract_errors(invalid)
        return None, 422
    except CannotPay as short:
        return None, _unpaid(form, short)
    except Refusal as refusal:
        changed = refusal.code == "price_changed"
        form.add_error(None, new_price(form.cost() or 0) if changed else refusal.message)
        return None, refusal.status


def _unpaid(form: CreateForm, short: CannotPay) -> int:
    """Say why the wallet does not pay, beside it if it was chosen; gives the HTTP status."""
    sentence = cannot_pay(short, form.paying.wallet)
    if isinstance(short, InsufficientCredits) or not form.paying.has_choice:
        form.add_error(None, sentence)
    else:
        form.paying.add_error("payer", sentence)
    return short.status if short.status == HTTPStatus.PAYMENT_REQUIRED else 422


def _page(request: SignedIn, form: CreateForm, status: int) -> HttpResponse:
    """The form as it was sent, with what is wrong with it."""
    template = "generator/_create.html" if request.htmx else "generator/create.html"
    context = {"form": form, "feed": Feed(request.user)}
    return render(request, template, context, status=status)
