"""Uploads through the native API: pictures to work from."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.http.request import UnreadablePostError
from django.urls import reverse
from ninja import Router, Schema

from accounts.api.access import caller, may_generate, may_read
from accounts.api.answers import ApiError, answer, errors_declared, refusal
from accounts.api.reading import BODY_ERRORS
from gallery import files, imaging, uploading
from gallery.models import Upload

router = Router(tags=["Uploads"])

#: Room for a multipart body's other lines.
FRAME = 64 * 1024
TYPES = ("image/png", "image/jpeg", "image/webp")
_FILE = {"type": "string", "contentEncoding": "binary"}
BODY = {
    "required": True,
    "description": "The picture itself, or a form with a field `file`: PNG, JPEG or WebP, "
    f"up to {uploading.MAX_BYTES // 2**20} MiB and {uploading.MAX_PIXELS // 10**6} megapixels.",
    "content": {
        **{kind: {"schema": _FILE} for kind in TYPES},
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "required": ["file"],
                "properties": {"file": {"type": "string", "format": "binary"}},
            }
        },
    },
}


class UploadData(Schema):
    """A picture to work from; `url` opens without a key and expires."""

    id: str
    width: int
    height: int
    url: str
    createdAt: str


@router.post(
    "/uploads",
    response={201: UploadData, **errors_declared(*BODY_ERRORS)},
    auth=may_generate,
    openapi_extra={"requestBody": BODY},
)
def create_upload(request: HttpRequest) -> HttpResponse:
    """Send a picture to work from: `initialImage`, `mask` or a control's `guide` name its id.

    It is written anew, at most 2048 pixels wide and high, and nobody else can see or use it.
    What nothing was made from is deleted after a day.
    """
    data = read_picture(request)
    try:
        upload = uploading.take(caller(request), data)
    except (imaging.UnsafePicture, *uploading.DECLINED) as error:
        raise declined(error) from None
    return answer(request, _data(upload), 201)


@router.get(
    "/uploads/{uuid:upload_id}",
    response={200: UploadData, **errors_declared(404)},
    auth=may_read,
)
def get_upload(request: HttpRequest, upload_id: uuid.UUID) -> HttpResponse:
    """One of your uploads, with a fresh link."""
    return answer(request, _data(_mine(request, upload_id)))


@router.delete(
    "/uploads/{uuid:upload_id}",
    response={204: None, **errors_declared(404)},
    auth=may_generate,
)
def delete_upload(request: HttpRequest, upload_id: uuid.UUID) -> HttpResponse:
    """Delete it for ever. Pictures that were made from it stay."""
    uploading.forget(_mine(request, upload_id))
    return answer(request, None, 204)


def _mine(request: HttpRequest, upload_id: uuid.UUID) -> Upload:
    upload = Upload.objects.of(caller(request)).filter(pk=upload_id).first()
    if upload is None:
        raise Http404
    return upload


def link(upload: Upload) -> str:
    """Where its owner's programs find it, for SIGNED_URL_SECONDS."""
    path = reverse("upload_file", args=[upload.pk, files.ORIGINAL])
    key = files.signature(upload.pk, files.ORIGINAL, upload.owner_id)
    return f"{settings.BASE_URL}{path}?key={key}"


def _data(upload: Upload) -> dict[str, Any]:
    return {
        "id": str(upload.pk),
        "width": upload.width,
        "height": upload.height,
        "url": link(upload),
        "createdAt": upload.created_at.isoformat(),
    }


def read_picture(request: HttpRequest) -> bytes:
    """The bytes of the picture, or an `ApiError` of one of `BODY_ERRORS`."""
    kind = request.content_type
    if kind not in (*TYPES, "multipart/form-data"):
        raise refusal(415, f"Send {', '.join(TYPES)}, or multipart/form-data with a “file”.")
    if "Content-Length" not in request.headers:
        raise refusal(411, "Send the body with its Content-Length, not in chunks.")
    if int(request.META.get("CONTENT_LENGTH") or 0) > uploading.MAX_BYTES + FRAME:
        raise _too_large()
    try:
        return _from_form(request) if kind == "multipart/form-data" else request.read()
    except (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent):
        raise _too_large() from None
    except MultiPartParserError:
        raise refusal(400, "The body is not multipart/form-data.") from None
    except UnreadablePostError:
        raise refusal(400, "The body ended too early.") from None


def _from_form(request: HttpRequest) -> bytes:
    file = request.FILES.get("file")
    if not isinstance(file, UploadedFile):
        raise ApiError(422, {"message": "Send the picture in the field “file”.", "errors": {}})
    return file.read()


def _too_large() -> ApiError:
    return refusal(413, f"A picture has at most {uploading.MAX_BYTES // 2**20} MiB.")


def declined(error: Exception) -> ApiError:
    """The answer to a picture that was not kept, and why."""
    match error:
        case imaging.TooLarge():
            return _too_large()
        case imaging.NoPicture():
            return refusal(415, str(error))
        case uploading.TooManyUploads():
            return refusal(429, str(error), {"Retry-After": "3600"})
        case uploading.StorageFull():
            return refusal(413, str(error))
        case uploading.NoRoom():
            return refusal(503, str(error), {"Retry-After": "300"})
    return ApiError(422, {"message": str(error), "errors": {"file": [str(error)]}})
