"""The unmodified `webuiapi` against the whole application, as it is served, and a second Limner."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from typing import Any

import pytest
import webuiapi  # type: ignore[import-untyped]
from PIL import Image

from generator.engines import Errand
from generator.engines.remote.client import Limits
from generator.engines.remote.engine import RemoteEngine
from generator.engines.remote.trip import Means
from tests.faults.stage import Stage
from tests.generator.remote.shopping import Memory, pictures, request
from tests.waiting import until

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("serve")]


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Stage, str]]:
    """A running installation, and a key for it."""
    stage = Stage(tmp_path_factory.mktemp("webui"), WORKERS="1")
    stage.prepare()
    made = stage.account("alice@example.org", "--credits", "500")
    with stage.serving():
        until(lambda: "Ctrl-C stops it" in stage.log.read_text())
        yield stage, made["apiKey"]


@pytest.fixture
def client(service: tuple[Stage, str]) -> webuiapi.WebUIApi:
    stage, key = service
    return webuiapi.WebUIApi(host="127.0.0.1", port=stage.port, username="anybody", password=key)


def test_webuiapi_gets_pictures_and_what_made_them(client: webuiapi.WebUIApi) -> None:
    made = client.txt2img(prompt="a fox", seed=41, batch_size=2, styles=["Anime"], steps=8)
    assert [image.size for image in made.images] == [(512, 512)] * 2
    assert made.info["all_seeds"] == [41, 42]
    assert made.info["sampler_name"] == made.parameters["sampler_name"] == "Euler a"
    assert "a fox" in made.image.text["parameters"]


def test_webuiapi_is_told_why_not(client: webuiapi.WebUIApi) -> None:
    with pytest.raises(RuntimeError, match="Sampler not found"):
        client.txt2img(prompt="a fox", sampler_name="Nobody's")
    with pytest.raises(RuntimeError, match="not from a picture"):
        client.img2img(images=[Image.new("RGB", (64, 64))], prompt="a fox")


def test_webuiapi_reads_every_list(client: webuiapi.WebUIApi) -> None:
    assert "Euler a" in client.util_get_sampler_names()
    assert "karras" in client.util_get_scheduler_names()
    assert {"name", "prompt", "negative_prompt"} == set(client.get_prompt_styles()[0])
    assert client.get_scripts() == {"txt2img": [], "img2img": []}
    assert client.get_embeddings() == {"loaded": {}, "skipped": {}}
    assert client.get_loras() == client.get_upscalers() == client.get_sd_vae() == []
    assert client.get_memory()["ram"]["total"] > 0
    assert client.refresh_checkpoints() is None


def test_webuiapi_finds_it_idle_and_chooses_a_model(client: webuiapi.WebUIApi) -> None:
    client.util_wait_for_ready(check_interval=0.1)
    [*models] = client.util_get_model_names()
    client.util_set_model(models[0])
    assert client.util_get_current_model() == models[0]
    whole: dict[str, Any] = client.get_options()
    assert client.set_options(whole) is None
    assert client.interrupt() == client.skip() == {}


def test_one_limner_buys_from_another_as_from_a_web_ui(
    service: tuple[Stage, str], settings: Any
) -> None:
    stage, key = service
    settings.OUTBOUND_ALLOW = [ipaddress.ip_network("127.0.0.1/32")]
    settings.PROVIDER_KEYS = {"LIMNER_KEY_OTHER": f"limner:{key}"}
    account = {"provider": "a1111", "key_env": "LIMNER_KEY_OTHER", "url": stage.url}
    wanted = Errand(request(seed=41, count=2), {**account, "model": "sketch"}, Memory())
    found = pictures(list(RemoteEngine(Means(Limits())).buy([wanted])))
    assert [each.image.seed for each in found] == [41, 42]
    assert found[0].image.pixels.size == (256, 256)
