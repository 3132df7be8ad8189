"""The page on which an owner says who sees a picture, and what it does."""

from __future__ import annotations

import uuid
from typing import Any

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.inviting import mail_leaves
from accounts.views import errors
from gallery import sharing
from gallery.models import Asset, Share, ShareKind
from gallery.share_forms import LinkForm, PersonForm, RightForm
from gallery.sharing import CannotShare
from gallery.views.asset import sharing_context
from gallery.views.lookup import disposable_or_403, kept_by_the_browser, person


@require_safe
@kept_by_the_browser
def contents(request: HttpRequest, asset_id: uuid.UUID) -> HttpResponse:
    """Everybody it is shared with, and the forms to share it."""
    asset = disposable_or_403(request, asset_id)
    return render(request, "gallery/sharing.html", _context(request, asset))


@require_POST
@kept_by_the_browser
def add_person(request: HttpRequest, asset_id: uuid.UUID) -> HttpResponse:
    """Share it with a colleague, or invite an address."""
    asset = disposable_or_403(request, asset_id)
    form = PersonForm(person(request), request.POST)
    if not form.is_valid():
        return _page(request, asset, person_form=form)
    colleague, email = form.cleaned_data.get("person"), form.cleaned_data["email"]
    try:
        if colleague:
            sharing.with_colleague(asset, colleague.pk, may_edit=form.may_edit)
        else:
            sharing.by_mail(asset, email, may_edit=form.may_edit)
    except CannotShare as error:
        form.add_error(error.field if error.field in form.fields else None, str(error))
        return _page(request, asset, person_form=form)
    messages.success(request, _("Shared.") if colleague else _("The invitation is on its way."))
    return redirect("asset_sharing", asset.pk)


@require_POST
@kept_by_the_browser
def add_link(request: HttpRequest, asset_id: uuid.UUID) -> HttpResponse:
    """Make a link for anybody who has it."""
    asset = disposable_or_403(request, asset_id)
    form = LinkForm(request.POST)
    if not form.is_valid():
        return _page(request, asset, link_form=form)
    try:
        sharing.by_link(
            asset,
            shows_prompt=form.cleaned_data["shows_prompt"],
            password=form.cleaned_data["password"],
            expires_at=form.expires_at,
        )
    except CannotShare as error:
        form.add_error(None, str(error))
        return _page(request, asset, link_form=form)
    messages.success(request, _("The link works from now on."))
    return redirect("asset_sharing", asset.pk)


@require_POST
def change(request: HttpRequest, share_id: uuid.UUID) -> HttpResponse:
    """Let somebody it is shared with do more or less: `right=view` or `edit`."""
    given = Share.objects.of(person(request))
    share = get_object_or_404(given.select_related("person"), pk=share_id)
    form = RightForm(request.POST)
    if not form.is_valid():
        return HttpResponseBadRequest(_("Say “view” or “edit”."), content_type="text/plain")
    may_edit = form.cleaned_data["right"] == "edit"
    if not given.filter(pk=share.pk).let_edit(may_edit=may_edit):
        raise Http404
    who = share.person.display_name if share.person else share.email
    told = _("%s may change its words now.") if may_edit else _("%s may only look at it now.")
    messages.success(request, told % who)
    return redirect("asset_sharing", share.asset_id)


@require_POST
def end(request: HttpRequest, share_id: uuid.UUID) -> HttpResponse:
    """Take one back, from the next request on."""
    share = get_object_or_404(Share.objects.of(person(request)), pk=share_id)
    Share.objects.filter(pk=share.pk).end()
    link = share.kind == ShareKind.LINK
    messages.success(request, _("The link opens nothing now.") if link else _("Taken back."))
    return redirect("asset_sharing", share.asset_id)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """What an invitation by mail opens; POST accepts it. 403 for another address, 410 when over."""
    share = Share.objects.find(token, ShareKind.PERSON)
    if share is None:
        raise Http404
    response = _answer(request, share)
    response["Referrer-Policy"] = "strict-origin"
    return response


def _answer(request: HttpRequest, share: Share) -> HttpResponse:
    if not Share.objects.open().filter(pk=share.pk, person=None).exists():
        return errors.invitation_gone(request)
    if not request.user.is_authenticated:
        return render(request, "gallery/share_invitation.html", _entrance(request, share))
    if request.user.email.lower() != share.email:
        return errors.invitation_for_another(request)
    if request.method != "POST":
        return render(request, "gallery/share_invitation.html", {"share": share})
    if not sharing.accept(share, request.user):
        return errors.invitation_gone(request)
    return redirect(share.asset)


def _entrance(request: HttpRequest, share: Share) -> dict[str, Any]:
    back = "?" + urlencode({"next": reverse("share_invitation", args=[share.token])})
    return {
        "share": share,
        "may_sign_up": get_adapter().is_open_for_signup(request),
        "sign_up_url": reverse("account_signup") + back,
        "sign_in_url": reverse("account_login") + back,
    }


def _page(request: HttpRequest, asset: Asset, **forms: Form) -> HttpResponse:
    """The page with a form that was filled in wrong."""
    return render(request, "gallery/sharing.html", _context(request, asset) | forms, status=422)


def _context(request: HttpRequest, asset: Asset) -> dict[str, Any]:
    given = list(
        Share.objects.of(person(request))
        .filter(asset=asset)
        .select_related("person")
        .order_by("created_at", "pk")
    )
    return {
        "asset": asset,
        "people_given": [each for each in given if each.kind == ShareKind.PERSON],
        "links_given": [
            {"share": each, "url": sharing.address(each)}
            for each in given
            if each.kind == ShareKind.LINK
        ],
        "person_form": PersonForm(person(request)),
        "link_form": LinkForm(),
        "mail_leaves": mail_leaves(),
        **sharing_context(request, asset),
    }
