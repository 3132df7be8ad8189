"""What PicFinder's socket does besides painting: pictures sent in, guides read, and refusals."""

from __future__ import annotations

import base64
import io
import uuid
from collections.abc import Iterator
from ipaddress import ip_network
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.test import Client as Browser
from PIL import Image, ImageDraw
from pytest_django import Settings

from accounts.models import User
from gallery.models import Upload
from generator.models import Generation
from tests.factories import make_asset, make_upload, picture_bytes
from tests.generator.api.foreign.talking import Client, greeted
from tests.generator.api.programs import Program
from tests.generator.remote.provider import Provider, Says, serving

pytestmark = pytest.mark.django_db(transaction=True)
SOME_ID = "56081677-7057-46a7-8433-7be4c395978a"
ABLE = ("canny", "lineart", "shuffle", "tile")
UNABLE = (
    *("depth", "mlsd", "normalbae", "openpose", "seg", "lineart_anime", "scribble", "softedge"),
)


@pytest.fixture
def token(alices: Program) -> str:
    return alices.headers["Authorization"].removeprefix("Bearer ")


def encoded(kind: str = "PNG", width: int = 96, height: int = 64) -> str:
    return base64.b64encode(picture_bytes(kind, width, height)).decode()


async def answer(client: Client, name: str, **fields: Any) -> Any:
    """Send the message `name`; what answers it, and the task it was."""
    task = str(uuid.uuid4())
    await client.say({name: {"taskUUID": task, **fields}})
    return task, await client.hear()


def fetched(url: str) -> Image.Image:
    """What lies behind a link that opens without a key."""
    response = Browser().get(url.removeprefix("http://127.0.0.1:8000"))
    assert response.status_code == 200
    return Image.open(io.BytesIO(b"".join(response)))  # type: ignore[call-overload]


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
@pytest.mark.parametrize("before", ["", "data:image/png;base64,"])
async def test_a_picture_sent_in_is_kept_as_png(token: str, kind: str, before: str) -> None:
    async with greeted(token) as client:
        task, said = await answer(client, "newImageUpload", imageBase64=before + encoded(kind))
    found = said["newUploadedImageUUID"]
    assert set(found) == {"newImageUUID", "newImageSrc", "taskUUID"}
    assert found["taskUUID"] == task
    picture = await sync_to_async(fetched)(found["newImageSrc"])
    assert (picture.format, picture.size) == ("PNG", (96, 64))


async def test_a_large_picture_is_made_smaller(token: str) -> None:
    async with greeted(token) as client:
        await answer(client, "newImageUpload", imageBase64=encoded("JPEG", 3000, 1500))
    upload = await Upload.objects.aget()
    assert (upload.width, upload.height) == (2048, 1024)


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ("not base64!", "Is not base64."),
        ("data:image/png,abc", "Must be a data: URL with base64."),
        (base64.b64encode(b"GIF89a").decode(), "This is not a picture that can be read"),
        (None, "required"),
        (7, "Must be text."),
    ],
)
async def test_what_is_no_picture_is_an_error_on_its_field(
    token: str, data: object, told: str
) -> None:
    async with greeted(token) as client:
        task, error = await answer(client, "newImageUpload", imageBase64=data)
    assert (error["error"], error["taskUUID"]) == (True, task)
    assert error["errorMessage"].startswith("imageBase64: ")
    assert told in error["errorMessage"]


async def test_a_picture_sent_in_can_be_named_as_a_guide(alice: User, token: str) -> None:
    async with greeted(token) as client:
        _, said = await answer(client, "newImageUpload", imageBase64=encoded())
        guide = said["newUploadedImageUUID"]["newImageUUID"]
        _, said = await answer(
            client, "newPreProcessControlNet", preProcessorType="canny", guideImageUUID=guide
        )
        assert said["newPreProcessControlNet"]["initImageUUID"] == guide


@pytest.mark.parametrize("kind", ABLE)
async def test_a_guide_is_read_for_all_who_wait_for_it(alice: User, token: str, kind: str) -> None:
    guide = str((await sync_to_async(make_upload)(alice)).pk)
    async with greeted(token) as client:
        task, said = await answer(
            client, "newPreProcessControlNet", preProcessorType=kind, guideImageUUID=guide
        )
    found, [image] = said["newPreProcessControlNet"], said["newImages"]["images"]
    inner = found.pop("newPreProcessControlNet")
    assert found == inner
    assert (found["taskUUID"], found["initImageUUID"]) == (task, guide)
    assert (image["imageUUID"], image["imageSrc"]) == (found["newImageUUID"], found["newImageSrc"])
    assert set(image) == {"imageSrc", "imageUUID", "bNSFWContent", "taskUUID"}
    picture = await sync_to_async(fetched)(found["newImageSrc"])
    assert (picture.format, picture.size) == ("PNG", (96, 64))


@pytest.mark.parametrize("kind", UNABLE)
async def test_what_needs_weights_is_refused_with_what_does_not(
    alice: User, token: str, kind: str
) -> None:
    guide = str((await sync_to_async(make_upload)(alice)).pk)
    async with greeted(token) as client:
        task, error = await answer(
            client, "newPreProcessControlNet", preProcessorType=kind, guideImageUUID=guide
        )
    assert (error["error"], error["taskUUID"]) == (True, task)
    assert "Choose: canny, lineart, shuffle, tile." in error["errorMessage"]


#: Of the picture below, each with a square of its own.
HALVES = (0, 0, 64, 64), (64, 0, 128, 64)


def edges() -> Image.Image:
    """A faint square beside a strong one."""
    picture = Image.new("RGB", (128, 64), (100, 100, 100))
    draw = ImageDraw.Draw(picture)
    draw.rectangle((16, 16, 48, 48), fill=(255, 255, 255))
    draw.rectangle((80, 16, 112, 48), fill=(130, 130, 130))
    return picture


async def test_the_thresholds_decide_which_edges_are_drawn(token: str) -> None:
    buffer = io.BytesIO()
    edges().save(buffer, "PNG")
    drawn = []
    async with greeted(token) as client:
        data = base64.b64encode(buffer.getvalue()).decode()
        _, said = await answer(client, "newImageUpload", imageBase64=data)
        guide = said["newUploadedImageUUID"]["newImageUUID"]
        for low, high in ((100, 200), (20, 40)):
            fields = {"lowThresholdCanny": low, "highThresholdCanny": str(high)}
            fields |= {"preProcessorType": "canny", "guideImageUUID": guide}
            _, said = await answer(client, "newPreProcessControlNet", **fields)
            url = said["newPreProcessControlNet"]["newImageSrc"]
            picture = (await sync_to_async(fetched)(url)).convert("L")
            drawn.append(
                [picture.crop(box).getbbox() for box in ((0, 0, 64, 64), (64, 0, 128, 64))]
            )
    assert drawn[0][0] is not None
    assert drawn[0][1] is None
    assert None not in drawn[1]


@pytest.mark.parametrize(
    ("sides", "size"),
    [
        ({"width": 128, "height": 128}, (128, 128)),
        ({"width": 192}, (192, 128)),
        ({"height": "128"}, (192, 128)),
        ({"width": None, "height": None}, (96, 64)),
    ],
)
async def test_a_guide_is_read_in_the_size_that_was_asked_for(
    alice: User, token: str, sides: dict[str, Any], size: tuple[int, int]
) -> None:
    guide = str((await sync_to_async(make_upload)(alice)).pk)
    fields = {"preProcessorType": "tile", "guideImageUUID": guide, **sides}
    async with greeted(token) as client:
        await answer(client, "newPreProcessControlNet", **fields)
    newest = await Upload.objects.alatest("created_at")
    assert (newest.width, newest.height) == size


@pytest.mark.parametrize("field", ["guideImageUUID", "imageUUID"])
async def test_pictures_of_others_are_not_there(bob: User, token: str, field: str) -> None:
    theirs = str((await sync_to_async(make_asset)(bob)).pk)
    name = "newPreProcessControlNet" if field == "guideImageUUID" else "newReverseImageClip"
    more = {"preProcessorType": "canny"} if field == "guideImageUUID" else {}
    async with greeted(token) as client:
        _, error = await answer(client, name, **{field: theirs}, **more)
    assert error["errorMessage"] == f"{field}: There is no such picture."


@pytest.fixture
def elsewhere(settings: Settings) -> Iterator[Provider]:
    """A server that hands out a picture to everybody."""
    settings.OUTBOUND_ALLOW = [ip_network("127.0.0.0/8")]
    with serving(lambda _seen: Says(picture_bytes(seed=9))) as provider:
        yield provider


async def test_a_guide_may_be_a_link(token: str, elsewhere: Provider) -> None:
    fields = {"preProcessorType": "canny", "guideImageUrl": f"{elsewhere.url}/guide.png"}
    async with greeted(token) as client:
        _, said = await answer(client, "newPreProcessControlNet", **fields)
    assert said["newPreProcessControlNet"]["initImageUUID"]
    assert await Upload.objects.acount() == 2


@pytest.mark.parametrize("url", ["http://127.0.0.1:8000/x.png", "ftp://example.org/x", "x"])
async def test_a_link_into_our_network_is_not_followed(token: str, url: str) -> None:
    fields = {"preProcessorType": "canny", "guideImageUrl": url}
    async with greeted(token) as client:
        _, error = await answer(client, "newPreProcessControlNet", **fields)
    assert error["errorMessage"] == "guideImageUrl: This address is not allowed."
    assert not await Upload.objects.aexists()


async def test_a_guide_of_a_task_may_be_a_link_into_nowhere(token: str) -> None:
    control = {"preprocessor": "canny", "weight": 1, "guideImageUrl": "http://127.0.0.1/x.png"}
    async with greeted(token) as client:
        await client.ask(taskType=9, controlNet=[control])
        error = await client.error()
    told = "controlNet.0.guideImageUrl: This address is not allowed."
    assert error["errorMessage"] == told
    assert not await Generation.objects.aexists()


REFUSED: dict[str, dict[str, Any]] = {
    "newPromptEnhance": {"prompt": "a fox", "promptMaxLength": 64, "promptVersions": 3},
    "newReverseImageClip": {},
    "newUpscaleGan": {"upscaleFactor": 2},
    "newRemoveBackground": {"taskType": 8},
}


@pytest.mark.parametrize("name", REFUSED)
async def test_what_no_engine_does_is_an_error_with_the_task_and_the_cure(
    alice: User, token: str, name: str
) -> None:
    picture = str((await sync_to_async(make_upload)(alice)).pk)
    async with greeted(token) as client:
        task = str(uuid.uuid4())
        await client.say({name: {"taskUUID": task, "imageUUID": picture, **REFUSED[name]}})
        error = await client.error()
    assert (error["taskUUID"], error["errorId"]) == (task, 501)
    assert "needs a model that is not set up here" in error["errorMessage"]


@pytest.mark.parametrize(
    ("name", "fields", "wrong"),
    [
        ("newPromptEnhance", {"prompt": "a", "promptVersions": 6}, "promptVersions"),
        ("newPromptEnhance", {"prompt": "a", "promptMaxLength": 381}, "promptMaxLength"),
        ("newPromptEnhance", {"prompt": "a", "promptLanguageId": 193}, "promptLanguageId"),
        (
            "newUpscaleGan",
            {"imageUUID": str(uuid.UUID(int=1)), "upscaleFactor": 5},
            "upscaleFactor",
        ),
        ("newRemoveBackground", {"imageUUID": "x"}, "imageUUID"),
        ("newPreProcessControlNet", {"preProcessorType": "canny_edges"}, "preProcessorType"),
        ("newPreProcessControlNet", {"preProcessorType": "canny"}, "guideImageUUID"),
    ],
)
async def test_a_wrong_field_of_another_message_is_named(
    token: str, name: str, fields: dict[str, Any], wrong: str
) -> None:
    async with greeted(token) as client:
        _, error = await answer(client, name, **fields)
    assert error["errorMessage"].startswith(f"{wrong}: ")
