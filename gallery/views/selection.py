"""One deed for many chosen pictures, and what is told about it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts.models import User
from gallery import arranging, collecting, organising
from gallery.models import Asset
from gallery.organising import Outcome
from gallery.selection_forms import BIN_DEEDS, SelectionForm
from gallery.views.lookup import kept_by_the_browser, person

EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
MICROSECOND = dt.timedelta(microseconds=1)


@dataclass(frozen=True)
class Deed:
    """What is done, and what people are told: of so many done, and of so many refused."""

    act: Callable[[User, Mapping[str, Any]], Outcome]
    done: Callable[[int], str]
    refused: Callable[[int, int], str]


@require_POST
@kept_by_the_browser
def act(request: HttpRequest) -> HttpResponse:
    """`do=` one of `DEEDS` with every `asset=`: what may be done is, the rest is named."""
    return _act(request, SelectionForm(request.POST, user=person(request)), reverse("gallery"))


@require_POST
@kept_by_the_browser
def act_in_bin(request: HttpRequest) -> HttpResponse:
    """The same with what lies in the bin: `restore` or `erase`."""
    form = SelectionForm(request.POST, user=person(request), deeds=BIN_DEEDS)
    return _act(request, form, reverse("bin"))


def _act(request: HttpRequest, form: SelectionForm, home: str) -> HttpResponse:
    if not form.is_valid():
        return problem(request, form, home)
    deed = DEEDS[form.cleaned_data["do"]]
    try:
        outcome = deed.act(person(request), form.cleaned_data)
    except (arranging.Full, collecting.TooManyCollections) as error:
        form.add_error(None, str(error))
        return problem(request, form, home)
    _tell(request, deed, outcome)
    if request.htmx:  # type: ignore[attr-defined]
        context = {"gone": outcome.gone, "oob": True}
        return render(request, "gallery/_selection_done.html", context)
    return redirect(_next(request, home))


def problem(request: HttpRequest, form: SelectionForm, home: str) -> HttpResponse:
    """What is wrong, beside pictures that are still chosen."""
    found = [str(message) for messages in form.errors.values() for message in messages]
    context: dict[str, Any] = {"problems": found}
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "gallery/_selection_problems.html", context, status=422)
    # What was no id is chosen no more, and what is shown is bounded as the selection is.
    chosen = [value for value in form.chosen if len(value) == 36][: organising.MAX_SELECTED]
    try:
        rows = Asset.objects.visible_to(request.user).filter(pk__in=chosen)
        cards = list(rows.prefetch_related("variants").defer("recipe").newest_first())
    except (ValueError, TypeError):
        cards = []
    context |= {"cards": cards, "form": form, "back": _next(request, home)}
    return render(request, "gallery/selection.html", context, status=422)


def _tell(request: HttpRequest, deed: Deed, outcome: Outcome) -> None:
    if outcome.done:
        told = deed.done(outcome.done)
        messages.success(request, _with_undo(told, outcome) if outcome.moment else told)
    if outcome.refused:
        messages.warning(request, deed.refused(outcome.refused, outcome.asked))
    if outcome.full:
        messages.warning(request, _full(len(outcome.full)))


def _with_undo(told: str, outcome: Outcome) -> str:
    moment = ((outcome.moment or EPOCH) - EPOCH) // MICROSECOND
    return format_html(
        '{} <button form="act" class="button quiet" formaction="{}">{}</button>',
        told,
        reverse("bin_undo", args=[moment]),
        _("Undo"),
    )


def _next(request: HttpRequest, home: str) -> str:
    """The page they were chosen on, if it is one of ours."""
    page = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(
        page, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return page if ours else home


@transaction.atomic
def _collect(user: User, told: Mapping[str, Any]) -> Outcome:
    collection = told["collection"] or collecting.begin(user, told["name"])
    return organising.collect(user, told["ids"], collection)


def _full(n: int) -> str:
    one = "%d picture has as many tags as it can."
    return ngettext(one, "%d pictures have as many tags as they can.", n) % n


def _not_yours(n: int, asked: int) -> str:
    """To share, to rate, to delete: what only owners do."""
    one = "%(n)d of %(asked)d is not yours, so it was left alone."
    many = "%(n)d of %(asked)d are not yours, so they were left alone."
    return ngettext(one, many, n) % {"n": n, "asked": asked}


def _not_changed(n: int, asked: int) -> str:
    one = "%(n)d of %(asked)d is not yours to change."
    return ngettext(one, "%(n)d of %(asked)d are not yours to change.", n) % {
        "n": n,
        "asked": asked,
    }


def _not_seen(n: int, asked: int) -> str:
    one = "%(n)d of %(asked)d is gone, or not shown to you."
    many = "%(n)d of %(asked)d are gone, or not shown to you."
    return ngettext(one, many, n) % {"n": n, "asked": asked}


def _no_longer_sensitive(n: int) -> str:
    one = "You call %d picture sensitive no more."
    return ngettext(one, "You call %d pictures sensitive no more.", n) % n


DEEDS: Mapping[str, Deed] = {
    "share": Deed(
        lambda user, told: organising.share(user, told["ids"], told["team"]),
        lambda n: ngettext("%d picture shared.", "%d pictures shared.", n) % n,
        _not_yours,
    ),
    "tag": Deed(
        lambda user, told: organising.tag(user, told["ids"], told["tags"]),
        lambda n: ngettext("%d picture tagged.", "%d pictures tagged.", n) % n,
        _not_changed,
    ),
    "untag": Deed(
        lambda user, told: organising.untag(user, told["ids"], told["tags"]),
        lambda n: ngettext("Tags taken from %d picture.", "Tags taken from %d pictures.", n) % n,
        _not_changed,
    ),
    "collect": Deed(
        _collect,
        lambda n: ngettext("%d picture collected.", "%d pictures collected.", n) % n,
        _not_seen,
    ),
    "take_out": Deed(
        lambda user, told: organising.take_out(user, told["ids"], told["collection"]),
        lambda n: ngettext("%d picture taken out.", "%d pictures taken out.", n) % n,
        _not_seen,
    ),
    "sensitive": Deed(
        lambda user, told: organising.call_sensitive(user, told["ids"], sensitive=True),
        lambda n: ngettext("%d picture is sensitive now.", "%d pictures are sensitive now.", n) % n,
        _not_yours,
    ),
    "not_sensitive": Deed(
        lambda user, told: organising.call_sensitive(user, told["ids"], sensitive=False),
        _no_longer_sensitive,
        _not_yours,
    ),
    "delete": Deed(
        lambda user, told: organising.move_to_bin(user, told["ids"]),
        lambda n: ngettext("%d picture moved to the bin.", "%d pictures moved to the bin.", n) % n,
        _not_yours,
    ),
    "restore": Deed(
        lambda user, told: organising.restore(user, told["ids"]),
        lambda n: ngettext("%d picture is back.", "%d pictures are back.", n) % n,
        _not_seen,
    ),
    "erase": Deed(
        lambda user, told: organising.erase(user, told["ids"]),
        lambda n: ngettext("%d picture deleted for ever.", "%d pictures deleted for ever.", n) % n,
        _not_seen,
    ),
}
