"""The moderators' queue: look, decide, take back. Lives in the administration."""

from __future__ import annotations

from typing import cast

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from accounts.models import AuditEntry, User
from gallery import moderating
from gallery.forms import check_text
from gallery.models import ReasonKind
from gallery.moderating import Decision, Overtaken, Why

#: Pictures on one page; the next come when these are decided.
SHOWN = 24
#: The decisions of this moderator that the page offers to take back.
UNDOABLE = 5


class DecisionForm(forms.Form):
    """One decision. The kind of reason is for everybody, the words for the owner and the log."""

    picture = forms.UUIDField()
    decision = forms.ChoiceField(choices=[(each.value, each.value) for each in Decision])
    kind = forms.ChoiceField(choices=[("", ""), *ReasonKind.choices], required=False)
    reason = forms.CharField(required=False, max_length=300)

    def clean_reason(self) -> str:
        return check_text(self.cleaned_data["reason"]).strip()


def moderation(request: HttpRequest) -> HttpResponse:
    """The queue; a POST decides about one picture, or takes a decision back (`undo`)."""
    if not request.user.has_perm(moderating.PERMISSION):
        raise PermissionDenied
    actor = cast(User, request.user)
    if request.method == "POST":
        return _undo(request, actor) if "undo" in request.POST else _decide(request, actor)
    cases = moderating.queue()
    context = {
        **admin.site.each_context(request),
        "title": _("Moderation"),
        "cases": cases[:SHOWN],
        "count": len(cases),
        "reason_kinds": ReasonKind.choices,
        "undoable": _undoable(actor),
    }
    return render(request, "gallery/admin/moderation.html", context)


def _decide(request: HttpRequest, actor: User) -> HttpResponse:
    form = DecisionForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Nothing was decided: choose what to do, in 300 characters."))
        return redirect("admin:moderation")
    said = form.cleaned_data
    why = Why(said["kind"], said["reason"])
    try:
        moderating.decide(said["picture"], actor, Decision(said["decision"]), why)
    except Overtaken:
        messages.warning(request, _("This picture is gone."))
    else:
        messages.success(request, _DONE[Decision(said["decision"])]())
    return redirect("admin:moderation")


def _undo(request: HttpRequest, actor: User) -> HttpResponse:
    entry = get_object_or_404(moderating.decisions_of(actor), pk=_number(request.POST["undo"]))
    try:
        moderating.undo(entry, actor)
    except Overtaken:
        messages.warning(request, _("Not taken back: the picture has changed since."))
    else:
        messages.success(request, _("Taken back; the picture stands as before."))
    return redirect("admin:moderation")


_DONE = {
    Decision.APPROVE: lambda: _("Approved."),
    Decision.SENSITIVE: lambda: _("Marked as sensitive."),
    Decision.REMOVE: lambda: _("Taken out of the public."),
    Decision.BIN: lambda: _("Moved to its owner’s bin."),
}


def _undoable(actor: User) -> list[AuditEntry]:
    """What this moderator decided last and is still the last word."""
    latest = list(moderating.decisions_of(actor).order_by("-pk")[:UNDOABLE])
    return moderating.standing(latest)


def _number(value: str) -> int:
    return int(value) if value.isdecimal() and len(value) < 18 else 0
