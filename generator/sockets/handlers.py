"""Both dialects of PicFinder's socket: their words, and who handles their messages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from generator.dialects import Problem, picfinder, picfinder_array
from generator.dialects.picfinder_messages import CUT_OUT, DESCRIBE, ENHANCE, UPSCALE
from generator.sockets.asking import Handler
from generator.sockets.image_inference import image_inference
from generator.sockets.image_upload import image_upload
from generator.sockets.new_task import new_task
from generator.sockets.other_messages import preprocess, refusing, upload

#: By the one key of the message; the handler gets what stands under it.
HANDLERS: dict[str, Handler] = {
    "newTask": new_task,
    "newImageUpload": upload,
    "newPreProcessControlNet": preprocess,
    "newPromptEnhance": refusing(ENHANCE, "Enriching a prompt"),
    "newReverseImageClip": refusing(DESCRIBE, "Describing a picture"),
    "newUpscaleGan": refusing(UPSCALE, "Upscaling"),
    "newRemoveBackground": refusing(CUT_OUT, "Removing a background"),
}


class Words(Protocol):
    """What is said in a dialect whoever asked, and for whatever went wrong with a message."""

    PONG: dict[str, Any]
    NEEDS_CURE: bool

    def session(self, session_id: str) -> dict[str, Any]: ...

    def error_about(self, problem: Problem, body: object) -> dict[str, Any]: ...


@dataclass(frozen=True)
class Speech:
    """A dialect of the socket. `greeting` is what its first message is called."""

    words: Words
    greeting: str
    handlers: Mapping[str, Handler]


NEW_TASK = Speech(picfinder, "newConnection", HANDLERS)
ARRAYS = Speech(
    picfinder_array,
    picfinder_array.GREETING,
    {picfinder_array.PAINT: image_inference, picfinder_array.UPLOAD: image_upload},
)
