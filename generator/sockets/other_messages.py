"""The messages beside `newTask`: pictures sent in, guides read, and what is not done here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from accounts.api.answers import ApiError
from accounts.models import User
from gallery import uploading
from gallery.models import Upload
from gallery.upload_api import link
from generator import guide_making, links, references
from generator.api.pictures import decoded, kept
from generator.contract import InvalidRequest
from generator.dialects import picfinder_messages as words
from generator.dialects.fields import Field, read_fields
from generator.sockets.asking import Asker, Handler, Reply


def upload(asker: Asker, body: Mapping[str, Any]) -> Reply:
    """Keep a picture to work from. The same one sent again is the same one."""
    said = _read(words.UPLOAD, body)
    data = decoded("imageBase64", said["data"])
    found = kept("imageBase64", partial(uploading.take, asker.user, data, kind="png"))
    return Reply((words.uploaded(_told(found), said["task"]),))


def preprocess(asker: Asker, body: Mapping[str, Any]) -> Reply:
    """Read a guide as its ControlNet would, and keep what comes of it."""
    said = _read(words.PREPROCESS, body)
    guide_making.check(said["kind"])
    guide = _guide(asker.user, said)
    try:
        picture = references.open_picture(guide)
    except LookupError:
        raise InvalidRequest({"guideImageUUID": [references.GONE]}) from None
    sized = guide_making.fitted(picture, said.get("width"), said.get("height"))
    thresholds = said.get("low", words.LOW), said.get("high", words.HIGH)
    drawn = guide_making.read(sized, said["kind"], *thresholds)
    found = kept("guideImageUUID", partial(guide_making.keep, asker.user, drawn))
    return Reply((words.preprocessed(_told(found), guide, said["task"]),))


def refusing(fields: Sequence[Field], what: str) -> Handler:
    """For what no engine here does: an error for a message that is right, too."""

    def handler(asker: Asker, body: Mapping[str, Any]) -> Reply:
        said = _read(fields, body)
        picture = said.get("picture")
        if picture and references.missing(asker.user, [picture]):
            raise InvalidRequest({"imageUUID": [references.GONE]})
        message = f"{what} needs a model that is not set up here; nothing was charged."
        raise ApiError(501, {"message": message})

    return handler


def _read(fields: Sequence[Field], body: Mapping[str, Any]) -> dict[str, Any]:
    said, errors = read_fields(fields, body)
    if errors:
        raise InvalidRequest(errors)
    return said


def _guide(user: User, said: Mapping[str, Any]) -> str:
    """The id of the guide; a link is fetched, and what lies there kept."""
    if guide := said.get("guide"):
        if references.missing(user, [guide]):
            raise InvalidRequest({"guideImageUUID": [references.GONE]})
        return str(guide)
    if url := said.get("guide_url"):
        field = "guideImageUrl"
        return str(kept(field, partial(links.take, user, url, field=field)).pk)
    raise InvalidRequest({"guideImageUUID": ["Name the picture by it, or by guideImageUrl."]})


def _told(upload: Upload) -> words.Kept:
    return words.Kept(str(upload.pk), link(upload))
