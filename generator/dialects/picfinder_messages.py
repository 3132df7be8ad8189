"""The messages beside `newTask` on PicFinder's socket: what they hold, and what answers them.

Sources: the pages beside PicFinder's Text to image (image upload, ControlNet, editing), and its
SDKs of early 2024, which wait for other keys than they send.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from generator.catalog import languages, preprocessors
from generator.catalog.limits import Length, Number, Whole
from generator.contract import MAX_PROMPT, MAX_REFERENCE
from generator.dialects.fields import Field, Flag, Quoted
from generator.dialects.picfinder_fields import Id, Listed

#: Characters of base64, which are 20 MiB of a picture; the socket takes less in one message.
MAX_BASE64 = 28 * 1024 * 1024
#: Pixels of what is read for a ControlNet.
SIDE = Whole(64, 1536)
#: The thresholds of Canny as OpenCV counts them, and as the document has them by default.
THRESHOLD = Number(0, 1000)
LOW, HIGH = 100.0, 200.0

_TASK = Field("taskUUID", "task", Id(), "What the answer is matched by.", required=True)
_PICTURE = Field("imageUUID", "picture", Id(), "A picture made or sent in.", required=True)
UPLOAD = (
    _TASK,
    Field(
        "imageBase64",
        "data",
        Length(1, MAX_BASE64),
        "PNG, JPEG or WebP as base64, with or without data: before it.",
        required=True,
    ),
)
PREPROCESS = (
    _TASK,
    Field(
        "preProcessorType",
        "kind",
        Listed(preprocessors.by_picfinder_short_name),
        "How the picture is read.",
        required=True,
    ),
    Field("guideImageUUID", "guide", Id(), "A picture made or sent in."),
    Field("guideImageUrl", "guide_url", Length(1, MAX_REFERENCE), "Or where it lies."),
    Field("width", "width", Quoted(SIDE), "The guide's own when omitted."),
    Field("height", "height", Quoted(SIDE), "Likewise."),
    Field("lowThresholdCanny", "low", Quoted(THRESHOLD), "100."),
    Field("highThresholdCanny", "high", Quoted(THRESHOLD), "200."),
    Field("includeHandsAndFaceOpenPose", "hands", Flag(), "For openpose."),
)
ENHANCE = (
    _TASK,
    Field("prompt", "prompt", Length(1, MAX_PROMPT), "What to enrich.", required=True),
    Field("promptMaxLength", "longest", Quoted(Whole(1, 380)), "Words."),
    Field("promptVersions", "count", Quoted(Whole(1, 5)), "How many."),
    Field("promptLanguageId", "language", Listed(languages.by_picfinder_id), "Null: detected."),
)
DESCRIBE = (_TASK, _PICTURE)
UPSCALE = (
    _TASK,
    _PICTURE,
    Field("upscaleFactor", "factor", Quoted(Whole(2, 4)), "2, 3 or 4.", required=True),
)
CUT_OUT = (_TASK, _PICTURE)


@dataclass(frozen=True)
class Kept:
    """A picture that was taken in: its id, and where its client finds it."""

    id: str
    url: str


def uploaded(picture: Kept, task: str) -> dict[str, Any]:
    """The answer to newImageUpload."""
    return {"newUploadedImageUUID": _new(picture, task)}


def preprocessed(picture: Kept, guide: str, task: str) -> dict[str, Any]:
    """The answer to newPreProcessControlNet, for all who wait for it, in one message.

    The document says newImages, the SDKs wait for the request's own key, and one of them looks
    for that key once more inside.
    """
    found = {**_new(picture, task), "initImageUUID": guide}
    image = {
        "imageSrc": picture.url,
        "imageUUID": picture.id,
        "bNSFWContent": False,
        "taskUUID": task,
    }
    return {
        "newPreProcessControlNet": {**found, "newPreProcessControlNet": found},
        "newImages": {"images": [image], "totalAvailableResults": 0},
    }


def _new(picture: Kept, task: str) -> dict[str, Any]:
    return {"newImageUUID": picture.id, "newImageSrc": picture.url, "taskUUID": task}
