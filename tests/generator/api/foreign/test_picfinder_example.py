"""The example request of PicFinder's document, as it stands there, with values for its types."""

from __future__ import annotations

import json
import re
import uuid
from typing import Any

import pytest
from asgiref.sync import sync_to_async

from accounts.models import User
from generator.models import Generation
from tests.factories import make_upload
from tests.generator.api.foreign.talking import greeted, paint

pytestmark = pytest.mark.django_db(transaction=True)

CONTROL = """{
"preprocessor":"string",
"weight":float,
"startStep":int,
"endStep":int,
"guideImageUUID":"string",
"controlMode": "string"
}"""
EXAMPLE = f"""{{
"newTask":{{
"taskUUID":"string",
"promptText":"string",
"numberResults":int,
"modelId": string,
"sizeId":int,
"taskType":int,
"promptLanguageId":null,
"offset":int,
"lora":[
{{
"modelId":"string",
"weight":float
}},
{{
"modelId":"string",
"weight":float
}}
],
"controlNet":[
{CONTROL},
{CONTROL},
{CONTROL}
]
}}
}}"""


def filled(values: dict[str, Any]) -> str:
    """The example with a value in the place of each type."""

    def value(match: re.Match[str]) -> str:
        return f"{match[1]}{json.dumps(values[match[2]])}"

    return re.sub(r'("(\w+)": ?)(?:"string"|string|int|float)', value, EXAMPLE)


async def test_the_documents_example_brings_its_pictures(alice: User, token: str) -> None:
    upload = await sync_to_async(make_upload)(alice)
    task = str(uuid.uuid4())
    text = filled(
        {
            "taskUUID": task, "promptText": "a house on a hill", "numberResults": 2,
            "modelId": "18", "sizeId": 7, "taskType": 9, "offset": 0, "weight": 0.5,
            "preprocessor": "canny", "startStep": 5, "endStep": 20,
            "guideImageUUID": str(upload.pk), "controlMode": "balanced",
        }
    )  # fmt: skip
    async with greeted(token) as client:
        await client.connection.say(text)
        await paint()
        assert {(await client.image())["taskUUID"] for _ in range(2)} == {task}
    request = (await Generation.objects.aget()).request
    assert (request.width, request.height, request.prompt) == (896, 512, "a house on a hill")
    assert [(each.start, each.end) for each in request.controls] == [(0.25, 1.0)] * 3
    assert [each.weight for each in request.loras] == [0.5, 0.5]
