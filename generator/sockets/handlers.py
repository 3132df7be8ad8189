"""Every message of PicFinder's socket that is more than its greeting and pings: who handles it."""

from __future__ import annotations

from generator.dialects.picfinder_messages import CUT_OUT, DESCRIBE, ENHANCE, UPSCALE
from generator.sockets.asking import Handler
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
