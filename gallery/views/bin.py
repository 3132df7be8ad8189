"""Deleting, with a way back."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from gallery import keeping, organising
from gallery.listing import BadCursor, page
from gallery.models import Asset
from gallery.views.lookup import disposable_or_403, kept_by_the_browser, person
from gallery.views.selection import EPOCH, MICROSECOND

PER_PAGE = 24


@require_safe
@kept_by_the_browser
def contents(request: HttpRequest) -> HttpResponse:
    """What was deleted in the last BIN_DAYS days, newest first."""
    binned = Asset.objects.in_bin_of(request.user).prefetch_related("variants")
    try:
        found = page(binned, cursor=request.GET.get("cursor"), limit=PER_PAGE, order="deleted_at")
    except BadCursor:
        raise Http404 from None
    return render(request, "gallery/bin.html", {"page": found, "days": settings.BIN_DAYS})


@require_POST
def everything(request: HttpRequest) -> HttpResponse:
    """`do=restore` brings back all that lies in the bin, `do=erase` deletes it for ever."""
    user, deed = person(request), request.POST.get("do")
    if deed == "restore":
        count = organising.restore_all(user)
        told = ngettext("%d picture is back.", "%d pictures are back.", count) % count
    elif deed == "erase":
        count, left = organising.empty_bin(user)
        told = ngettext("%d picture deleted for ever.", "%d pictures deleted for ever.", count)
        told %= count
        if left:
            more = _("%d are left; empty it again for the next ones.") % left
            told = f"{told} {more}"
    else:
        return HttpResponseBadRequest(_("Say “restore” or “erase”."), content_type="text/plain")
    messages.success(request, told)
    return redirect("bin")


@require_POST
def undo(request: HttpRequest, moment: int) -> HttpResponse:
    """Bring back what was deleted at once, so many microseconds after 1970."""
    try:
        deleted_at = EPOCH + moment * MICROSECOND
    except OverflowError:
        raise Http404 from None
    count = organising.undo(person(request), deleted_at)
    if not count:
        raise Http404
    told = ngettext("%d picture is back.", "%d pictures are back.", count)
    messages.success(request, told % count)
    return redirect("gallery")


@require_POST
def delete(request: HttpRequest, asset_id: uuid.UUID) -> HttpResponse:
    """Into the bin, with an Undo in the toast."""
    asset = disposable_or_403(request, asset_id)
    asset.move_to_bin()
    messages.success(
        request,
        format_html(
            '{} <button form="act" class="button quiet" formaction="{}">{}</button>',
            _("Moved to the bin."),
            reverse("asset_restoration", args=[asset.pk]),
            _("Undo"),
        ),
    )
    return redirect("gallery")


@require_POST
def restore(request: HttpRequest, asset_id: uuid.UUID) -> HttpResponse:
    """Out of the bin, as it was."""
    asset = get_object_or_404(Asset.objects.in_bin_of(request.user), pk=asset_id)
    asset.restore()
    messages.success(request, _("It is back in your gallery."))
    return redirect(asset)


@require_POST
def erase(request: HttpRequest, asset_id: uuid.UUID) -> HttpResponse:
    """Delete a binned picture for ever, bytes and all."""
    asset = get_object_or_404(Asset.objects.in_bin_of(request.user), pk=asset_id)
    keeping.purge([asset.pk])
    messages.success(request, _("Deleted for ever."))
    return redirect("bin")
