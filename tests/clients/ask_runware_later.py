"""Runs in a process of its own with runware 0.5.24: `ask_runware_later.py URL KEY VERB`.

Prints a line of JSON for each thing that happens.
"""

import asyncio
import base64
import json
import sys
import tempfile
from dataclasses import asdict

from runware import IImageInference, Runware

#: A PNG of 64 by 64 black pixels.
SMALL = (
    "iVBORw0KGgoAAAANSUhEUgAAAEAAAABACAAAAACPAi4CAAAAG0lEQVR42u3BgQAAAADDoPlT3+AEVQEA"
    "AAB8AxBAAAG9PLePAAAAAElFTkSuQmCC"
)


def say(what, value=None):
    print(json.dumps([what, value]), flush=True)


async def pictures(runware):
    wish = IImageInference(
        positivePrompt="a lighthouse in fog",
        negativePrompt="people",
        model="runware:101@1",
        width=512,
        height=512,
        numberResults=3,
        seed=42,
        outputFormat="PNG",
        includeCost=True,
    )
    found = await runware.imageInference(requestImage=wish)
    say("images", [asdict(image) for image in found])


async def after_an_error(runware):
    """Another task of the same connection fails first."""
    wish = IImageInference(positivePrompt="x", model="runware:101@1", width=100, height=512)
    try:
        await runware.imageInference(requestImage=wish)
    except Exception as error:
        say("error", str(error))
    await pictures(runware)


async def send_in(runware):
    """A picture to work from, as a file."""
    with tempfile.NamedTemporaryFile(suffix=".png") as file:
        file.write(base64.b64decode(SMALL))
        file.flush()
        found = await runware.uploadImage(file.name)
    say("sent in", asdict(found))


async def main():
    url, key, verb = sys.argv[1:]
    runware = Runware(api_key=key, url=url)
    await runware.connect()
    say("connected")
    await {each.__name__: each for each in (pictures, after_an_error, send_in)}[verb](runware)
    await runware.disconnect()


asyncio.run(main())
