"""What somebody was told about their pictures, reports and appeals."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from gallery.models import Notice, NoticeKind
from gallery.views.lookup import kept_by_the_browser, person

#: So many are shown; older ones are history.
SHOWN = 100


class MailForm(forms.Form):
    """Whether to write to them as well."""

    mail = forms.ChoiceField(choices=[("yes", "yes"), ("no", "no")])


@require_POST
def mail(request: HttpRequest) -> HttpResponse:
    """Write to whoever asks of what they are told (`mail=yes`), or do not."""
    form = MailForm(request.POST)
    if not form.is_valid():
        return HttpResponseBadRequest(_("Say “yes” or “no”."), content_type="text/plain")
    wanted = form.cleaned_data["mail"] == "yes"
    User.objects.filter(pk=person(request).pk).update(mail_notices=wanted)
    messages.success(request, _("Saved."))
    return redirect("notices")


@require_safe
@kept_by_the_browser
def contents(request: HttpRequest) -> HttpResponse:
    """The newest first. Whoever looks has seen them, unless it is staff looking as them."""
    reader = person(request)
    watched = getattr(request, "impersonator", None) is not None
    fresh: list[int] = []
    if request.method == "GET" and not watched:
        fresh = Notice.objects.see(reader)
        # So that this very page does not say that there is news.
        reader.has_notices = False
    rows = (
        Notice.objects.filter(person=reader)
        .select_related("asset")
        .prefetch_related("asset__variants")
        .order_by("-pk")
    )
    shown = [
        _row(notice, new=notice.pk in fresh or notice.seen_at is None) for notice in rows[:SHOWN]
    ]
    return render(request, "gallery/notices.html", {"notices": shown})


def _row(notice: Notice, *, new: bool) -> dict[str, Any]:
    """A notice and where its picture is; one that others own is named to nobody."""
    asset = notice.asset
    told = notice.kind != NoticeKind.REPORT and asset.owner_id == notice.person_id
    return {"notice": notice, "new": new, "asset": asset if told else None}
