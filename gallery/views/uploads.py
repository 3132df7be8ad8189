"""The bytes of pictures that somebody sent in, for that person alone."""

from __future__ import annotations

import uuid

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe

from gallery import files
from gallery.models import Upload
from gallery.uploading import THUMBNAIL
from gallery.views.files import Bytes, send, viewer_of


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
        return Bytes(upload.file, upload.size, "image/webp", f'"{tag}"', public=False)
    if name == files.variant_name(THUMBNAIL):
        etag = f'"{tag}-{THUMBNAIL}"'
        return Bytes(upload.thumbnail, upload.thumbnail_size, "image/webp", etag, public=False)
    raise Http404
