"""Bringing pictures from elsewhere into one's gallery."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from gallery.imaging import UnsafePicture
from gallery.models import Asset
from gallery.uploading import NoRoom, StorageFull
from gallery.views.lookup import person
from generator.importing.taking import MadeBy, UnknownOrigin, take

MOST = 10


class ImportForm(forms.Form):
    """Up to `MOST` files, and who made those that do not say it."""

    pictures = forms.FileField(
        label=gettext_lazy("Pictures"),
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp"}),
    )
    made_by = forms.ChoiceField(
        label=gettext_lazy("If the file does not say who made it"),
        required=False,
        choices=[("", gettext_lazy("Do not bring it in")), *MadeBy.choices],
    )


@require_http_methods(["GET", "HEAD", "POST"])
def bring_in(request: HttpRequest) -> HttpResponse:
    """A form of files; what could be read of each is on its picture's page afterwards."""
    form = ImportForm(request.POST or None, request.FILES or None)
    form.fields["pictures"].widget.attrs["multiple"] = True
    if request.method != "POST" or not form.is_valid():
        return _page(request, form)
    sent = request.FILES.getlist("pictures")
    if len(sent) > MOST:
        form.add_error("pictures", _("At most %(n)s at once.") % {"n": MOST})
        return _page(request, form)
    kept = [asset for file in sent if (asset := _taken(request, form, file))]
    if kept:
        told = ngettext("%(n)s picture brought in.", "%(n)s pictures brought in.", len(kept))
        messages.success(request, told % {"n": len(kept)})
    if form.errors:
        return _page(request, form, kept=kept)
    return redirect(kept[0]) if len(kept) == 1 else redirect("gallery")


def _taken(request: HttpRequest, form: ImportForm, file: UploadedFile) -> Asset | None:
    """The picture that is kept now, or None and an error that names the file."""
    name = file.name or ""
    try:
        made_by = form.cleaned_data["made_by"]
        return take(person(request), file.read(), name=name, made_by=made_by)
    except (UnsafePicture, UnknownOrigin, StorageFull, NoRoom) as error:
        form.add_error("pictures", f"{name[:80]}: {error}")
    return None


def _page(request: HttpRequest, form: ImportForm, **more: Any) -> HttpResponse:
    status = 422 if form.errors else 200
    return render(
        request, "generator/import.html", {"form": form, "most": MOST, **more}, status=status
    )
