"""Pictures that somebody sent in, for that person alone: a list of them, and their bytes."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from gallery import files, uploading
from gallery.models import Upload
from gallery.uploading import THUMBNAIL
from gallery.views.files import Bytes, send, viewer_of
from gallery.views.lookup import kept_by_the_browser

PER_PAGE = 24


@require_safe
@kept_by_the_browser
def contents(request: HttpRequest) -> HttpResponse:
    """All that counts as one's room and is no picture of the gallery, newest first."""
    uploads = Upload.objects.of(request.user).order_by("-created_at", "pk")
    page = Paginator(uploads, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "gallery/uploads.html", {"page": page})


@require_POST
def erase(request: HttpRequest, upload_id: uuid.UUID) -> HttpResponse:
    """Delete one for ever; the pictures that were made from it stay."""
    uploading.forget(get_object_or_404(Upload.objects.of(request.user), pk=upload_id))
    messages.success(request, _("Deleted for ever."))
    return redirect("uploads")


@login_not_required
@require_safe
def serve(request: HttpRequest, upload_id: uuid.UUID, name: str) -> HttpResponseBase:
    """`original`, or the small copy that pages show."""
    upload = Upload.objects.of(viewer_of(request, upload_id, name)).filter(pk=upload_id).first()
    if upload is None:
        raise Http404
    return send(request, _bytes_of(upload, name), disposition="inline")


def _bytes_of(upload: Upload, name: str) -> Bytes:
    tag = upload.sha256[:32]
    if name == files.ORIGINAL:
        return Bytes(upload.file, upload.size, upload.media_type, f'"{tag}"', public=False)
    if name == files.variant_name(THUMBNAIL):
        etag = f'"{tag}-{THUMBNAIL}"'
        return Bytes(upload.thumbnail, upload.thumbnail_size, "image/webp", etag, public=False)
    raise Http404
