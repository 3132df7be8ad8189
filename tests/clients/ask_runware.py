"""Runs in a process of its own with runware 0.1.2: `ask_runware.py URL KEY VERB`.

Prints a line of JSON for each thing that happens.
"""

import asyncio
import json
import sys
from dataclasses import asdict

from runware import IRequestImage, Runware


def say(what, value=None):
    print(json.dumps([what, value]), flush=True)


async def pictures(runware):
    wish = IRequestImage(
        positive_prompt="a lighthouse in fog",
        negative_prompt="people",
        image_size=1,
        model_id=4,
        number_of_images=3,
        use_cache=False,
        seed=42,
    )
    found = await runware.requestImages(requestImage=wish)
    say("images", [asdict(image) for image in found])


async def after_an_error(runware):
    """Another task of the same connection fails first; the message after it sets this right."""
    task = {"taskUUID": "5f3b1d0e-6c0e-4c2f-9d0a-111111111111", "promptText": "x", "sizeId": 10}
    failed, cured = asyncio.Event(), asyncio.Event()

    def heard(message):
        if message.get("error"):
            failed.set()
        elif failed.is_set():
            cured.set()

    runware.addListener(check=lambda message: "newConnectionSessionUUID" in message, lis=heard)
    await runware.send({"newTask": task})
    await cured.wait()
    await pictures(runware)


async def over_a_restart(runware):
    """Pictures that take a while; whoever reads our lines restarts the server meanwhile."""
    wish = IRequestImage(
        positive_prompt="slow house",
        image_size=1,
        model_id="scripted",
        number_of_images=3,
        use_cache=False,
        steps=30,
        on_partial_images=lambda images, _error: say("partial", len(images)),
    )
    found = await runware.requestImages(requestImage=wish)
    say("images", [asdict(image) for image in found])


async def main():
    url, key, verb = sys.argv[1:]
    runware = Runware(api_key=key, url=url)
    await runware.connect()
    say("connected")
    verbs = {each.__name__: each for each in (pictures, after_an_error, over_a_restart)}
    await verbs[verb](runware)


asyncio.run(main())
