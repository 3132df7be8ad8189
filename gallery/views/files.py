"""The bytes of pictures, for those who may see them and for nobody else."""

from __future__ import annotations

import re
import unicodedata
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AnonymousUser
from django.core.files.base import File
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from accounts.authentication import authenticate_key
from accounts.models import Scope, User
from accounts.prepared import Prepared, somebody
from gallery import files
from gallery.models import Asset, Variant
from gallery.models.rated import is_open

BLOCK = 256 * 1024
_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII)
EXTENSIONS = {"image/png": "png", "image/webp": "webp", "image/jpeg": "jpg"}

#: A picture and each of its copies, no models made: there are many such questions for each page.
_COLUMNS = (
    *("variants__width", "variants__file", "variants__size"),
    *("file", "size", "media_type", "sha256", "listed", "rating"),
)
_OWN = Prepared(
    lambda picture, viewer: (
        Asset.objects.filter(pk=picture).disposable_by(somebody(viewer)).values_list(*_COLUMNS)
    ),
    {"picture": models.UUIDField(), "viewer": models.BigAutoField()},
)


@dataclass(frozen=True)
class Bytes:
    """What to send: where it lies, how much of it, what it is, and its entity tag."""

    key: str
    size: int
    media_type: str
    etag: str
    public: bool


@login_not_required
@require_safe
def serve(request: HttpRequest, asset_id: uuid.UUID, name: str) -> HttpResponseBase:
    """`original`, or a variant such as `640.webp`."""
    return send(request, _opened(request, asset_id, name), disposition="inline")


@login_not_required
@require_safe
def shown(request: HttpRequest, file: str, **_link: object) -> HttpResponseBase:
    """A thumbnail whose link nginx did not open: too old, on a page that was left open for long.

    Whoever may see the picture sees it all the same; the link itself opens nothing here.
    """
    if "\0" in file:
        # Which PostgreSQL holds in no text, and does not look for.
        raise Http404
    for asset_id, width in Variant.objects.filter(file=file).values_list("asset", "width"):
        return serve(request, asset_id, files.variant_name(width))
    raise Http404


@login_not_required
@require_safe
def download(request: HttpRequest, asset_id: uuid.UUID) -> HttpResponseBase:
    """The original, recipe and all, under a name that says what it is."""
    content = _opened(request, asset_id, files.ORIGINAL)
    title = get_object_or_404(Asset, pk=asset_id).title
    disposition = attachment(title, asset_id, EXTENSIONS[content.media_type])
    return send(request, content, disposition=disposition)


def attachment(title: str, asset_id: uuid.UUID, extension: str) -> str:
    """A Content-Disposition with an ASCII and a UTF-8 name; only letters, marks and digits stay.

    Direction and zero-width characters go, so a name cannot pose as another type.
    """
    kept = (c if unicodedata.category(c)[0] in "LMN" else " " for c in title[:80])
    words = "-".join("".join(kept).split()) or "picture"
    ending = f"-{str(asset_id)[:8]}.{extension}"
    ascii_only = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode()
    plain = "-".join(part for part in ascii_only.split("-") if part)
    utf8 = quote(words + ending, safe="")
    return f"attachment; filename=\"{plain or 'picture'}{ending}\"; filename*=UTF-8''{utf8}"


def _opened(request: HttpRequest, asset_id: uuid.UUID, name: str) -> Bytes:
    """What a signed link, an API key or the session opens; else 404."""
    viewer = viewer_of(request, asset_id, name)
    for found in _sights(asset_id, viewer, with_bin=viewer == request.user):
        if content := _pick(found, name):
            return content
    raise Http404


def _sights(
    asset_id: uuid.UUID, viewer: User | AnonymousUser, *, with_bin: bool
) -> Iterator[Iterable[Any]]:
    """Where `viewer` may find the picture, one question after the other: rows of `_COLUMNS`."""
    if viewer.pk:
        # Most ask for their own, which is a much smaller question than for whatever they see.
        yield _OWN.rows(picture=asset_id, viewer=viewer.pk)
    rows = Asset.objects.filter(pk=asset_id)
    yield rows.visible_to(viewer).values_list(*_COLUMNS)
    if with_bin:
        # The bin page shows its owner what lies in it.
        yield rows.in_bin_of(viewer).values_list(*_COLUMNS)


def viewer_of(request: HttpRequest, asset_id: uuid.UUID, name: str) -> User | AnonymousUser:
    """Whom a signed link, an API key or the session stands for."""
    if signature := request.GET.get("key"):
        viewer_id = files.read_signature(asset_id, name, signature) or 0
        # A link stops working with the person it was made for.
        signed_for = User.objects.filter(pk=viewer_id, is_active=True).first()
        if signed_for:
            return signed_for
    key = authenticate_key(request)
    if key and key.allows(Scope.READ):
        return key.user
    return request.user


def bytes_of(asset: Asset, name: str) -> Bytes:
    """`original`, or a variant such as `640.webp`; 404 for what there is not."""
    content = _pick(Asset.objects.filter(pk=asset.pk).values_list(*_COLUMNS), name)
    if content is None:
        raise Http404
    return content


def _pick(found: Iterable[Any], name: str) -> Bytes | None:
    """The original, or the copy with this name, among the rows of one picture."""
    for width, copy, copy_size, file, size, media_type, sha256, listed, rating in found:
        tag, public = sha256[:32], is_open(listed=listed, rating=rating)
        if name == files.ORIGINAL:
            return Bytes(file, size, media_type, f'"{tag}"', public)
        if width and name == files.variant_name(width):
            return Bytes(copy, copy_size, "image/webp", f'"{tag}-{width}"', public)
    return None


def send(request: HttpRequest, content: Bytes, *, disposition: str) -> HttpResponseBase:
    """The bytes with the headers that all pictures have; whoever calls has checked the right."""
    response = get_conditional_response(request, etag=content.etag) or _body(request, content)
    return _dressed(response, content, disposition)


def send_data(
    request: HttpRequest, content: Bytes, data: bytes, *, disposition: str
) -> HttpResponseBase:
    """The same for bytes that were made of `content` just now; always all of them."""
    response = get_conditional_response(request, etag=content.etag)
    if response is None:
        body = b"" if request.method == "HEAD" else data
        response = HttpResponse(body, headers={"Content-Length": str(len(data))})
    _dressed(response, content, disposition)
    response["Accept-Ranges"] = "none"
    return response


def _dressed(response: HttpResponseBase, content: Bytes, disposition: str) -> HttpResponseBase:
    headers = {
        "ETag": content.etag,
        "Content-Type": content.media_type,
        "Content-Disposition": disposition,
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "X-Content-Type-Options": "nosniff",
        "Accept-Ranges": "bytes",
        "Cache-Control": "public, max-age=300" if content.public else "private, no-cache",
        "Cross-Origin-Resource-Policy": "cross-origin" if content.public else "same-origin",
        "Vary": "Cookie, Authorization",
    }
    for header, value in headers.items():
        response[header] = value
    return response


def _body(request: HttpRequest, content: Bytes) -> HttpResponseBase:
    if settings.FILES_VIA != "stream":
        accel = f"/protected/{quote(content.key)}"
        return HttpResponse(headers={"X-Accel-Redirect": accel})
    span = _asked_range(request, content)
    if span is None:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{content.size}"})
    part = len(span) != content.size
    headers = {"Content-Length": str(len(span))}
    if part:
        headers["Content-Range"] = f"bytes {span.start}-{span.stop - 1}/{content.size}"
    status = 206 if part else 200
    if request.method == "HEAD":
        return HttpResponse(status=status, headers=headers)
    return _content(content.key, span, status, headers)


def _asked_range(request: HttpRequest, content: Bytes) -> range | None:
    """The bytes asked for; all of them unless it is one valid range; None when it lies outside."""
    everything = range(content.size)
    found = _RANGE.fullmatch(request.headers.get("Range", "").strip())
    if not found or not any(found.groups()):
        return everything
    if request.headers.get("If-Range", content.etag) != content.etag:
        return everything
    first, last = found.groups()
    if not first:
        return everything[-int(last) :] if int(last) else None
    if last and int(last) < int(first):
        return everything
    return everything[int(first) : int(last) + 1 if last else None] or None


def _content(
    key: str, span: range, status: int, headers: dict[str, str]
) -> HttpResponse | StreamingHttpResponse:
    try:
        file = files.open_file(key)
        file.seek(span.start)
    except FileNotFoundError:
        raise Http404 from None
    if len(span) <= BLOCK:
        with file:
            return HttpResponse(file.read(len(span)), status=status, headers=headers)
    return StreamingHttpResponse(_blocks(file, len(span)), status=status, headers=headers)


def _blocks(file: File[bytes], length: int) -> Iterator[bytes]:
    with file:
        while length > 0 and (block := file.read(min(BLOCK, length))):
            length -= len(block)
            yield block
