"""ModelsLab's own client, and another Limner, against the whole application as it is served."""

from __future__ import annotations

import base64
import io
import ipaddress
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from modelslab_py.core.apis.community import Community
from modelslab_py.core.apis.realtime import Realtime
from modelslab_py.core.client import Client
from modelslab_py.schemas.community import Text2Image
from modelslab_py.schemas.realtime import RealtimeText2ImageSchema
from PIL import Image

from generator.dialects import modelslab
from generator.engines import Errand
from generator.engines.remote.client import Limits
from generator.engines.remote.engine import RemoteEngine
from generator.engines.remote.trip import Means
from tests.faults.stage import Stage
from tests.generator.remote.shopping import Memory, pictures, refusal, request
from tests.waiting import until

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("serve")]


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Stage, str]]:
    """A running installation, and a key for it."""
    stage = Stage(tmp_path_factory.mktemp("modelslab"), WORKERS="1")
    stage.prepare()
    made = stage.account("alice@example.org", "--credits", "100")
    with stage.serving():
        until(lambda: "Ctrl-C stops it" in stage.log.read_text())
        yield stage, made["apiKey"]


@pytest.fixture
def client(service: tuple[Stage, str]) -> Client:
    stage, key = service
    made = Client(api_key=key, fetch_retry=100, fetch_timeout=0)
    made.base_url = f"{stage.url}/api/"
    return made


def size_of(data: bytes) -> tuple[int, int]:
    return Image.open(io.BytesIO(data)).size


def test_its_client_gets_links_that_open(client: Client) -> None:
    wanted = Text2Image(prompt="a fox", width=512, height=768, samples=2, safety_checker="yes")
    told = Community(client).text_to_image(wanted)
    assert (told["status"], told["meta"]["n_samples"]) == ("success", 2)
    assert [size_of(httpx.get(url).content) for url in told["output"]] == [(512, 768)] * 2


def test_its_client_fetches_what_it_did_not_wait_for(client: Client) -> None:
    api = Realtime(client, enterprise=True)
    wanted = RealtimeText2ImageSchema(prompt="a fox", base64=True, instant_response="yes")
    told = api.text_to_image(wanted)
    assert told["status"] == "processing"
    [url] = until(lambda: _output(api, told["id"]))
    assert size_of(base64.b64decode(httpx.get(url).text, validate=True)) == (512, 512)


def _output(api: Realtime, number: int) -> Any:
    return api.fetch(str(number)).get("output")


def test_its_client_reads_why_it_was_refused(service: tuple[Stage, str], client: Client) -> None:
    refused = Community(client).text_to_image(Text2Image(prompt="a fox", samples=9))
    assert (refused["status"], set(refused["message"])) == ("error", {"samples"})
    client.api_key = "wrong"
    told = Community(client).text_to_image(Text2Image(prompt="a fox"))
    assert told == {"status": "error", "message": "Invalid API key"}


def test_its_client_presses_the_buttons_of_a_flux_server(client: Client) -> None:
    api = Realtime(client, enterprise=True)
    api.base_url = f"{client.base_url}v1/enterprise/flux/"
    assert api.system_details()["status"] == "ok"
    for press in (api.clear_cache, api.clear_queue, api.restart, api.update):
        assert press()["status"] == "success"


def test_fifty_megabytes_are_refused_in_its_words(service: tuple[Stage, str]) -> None:
    stage, key = service
    body = b'{"key": "' + key.encode() + b'", "prompt": "' + b"x" * 50_000_000 + b'"}'
    answer = httpx.post(stage.url + modelslab.path, content=body, timeout=60)
    assert (answer.status_code, answer.json()["status"]) == (413, "error")


@pytest.fixture
def account(settings: Any, service: tuple[Stage, str]) -> dict[str, str]:
    """How another Limner knows this one."""
    stage, key = service
    settings.OUTBOUND_ALLOW = [ipaddress.ip_network("127.0.0.1/32")]
    settings.PROVIDER_KEYS = {"LIMNER_KEY_OTHER": key}
    named = {"provider": "modelslab", "key_env": "LIMNER_KEY_OTHER"}
    return {**named, "url": stage.url, "model": "sketch"}


def test_another_limner_buys_here(account: dict[str, str]) -> None:
    wanted = request(width=768, height=512, seed=41, count=2)
    events = list(RemoteEngine(Means(Limits())).buy([Errand(wanted, account, Memory())]))
    assert [each.image.pixels.size for each in pictures(events)] == [(768, 512)] * 2
    assert pictures(events)[0].image.seed == 41


def test_another_limner_is_told_that_its_key_is_wrong(
    account: dict[str, str], settings: Any
) -> None:
    settings.PROVIDER_KEYS = {"LIMNER_KEY_OTHER": "limner_0000000000000000"}
    errand = Errand(request(), account, Memory())
    refused = refusal(list(RemoteEngine(Means(Limits())).buy([errand])))
    assert "does not accept our key" in refused.reason
