"""Runs in a process of its own with runware 0.5.24: `ask_runware_later.py URL KEY VERB`.

Prints a line of JSON for each thing that happens.
"""

import asyncio
import json
import sys
from dataclasses import asdict

from runware import IImageInference, Runware


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


async def main():
    url, key, verb = sys.argv[1:]
    runware = Runware(api_key=key, url=url)
    await runware.connect()
    say("connected")
    await {each.__name__: each for each in (pictures, after_an_error)}[verb](runware)
    await runware.disconnect()


asyncio.run(main())
