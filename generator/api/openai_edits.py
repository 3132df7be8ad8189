"""OpenAI's edits: what came along as files or base64 becomes uploads, then it is an order."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest
from django.http.multipartparser import MultiPartParserError
from django.http.request import UnreadablePostError
from django.http.response import HttpResponseBase
from django.views.decorators.csrf import csrf_exempt

from accounts.api.answers import refusal
from accounts.api.reading import read_any_object
from accounts.models import User
from gallery import by_id, imaging, uploading
from gallery.by_id import Shown
from gallery.models import Upload
from generator import abilities, choosing
from generator.api import foreign, pictures
from generator.api.foreign_description import beside
from generator.api.openai_views import stream
from generator.api.submitting import defaults
from generator.contract import InvalidRequest
from generator.dialects import Foreign, openai_edits
from generator.models import EngineModel, Generation
from generator.submission import Refusal

#: What a body may hold: a picture, its mask, and the lines between them.
LARGEST_FORM = 2 * uploading.MAX_BYTES + 64 * 1024
_ONE = "Send one picture; this server works from one at a time."
_NO_URL = "Send a data: URL, or file_id with an id of /v1/uploads; other addresses are not fetched."
_SIZES_DIFFER = "The mask must be as wide and high as the picture."


Given = Mapping[str, bytes | str]
Stored = Shown | Upload


@csrf_exempt
@login_not_required
async def edit(request: HttpRequest) -> HttpResponseBase:
    """Pictures from a picture, where the model can."""
    return await foreign.reply(request, openai_edits, _from_pictures, stream)


def _from_pictures(request: HttpRequest, dialect: Foreign) -> Generation:
    foreign.only(request, "POST")
    key = foreign.key_in(request, dialect)
    if request.content_type == "multipart/form-data":
        payload, given = _form(request)
    else:
        payload, given = _json(read_any_object(request, most=pictures.LARGEST_BODY))
    # What is wrong with the words is told before any picture is kept.
    dialect.read({**payload, "image": "-"}, defaults(payload, key.user))
    model = _able(str(payload.get("model") or ""), key.user)
    image, mask = _kept(key.user, given)
    size = {}
    if payload.get("size") in (None, "", "auto"):
        size = {"size": "{}x{}".format(*model.sides.nearest(image.width, image.height))}
    ids = {"image": str(image.id), **({"mask": str(mask.id)} if mask else {})}
    # The model that was named tells how the pictures are handed over, whoever paints.
    answered = {"response_format": dialect.keep(payload)["response_format"]}
    named = {"model": model.slug, **answered, **ids}
    return foreign.order(request, dialect, key, {**payload, **size, **named})


def _form(request: HttpRequest) -> tuple[dict[str, Any], Given]:
    """The fields of a form, and the bytes of its files."""
    if "Content-Length" not in request.headers:
        raise refusal(411, "Send the body with its Content-Length, not in chunks.")
    if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST_FORM:
        raise refusal(413, f"The body is larger than {LARGEST_FORM // 2**20} MiB.")
    try:
        fields, files = request.POST, request.FILES
    except (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent):
        raise refusal(413, "The form has too many fields, or too much text in them.") from None
    except MultiPartParserError:
        raise refusal(400, "The body is not multipart/form-data.") from None
    except UnreadablePostError:
        raise refusal(400, "The body ended too early.") from None
    images = [*files.getlist("image"), *files.getlist("image[]")]
    if len(images) != 1:
        raise InvalidRequest({"image": [_ONE]})
    given: dict[str, bytes | str] = {"image": images[0].read()}
    if masks := files.getlist("mask"):
        given["mask"] = masks[0].read()
    words = {name: fields[name] for name in fields if name not in ("image", "image[]", "mask")}
    return openai_edits.spelled(words), given


def _json(body: dict[str, Any]) -> tuple[dict[str, Any], Given]:
    """The same of JSON, whose pictures are in base64 or are ids."""
    images, mask = body.pop("images", None), body.pop("mask", None)
    body.pop("image", None)
    if not isinstance(images, list) or len(images) != 1:
        raise InvalidRequest({"images": [_ONE]})
    given = {"image": _referred("images", images[0])}
    if mask is not None:
        given["mask"] = _referred("mask", mask)
    return body, given


def _referred(field: str, reference: object) -> bytes | str:
    """The bytes of a data: URL, or else the id."""
    if isinstance(reference, Mapping):
        url, id = reference.get("image_url"), reference.get("file_id")
        if isinstance(id, str) and url is None:
            return id
        if isinstance(url, str) and url.startswith("data:"):
            return pictures.decoded(field, url)
    raise InvalidRequest({field: [_NO_URL]})


def _able(name: str, user: User) -> EngineModel:
    """The model of that name. Where it is not here, one stands in that works from pictures."""
    choice = choosing.choose(name, user, any_name=True)
    if abilities.of(choice.model).initial_image:
        return choice.model
    offered = EngineModel.objects.offered_to(user) if choice.note else []
    for model in offered:
        if abilities.of(model).initial_image:
            return model
    told = f"The model “{choice.model.slug}” cannot work from a picture; nothing was charged."
    raise Refusal("not_possible", told, status=422)


def _kept(user: User, given: Given) -> tuple[Stored, Stored | None]:
    """The picture and its mask as stored ones, of the same size."""
    image = _stored(user, "image", given["image"])
    if "mask" not in given:
        return image, None
    sent = given["mask"]
    mask = _stored(user, "mask", _holes(sent) if isinstance(sent, bytes) else sent)
    if (mask.width, mask.height) != (image.width, image.height):
        raise InvalidRequest({"mask": [_SIZES_DIFFER]})
    return image, mask


def _stored(user: User, field: str, given: bytes | str) -> Stored:
    if isinstance(given, bytes):
        return pictures.taken(user, field, given)
    found = by_id.show(user, [given]).get(given.lower())
    if found is None:
        raise InvalidRequest({field: ["There is no such picture."]})
    return found


def _holes(data: bytes) -> bytes:
    """White where the mask is transparent, which is where OpenAI's programs want changes."""
    try:
        holes = imaging.decode_holes(
            data, max_bytes=uploading.MAX_BYTES, max_pixels=uploading.MAX_PIXELS
        )
    except imaging.UnsafePicture as error:
        raise InvalidRequest({"mask": [str(error)]}) from None
    buffer = io.BytesIO()
    holes.save(buffer, "PNG")
    return buffer.getvalue()


def _operations() -> dict[str, Any]:
    found = beside(openai_edits, {openai_edits.path: ("openai_edit", openai_edits.SCHEMA)})
    content = found[openai_edits.path]["post"]["requestBody"]["content"]
    content["multipart/form-data"] = {"schema": openai_edits.FORM}
    return found


OPERATIONS = _operations()
