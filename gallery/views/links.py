"""What a link opens: one picture, for whoever has the link and perhaps a password.

The page and its files live below the link's own address, so that nothing of them opens without
it: no session, key or id helps, and none is needed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import throttling
from accounts.views import errors
from gallery import files, recipe, spreading
from gallery.models import Asset, Share, ShareKind
from gallery.safety_forms import ReportForm
from gallery.safety_page import has_reported
from gallery.share_forms import PasswordForm
from gallery.stripping import without_recipe
from gallery.views.files import EXTENSIONS, attachment, bytes_of, send, send_data
from gallery.views.lookup import kept_by_the_browser
from gallery.views.safety import take_report

#: Wrong and right passwords alike: from one neighbourhood, and for a link from everywhere.
TRIES = throttling.Limit("link-password", burst=10, per_second=10 / 3600)
TRIES_OF_ALL = throttling.Limit("link-password-all", burst=200, per_second=200 / 3600)
_OPENED = "opened_links"
_REMEMBERED = 50

View = Callable[..., HttpResponseBase]


def _apart(view: View) -> View:
    """Headers of whatever a link opens: found by no search engine, told to no other site."""

    def wrapped(request: HttpRequest, token: str, **path: str) -> HttpResponseBase:
        response = view(request, token, **path)
        response["X-Robots-Tag"] = "noindex, nofollow"
        # Not "no-referrer": browsers would send the password's form without an origin.
        response["Referrer-Policy"] = "strict-origin"
        return response

    return wrapped


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@kept_by_the_browser
@_apart
def page(request: HttpRequest, token: str) -> HttpResponse:
    """The picture; POST takes the password where one is asked for."""
    link = _link(token)
    if link is None:
        return errors.link_gone(request)
    if request.method == "POST":
        return _try_password(request, link)
    if not _is_open(request, link):
        return _ask(request, link, PasswordForm())
    if request.method == "GET" and request.user.pk != link.asset.owner_id:
        link.count_view()
    return _show(request, link)


@login_not_required
@require_POST
@kept_by_the_browser
@_apart
def report(request: HttpRequest, token: str) -> HttpResponse:
    """Tell moderators what is wrong with it, for whoever the page opens for but its owner."""
    link = _opened(request, token)
    if request.user.pk == link.asset.owner_id:
        raise PermissionDenied(_("You can delete your own picture, or mark it as sensitive."))
    form = ReportForm(request.POST)
    wait = take_report(request, link.asset, form)
    if not form.errors:
        return redirect("share_link", link.token)
    answer = _show(request, link, form, status=429 if wait else 422)
    if wait:
        answer["Retry-After"] = str(wait)
    return answer


def _show(
    request: HttpRequest, link: Share, form: ReportForm | None = None, *, status: int = 200
) -> HttpResponse:
    """The page; `form` is a report that was not taken."""
    context = _context(link)
    if request.user.pk != link.asset.owner_id:
        context["reported"] = has_reported(request, link.asset)
        context["report_form"] = form or ReportForm()
    return render(request, "gallery/link.html", context, status=status)


@login_not_required
@require_safe
@_apart
def serve(request: HttpRequest, token: str, name: str) -> HttpResponseBase:
    """`original`, or a variant such as `640.webp`, for whoever the page opens for."""
    return _bytes(request, token, name, disposition="inline")


@login_not_required
@require_safe
@_apart
def download(request: HttpRequest, token: str) -> HttpResponseBase:
    """The original, with its recipe inside only if the link shows the prompt."""
    link = _opened(request, token)
    title = _title(link)
    name = attachment(title, link.asset.pk, EXTENSIONS[link.asset.media_type])
    return _bytes(request, token, files.ORIGINAL, disposition=name)


def _link(token: str) -> Share | None:
    """The link, or None when it ended; 404 for what was never one."""
    link = Share.objects.find(token, ShareKind.LINK)
    if link is None:
        raise Http404
    return link if Share.objects.open().filter(pk=link.pk).exists() else None


def _opened(request: HttpRequest, token: str) -> Share:
    """The link, if it lets whoever asks look at the files."""
    link = _link(token)
    if link is None or not _is_open(request, link):
        raise Http404
    return link


def _is_open(request: HttpRequest, link: Share) -> bool:
    return not link.has_password or str(link.pk) in request.session.get(_OPENED, [])


def _try_password(request: HttpRequest, link: Share) -> HttpResponse:
    form = PasswordForm(request.POST)
    if not form.is_valid():
        return _ask(request, link, form)
    visitor = throttling.neighbourhood(throttling.client_address(request))
    turns = [
        throttling.take(TRIES, f"{link.pk}:{visitor}"),
        throttling.take(TRIES_OF_ALL, str(link.pk)),
    ]
    refused = [turn for turn in turns if not turn.allowed]
    if refused:
        return errors.too_many_requests(request)
    if not link.opens_with(form.cleaned_data["password"]):
        form.add_error("password", _("That is not the password."))
        return _ask(request, link, form)
    opened = [*request.session.get(_OPENED, []), str(link.pk)]
    request.session[_OPENED] = opened[-_REMEMBERED:]
    return redirect("share_link", link.token)


def _ask(request: HttpRequest, link: Share, form: PasswordForm) -> HttpResponse:
    """Ask for the password, and say nothing of the picture before it is right."""
    status = 422 if form.errors else 200
    return render(request, "gallery/link_password.html", {"form": form}, status=status)


def _context(link: Share) -> dict[str, Any]:
    asset = link.asset
    folder = reverse("share_link_file", args=[link.token, files.ORIGINAL])
    folder = folder.removesuffix(files.ORIGINAL)
    copies = list(asset.variants.all())
    names = [files.variant_name(copy.width) for copy in copies]
    shown = {"asset": asset, "link": link, "title": _title(link), "folder": folder}
    if link.shows_prompt:
        asked = recipe.request_of(asset.recipe)
        shown |= {
            "rows": recipe.rows(asset.recipe),
            "negative_prompt": asked.get("negative_prompt", ""),
            "seed": asked.get("seed"),
        }
    return shown | {
        "label": spreading.badge(asset),
        "image": folder + (names[-1] if names else files.ORIGINAL),
        "srcset": ", ".join(
            f"{folder}{name} {copy.width}w" for name, copy in zip(names, copies, strict=True)
        ),
    }


def _title(link: Share) -> str:
    """What the picture is called where its prompt must not be read."""
    asset: Asset = link.asset
    return asset.title if link.shows_prompt else asset.name or _("A picture")


def _bytes(request: HttpRequest, token: str, name: str, *, disposition: str) -> HttpResponseBase:
    link = _opened(request, token)
    # Kept by no shared cache, or it would open after the link has ended.
    content = replace(bytes_of(link.asset, name), public=False)
    if name != files.ORIGINAL or link.shows_prompt:
        return send(request, content, disposition=disposition)
    with files.open_file(content.key) as file:
        data = without_recipe(file.read(), content.media_type)
    content = replace(content, etag=f'"{link.asset.sha256[:32]}-plain"')
    return send_data(request, content, data, disposition=disposition)
