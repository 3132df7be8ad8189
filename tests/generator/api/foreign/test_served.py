"""Unmodified programs of other services against the whole application, as it is served."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator
from pathlib import Path

import openai
import pytest
from PIL import Image

from gallery import provenance
from tests.faults.stage import Stage
from tests.waiting import until

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("serve")]

#: The example request of AIThriving's document, as it stands there.
AITHRIVING = """import requests
import json

url = "https://www.aithriving.com/api/generate/basic/textToImage"
headers = {
    'Accept': 'application/json',
    'Authorization': 'your-auth-token',
}

data = {
    'prompt': 'A lighthouse on a cliff',
    'cfg_scale': 7,
    'height': 1024,
    'width': 1024,
    'steps': 20,
}

response = requests.post(url, headers=headers, data=json.dumps(data))

if response.status_code == 200:
    response_data = response.json()
    if response_data.get('code') == 0:
        with open("./result.png", "wb") as file:
            file.write(response_data['data']['image'].encode('utf-8'))
else:
    print(f"Request failed with status {response.status_code}")
"""


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Stage, str]]:
    """A running installation, and a key for it."""
    stage = Stage(tmp_path_factory.mktemp("foreign"), WORKERS="1")
    stage.prepare()
    made = stage.account("alice@example.org", "--credits", "500")
    # Works from pictures, which the default does not.
    stage.play("offer", "scripted")
    with stage.serving():
        until(lambda: "Ctrl-C stops it" in stage.log.read_text())
        yield stage, made["apiKey"]


@pytest.fixture
def client(service: tuple[Stage, str]) -> openai.OpenAI:
    stage, key = service
    return openai.OpenAI(api_key=key, base_url=f"{stage.url}/v1", max_retries=0)


def png(width: int, height: int, mode: str = "RGB") -> bytes:
    """A picture; with alpha, all of it is transparent."""
    buffer = io.BytesIO()
    Image.new(mode, (width, height)).save(buffer, "PNG")
    return buffer.getvalue()


def opened(text: str | None) -> Image.Image:
    return Image.open(io.BytesIO(base64.b64decode(text or "", validate=True)))


def test_aithrivings_example_writes_its_picture(
    service: tuple[Stage, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage, key = service
    monkeypatch.chdir(tmp_path)
    code = AITHRIVING.replace("https://www.aithriving.com", stage.url)
    exec(code.replace("your-auth-token", key), {})  # noqa: S102  the document's own words
    assert opened((tmp_path / "result.png").read_text()).size == (1024, 1024)


def test_openais_client_gets_links_and_base64(client: openai.OpenAI) -> None:
    linked = client.images.generate(prompt="a fox", model="dall-e-3", size="512x512", n=2)
    assert linked.data is not None
    assert [str(each.url)[:4] for each in linked.data] == ["http", "http"]
    inline = client.images.generate(prompt="a fox", model="gpt-image-1", quality="low")
    assert inline.data is not None
    assert opened(inline.data[0].b64_json).size == (1024, 1024)


def test_openais_client_lists_the_models(client: openai.OpenAI) -> None:
    models = [model.id for model in client.models.list()]
    assert client.models.retrieve(models[0]).id == models[0]


def test_openais_client_sees_a_picture_grow(client: openai.OpenAI) -> None:
    events = list(
        client.images.generate(
            prompt="a fox", model="gpt-image-1", quality="high", stream=True, partial_images=2
        )
    )
    kinds = [event.type for event in events]
    assert kinds[-1] == "image_generation.completed"
    assert 1 <= kinds.count("image_generation.partial_image") <= 2
    assert {opened(event.b64_json).format for event in events} == {"WEBP", "PNG"}
    said = [provenance.read(opened(event.b64_json)).digital_source_type for event in events]
    assert said == ["algorithmicMedia"] * len(events)


def test_openais_client_edits_a_picture_where_a_mask_allows(client: openai.OpenAI) -> None:
    picture, mask = (("p.png", png(256, 256, mode)) for mode in ("RGB", "RGBA"))
    edited = client.images.edit(
        image=picture, mask=mask, prompt="a hat", model="gpt-image-1", size="256x256", n=2
    )
    assert edited.data is not None
    assert [opened(each.b64_json).size for each in edited.data] == [(256, 256)] * 2


def test_openais_client_sees_an_edit_grow(client: openai.OpenAI) -> None:
    events = list(
        client.images.edit(
            image=[png(256, 256)], prompt="slow", model="scripted", stream=True, partial_images=1
        )
    )
    assert events[-1].type == "image_edit.completed"
    assert events[-1].usage.total_tokens == 0


def test_every_event_is_of_its_documented_type(client: openai.OpenAI) -> None:
    stream = client.images.generate(
        prompt="a fox", model="gpt-image-1", quality="hd", stream=True, partial_images=3
    )
    for event in stream:
        # Strict: the client itself would take anything.
        type(event).model_validate(event.model_dump(), strict=True)


def test_openais_client_is_told_in_a_stream_what_went_wrong(client: openai.OpenAI) -> None:
    stream = client.images.generate(prompt="refuse", model="scripted", stream=True)
    with pytest.raises(openai.APIError, match=r"This prompt is refused\."):
        list(stream)


def test_openais_client_is_told_which_model_edits_nothing(client: openai.OpenAI) -> None:
    with pytest.raises(openai.BadRequestError) as refused:
        client.images.edit(image=png(256, 256), prompt="a hat", model="sketch")
    assert refused.value.code == "not_possible"


def test_openais_client_goes_on_after_a_large_picture(client: openai.OpenAI) -> None:
    noise = io.BytesIO()
    Image.effect_noise((2000, 1000), 100).save(noise, "PNG")
    for _ in range(2):
        client.images.edit(image=noise.getvalue(), prompt="a hat", model="scripted")
    assert client.images.generate(prompt="a fox").data


def test_openais_client_raises_the_errors_it_knows(service: tuple[Stage, str]) -> None:
    stage, key = service
    client = openai.OpenAI(api_key=key, base_url=f"{stage.url}/v1", max_retries=0)
    with pytest.raises(openai.BadRequestError) as wrong:
        client.images.generate(prompt="", model="dall-e-3")
    assert (wrong.value.param, wrong.value.type) == ("prompt", "invalid_request_error")
    with pytest.raises(openai.NotFoundError):
        client.models.retrieve("nobody")
    stranger = client.with_options(api_key="sk-wrong")
    with pytest.raises(openai.AuthenticationError) as unknown:
        stranger.images.generate(prompt="a fox")
    assert unknown.value.code == "invalid_api_key"
