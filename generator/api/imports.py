"""Bringing pictures in through the native API."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import Field

from accounts.api.access import caller, may_generate
from accounts.api.answers import ApiError, answer, errors_declared
from accounts.api.reading import BODY_ERRORS
from gallery import imaging
from gallery.api import AssetData
from gallery.asset_data import asset_data
from gallery.upload_api import BODY, declined, read_picture
from gallery.uploading import NoRoom, StorageFull
from generator.importing.taking import MadeBy, UnknownOrigin, take

router = Router(tags=["Assets"])


class ImportQuery(Schema):
    """`name` becomes the picture's title."""

    name: str = Field("", max_length=200)
    madeBy: MadeBy | None = None


@router.post(
    "/imports",
    response={201: AssetData, **errors_declared(*BODY_ERRORS)},
    auth=may_generate,
    openapi_extra={"requestBody": BODY},
)
def import_picture(request: HttpRequest, query: Query[ImportQuery]) -> HttpResponse:
    """Bring a picture into your gallery, private, with the recipe that its file holds.

    Read are the files of Limner, AUTOMATIC1111, InvokeAI and ComfyUI. `madeBy` says who made a
    picture whose file does not. The same file again is the same picture.
    """
    user = caller(request)
    data = read_picture(request)
    try:
        asset = take(user, data, name=query.name, made_by=query.madeBy or "")
    except UnknownOrigin as error:
        problem = {"message": str(error), "errors": {"madeBy": [str(error)]}}
        raise ApiError(422, problem) from None
    except (imaging.UnsafePicture, StorageFull, NoRoom) as error:
        raise declined(error) from None
    return answer(request, asset_data(asset, user), 201)
