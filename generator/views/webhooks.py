"""Pages of webhooks: where they lead, what was sent, and sending it again."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from gallery.listing import BadCursor
from generator import buckets
from generator.models import Webhook
from generator.views.signed_in import SignedIn
from generator.webhook_forms import NewWebhookForm, WebhookForm
from generator.webhooks import managing
from generator.webhooks.log import log_of

PAGE = 25


@never_cache
@sensitive_variables("secret")
@require_http_methods(["GET", "HEAD", "POST"])
def webhooks(request: SignedIn) -> HttpResponse:
    """The person's webhooks. A new one's secret is shown in the answer and kept nowhere else."""
    form = NewWebhookForm(request.user, request.POST if request.method == "POST" else None)
    made = secret = None
    if form.is_valid() and (saved := form.save()):
        made, secret = saved
        form = NewWebhookForm(request.user)
    mine = Webhook.objects.managed_by(request.user).select_related("team")
    bucket = buckets.of(request.user)
    context = {"form": form, "secret": secret, "webhooks": mine, "bucket": bucket}
    status = 201 if made else 422 if form.errors else 200
    return render(request, "generator/webhooks.html", context, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def webhook(request: SignedIn, pk: int) -> HttpResponse:
    """One of them: its state, its log, and what can be changed."""
    found = _mine(request, pk)
    form = WebhookForm.of(found, request.POST if request.method == "POST" else None)
    if form.is_valid():
        found.change(request.user, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("webhook", pk)
    return _page(request, found, form=form)


@never_cache
@sensitive_variables("secret")
@require_POST
def rotation(request: SignedIn, pk: int) -> HttpResponse:
    """A new secret, shown in the answer itself."""
    found = _mine(request, pk)
    secret = found.rotate(request.user)
    return _page(request, found, secret=secret)


@require_POST
def switch(request: SignedIn, pk: int) -> HttpResponse:
    """On when it is off, and off when it is on, as the button said."""
    wanted = request.POST.get("to") == "on"
    _mine(request, pk).change(request.user, enabled=wanted)
    messages.success(request, _("Switched on.") if wanted else _("Switched off."))
    return redirect("webhook", pk)


@require_POST
def test(request: SignedIn, pk: int) -> HttpResponse:
    """Send a message, to see whether it arrives."""
    try:
        managing.send_test(_mine(request, pk))
        messages.success(request, _("On its way: look at the log in a moment."))
    except managing.SwitchedOff as error:
        messages.info(request, str(error))
    return redirect("webhook", pk)


@require_POST
def deletion(request: SignedIn, pk: int) -> HttpResponse:
    _mine(request, pk).delete()
    messages.success(request, _("Deleted; nothing more is sent there."))
    return redirect("webhooks")


@require_POST
def keeping(request: SignedIn) -> HttpResponse:
    """Whether pictures that ModelsLab's programs ask for stay."""
    wanted = request.POST.get("keeps") == "yes"
    buckets.keep(request.user, wanted=wanted)
    told = _("They stay.") if wanted else _("They go into the bin after a day.")
    messages.success(request, told)
    return redirect("webhooks")


@require_POST
def bucket_removal(request: SignedIn) -> HttpResponse:
    """Send nothing into the bucket any more."""
    buckets.forget(request.user)
    messages.success(request, _("Nothing more is sent into the bucket."))
    return redirect("webhooks")


@require_POST
def redelivery(request: SignedIn, pk: int, delivery_id: uuid.UUID) -> HttpResponse:
    """Send it once more."""
    found = _mine(request, pk)
    delivery = get_object_or_404(found.deliveries, pk=delivery_id)
    try:
        again = managing.send_again(found, delivery)
    except managing.SwitchedOff as error:
        messages.info(request, str(error))
    else:
        told = _("On its way once more, under the same id.")
        messages.info(request, told if again else _("It is on its way already."))
    return redirect("webhook", pk)


def _mine(request: SignedIn, pk: int) -> Webhook:
    mine = Webhook.objects.managed_by(request.user).select_related("team", "owner")
    return get_object_or_404(mine, pk=pk)


def _page(
    request: SignedIn, found: Webhook, *, form: WebhookForm | None = None, secret: str = ""
) -> HttpResponse:
    form = form or WebhookForm.of(found)
    try:
        deliveries, cursor = log_of(found, PAGE, request.GET.get("cursor"))
    except BadCursor:
        raise Http404 from None
    context = {
        "webhook": found,
        "form": form,
        "secret": secret,
        "deliveries": deliveries,
        "next_cursor": cursor,
        "is_live": Webhook.objects.live().filter(pk=found.pk).exists(),
        "is_own": found.owner_id == request.user.pk,
    }
    return render(request, "generator/webhook.html", context, status=422 if form.errors else 200)
