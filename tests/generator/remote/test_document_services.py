"""Stubber, AIThriving and ModelsLab, against servers that check what their documents say."""

from __future__ import annotations

import pytest

from generator.engines import Receipt
from tests.generator.remote.provider import Says, Seen, b64, png, serving
from tests.generator.remote.shopping import KEY, Memory, errand, pictures, refusal, shop


def stubber(seen: Seen) -> Says:
    if seen.method == "GET":
        return Says(png(1792, 1024))
    params = seen.body["params"]
    if seen.headers["authorization"] != f"Bearer {KEY}":
        return Says({}, 401)
    if seen.body["tasktype"] != "generate_image" or params["disable_model_response"] != "true":
        return Says({"success": False, "payload": {"error": "bad task"}})
    if "forbidden" in params["prompt"]:
        return Says({"success": False, "payload": {"error": {"message": "not allowed"}}})
    url = f"http://{seen.headers['host']}/file.png"
    image = {"revised_prompt": params["prompt"], "url": url, "image": {"fileuuid": "x"}}
    payload = {"request": params, "response": {"created": 1, "data": [image]}}
    return Says({"success": True, "payload": payload})


def test_stubber_makes_one_picture_per_task_in_one_of_its_sizes():
    with serving(stubber) as provider:
        url = f"{provider.url}/v1/tasks/generate_image"
        task = errand("stubber", url, count=2, width=1344, height=768, steps=50)
        assert len(pictures(shop(task))) == 2
    params = provider.seen[0].body["params"]
    assert (params["size"], params["quality"], params["model"]) == ("1792x1024", "hd", "dall-e-3")
    assert provider.paths[0] == "POST /v1/tasks/generate_image"


def test_what_stubber_refuses_is_final():
    with serving(stubber) as provider:
        found = refusal(shop(errand("stubber", provider.url, prompt="forbidden")))
    assert (found.retryable, found.reason.endswith("not allowed")) == (False, True)


def aithriving(seen: Seen) -> Says:
    body = seen.body
    if seen.headers.get("authorization") != KEY:
        return Says({"code": -1, "message": "Invalid key"})
    sides = (body["width"], body["height"])
    if any(side % 64 or not 320 <= side <= 1536 for side in sides):
        return Says({"code": -1, "message": f"bad size {sides}"})
    if not 10 <= body["steps"] <= 50 or not 0 <= body["cfg_scale"] <= 35 or body["seed"] == 0:
        return Says({"code": -1, "message": "bad number"})
    image = b64(png(*sides))
    return Says({"code": 0, "message": "success", "data": {"image": image, "seed": body["seed"]}})


def test_aithriving_gets_its_own_words_and_its_own_limits():
    with serving(aithriving) as provider:
        fields = {"style": "origami", "sampler": "euler-a", "steps": 80, "seed": 0}
        [picture] = pictures(shop(errand("aithriving", provider.url, **fields)))
    body = provider.seen[0].body
    assert (body["style_preset"], body["sampler"], body["steps"]) == (
        "origami",
        "K_EULER_ANCESTRAL",
        50,
    )
    assert (body["width"], picture.image.pixels.size, picture.image.seed) == (320, (256, 256), 0)


@pytest.mark.parametrize(
    ("message", "retryable"),
    [("Server busy, try again later", True), ("Your prompt was flagged", False)],
)
def test_what_aithriving_says_decides_whether_it_is_asked_again(message, retryable):
    with serving(lambda _seen: Says({"code": -1, "message": message})) as provider:
        found = refusal(shop(errand("aithriving", provider.url)))
    assert found.retryable == retryable
    assert message in found.reason


class ModelsLab:
    """Every purchase is processed first; `ending` is what the second look finds."""

    path = "/api/v1/enterprise/flux"

    def __init__(self, ending: dict | None = None) -> None:
        self.ending = ending
        self.samples = 1
        self.looks = 0

    def __call__(self, seen: Seen) -> Says:
        if seen.path.startswith("/out/"):
            data = png(1024, 512)
            return Says(b64(data).encode() if seen.path.endswith(".base64") else data)
        if seen.body["key"] != KEY:
            return Says({"status": "error", "message": "Invalid API key"})
        if seen.path == f"{self.path}/text2img":
            return self.begin(seen)
        assert (seen.method, seen.path) == ("POST", f"{self.path}/fetch/77")
        return self.fetch(seen)

    def begin(self, seen: Seen) -> Says:
        self.samples = int(seen.body["samples"])
        sides = (int(seen.body["width"]), int(seen.body["height"]))
        if max(sides) > 1024 or self.samples > 4:
            message = {"width": ["The width may not be greater than 1024."]}
            return Says({"status": "error", "message": message})
        waiting = {"status": "processing", "messege": "Try to fetch", "eta": 1.5, "output": ""}
        return Says({**waiting, "id": 77, "fetch_result": "http://169.254.169.254/fetch/77"})

    def fetch(self, seen: Seen) -> Says:
        self.looks += 1
        if self.looks == 1:
            return Says({"status": "processing", "message": "Request processing", "eta": 1})
        base = f"http://{seen.headers['host']}/out"
        output = [f"{base}/{number}.png" for number in range(self.samples)]
        return Says(self.ending or {"status": "success", "id": 77, "output": output})


def test_modelslab_is_fetched_from_with_the_number_it_gave():
    memory = Memory()
    with serving(ModelsLab()) as provider:
        task = errand("modelslab", provider.url, memory, count=2, width=1536, height=768)
        found = pictures(shop(task))
    assert [picture.position for picture in found] == [0, 1]
    assert provider.seen[0].body["width"] == "1024"
    assert found[0].image.pixels.size == (1536, 768)
    assert memory.log[:2] == ["77", "77"]


def test_modelslab_pictures_may_be_files_of_base64():
    service = ModelsLab()
    with serving(service) as provider:
        output = [f"{provider.url}/out/0.base64"]
        service.ending = {"status": "success", "id": 77, "output": output}
        assert pictures(shop(errand("modelslab", provider.url, width=1024, height=512)))


def test_five_pictures_are_two_purchases_at_modelslab():
    with serving(ModelsLab()) as provider:
        shop(errand("modelslab", provider.url, count=5, width=1024, height=512))
    samples = [s.body["samples"] for s in provider.seen if s.path.endswith("text2img")]
    assert samples == ["4", "1"]


def test_a_later_worker_fetches_from_modelslab_without_buying():
    memory = Memory({0: Receipt("modelslab", "77")})
    with serving(ModelsLab()) as provider:
        task = errand("modelslab", provider.url, memory, width=1024, height=512)
        assert pictures(shop(task))
    assert not [path for path in provider.paths if path.endswith("text2img")]


@pytest.mark.parametrize(
    ("answer", "retryable", "words"),
    [
        ({"status": "error", "message": "Invalid API key"}, False, "does not accept our key"),
        ({"status": "error", "message": "Rate limit exceeded", "retry_after": 60}, True, "busy"),
        ({"status": "error", "message": {"prompt": ["is required."]}}, False, "is required."),
        ({"status": "failed", "id": "", "message": "Failed, Try Again", "output": ""}, True, "not"),
        ({"status": "error", "message": "Out of credits"}, False, "no credit left"),
    ],
)
def test_modelslab_errors_come_with_status_200(answer, retryable, words):
    with serving(lambda _seen: Says(answer)) as provider:
        found = refusal(shop(errand("modelslab", provider.url)))
    assert found.retryable == retryable
    assert words in found.reason
