"""One's own tags: the list of them, what completes a word, renaming, merging, taking away."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from gallery import tagging
from gallery.forms import MAX_TAG, check_text, read_tags
from gallery.views.lookup import kept_by_the_browser, person

PER_PAGE = 100
#: How much of what is being typed is looked at.
MAX_TYPED = 1_100


class RenameForm(forms.Form):
    """A word, and what it is to be called; without a new one it is taken away."""

    old = forms.CharField(max_length=MAX_TAG)
    new = forms.CharField(label=gettext_lazy("New name"), max_length=MAX_TAG + 1, required=False)

    def clean_new(self) -> str:
        new = self.cleaned_data["new"]
        names = read_tags(check_text(new))
        if new and len(names) != 1:
            raise forms.ValidationError(_("A tag is one word."))
        return names[0] if names else ""


@require_http_methods(["GET", "HEAD", "POST"])
@kept_by_the_browser
def contents(request: HttpRequest) -> HttpResponse:
    """The words of one's own pictures; POST renames one (`old`, `new`) or takes it away."""
    form = RenameForm(request.POST) if request.method == "POST" else None
    if form and form.is_valid():
        _change(request, form.cleaned_data["old"], form.cleaned_data["new"])
        return redirect("tags")
    begins, after = request.GET.get("q", "").strip().lstrip("#"), request.GET.get("after", "")
    begins, after = begins.replace("\0", "")[:MAX_TAG], after.replace("\0", "")[:MAX_TAG]
    found = tagging.mine(person(request), begins=begins, after=after, limit=PER_PAGE)
    context = {"page": found, "form": form, "begins": begins, "after": after}
    return render(request, "gallery/tags.html", context, status=422 if form else 200)


@require_safe
@kept_by_the_browser
def completions(request: HttpRequest) -> HttpResponse:
    """What `?tags=` could become, as options for a `<datalist>`."""
    typed = request.GET.get("tags", "").replace("\0", "")[:MAX_TYPED]
    found = tagging.completions(person(request), typed)
    return render(request, "gallery/_tag_options.html", {"options": found})


def _change(request: HttpRequest, old: str, new: str) -> None:
    user = person(request)
    count = tagging.rename(user, old, new) if new else tagging.forget(user, old)
    if not count:
        messages.warning(request, _("None of your pictures has that tag."))
    elif new:
        one = "%(n)d picture is under #%(new)s now."
        told = ngettext(one, "%(n)d pictures are under #%(new)s now.", count)
        messages.success(request, told % {"n": count, "new": new})
    else:
        told = ngettext("Taken from %d picture.", "Taken from %d pictures.", count)
        messages.success(request, told % count)
