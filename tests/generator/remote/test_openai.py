"""OpenAI Images, against a server that checks what its reference demands."""

from __future__ import annotations

from generator.engines import Receipt
from tests.generator.remote.provider import Says, Seen, b64, png, serving
from tests.generator.remote.shopping import KEY, Memory, errand, pictures, refusal, shop

SIZES = {
    "gpt-image-1": {"1024x1024", "1536x1024", "1024x1536"},
    "dall-e-3": {"1024x1024", "1792x1024", "1024x1792"},
    "dall-e-2": {"256x256", "512x512", "1024x1024"},
}
#: Parameters that these models refuse.
REFUSED = {"gpt-image-1": {"response_format"}, "dall-e-3": set(), "dall-e-2": {"quality"}}


def service(seen: Seen) -> Says:
    if seen.headers.get("authorization") != f"Bearer {KEY}":
        return Says({"error": {"message": "no", "type": "x", "code": "invalid_api_key"}}, 401)
    body, model = seen.body, seen.body["model"]
    bad = REFUSED[model] & set(body) or body["size"] not in SIZES[model]
    bad = bad or body["n"] > (1 if model == "dall-e-3" else 10)
    if seen.path != "/images/generations" or bad:
        return Says({"error": {"message": f"bad: {body}", "type": "x", "code": None}}, 400)
    width, height = (int(side) for side in body["size"].split("x"))
    return Says({"created": 1, "data": [{"b64_json": b64(png(width, height))}] * body["n"]})


def test_several_pictures_are_one_purchase():
    with serving(service) as provider:
        events = shop(errand("openai", provider.url, model="dall-e-2", count=3))
    assert [p.position for p in pictures(events)] == [0, 1, 2]
    assert [seen.body["n"] for seen in provider.seen] == [3]


def test_dall_e_3_sells_one_picture_at_a_time():
    with serving(service) as provider:
        task = errand("openai", provider.url, model="dall-e-3", count=2, width=1024, height=1024)
        events = shop(task)
    assert [p.position for p in pictures(events)] == [0, 1]
    assert [seen.body["n"] for seen in provider.seen] == [1, 1]
    names = {seen.headers["idempotency-key"] for seen in provider.seen}
    assert len(names) == 2


def test_the_nearest_size_is_bought_and_cropped_to_the_one_wanted():
    with serving(service) as provider:
        task = errand("openai", provider.url, model="gpt-image-1", width=1344, height=768)
        [picture] = pictures(shop(task))
    assert provider.seen[0].body["size"] == "1536x1024"
    assert picture.image.pixels.size == (1344, 768)
    assert picture.image.meta["provider_size"] == "1536x1024"


def test_style_and_what_to_leave_out_are_said_in_the_prompt():
    with serving(service) as provider:
        fields = {"style": "line-art", "negative_prompt": "people"}
        shop(errand("openai", provider.url, model="dall-e-2", **fields))
    prompt = provider.seen[0].body["prompt"]
    assert prompt.startswith("a red house, black line drawing")
    assert "Without: people" in prompt


def test_steps_choose_the_quality():
    with serving(service) as provider:
        for steps in (8, 20, 50):
            task = errand("openai", provider.url, model="gpt-image-1", steps=steps)
            shop(task)
    assert [seen.body["quality"] for seen in provider.seen] == ["low", "medium", "high"]


def test_a_picture_behind_a_link_is_noted_before_it_is_fetched_and_gets_no_key():
    memory = Memory()

    def script(seen: Seen) -> Says:
        if seen.method == "GET":
            assert memory.receipts[0].link.endswith("/made.png")
            return Says(png())
        return Says({"data": [{"url": f"http://{seen.headers['host']}/made.png"}]})

    with serving(script) as provider:
        assert pictures(shop(errand("openai", provider.url, memory, model="dall-e-2")))
    assert "authorization" not in provider.seen[1].headers


def test_a_worker_that_comes_later_fetches_what_is_paid():
    with serving(lambda _seen: Says(png())) as provider:
        link = f"{provider.url}/made.png"
        memory = Memory({0: Receipt("openai", "", 0, link)})
        assert pictures(shop(errand("openai", provider.url, memory, model="dall-e-2")))
    assert provider.paths == ["GET /made.png"]


def test_a_file_host_that_is_down_costs_no_second_purchase():
    def script(seen: Seen) -> Says:
        if seen.method == "GET":
            return Says({}, 500)
        return Says({"data": [{"url": f"http://{seen.headers['host']}/made.png"}]})

    memory = Memory()
    with serving(script) as provider:
        task = errand("openai", provider.url, memory, model="dall-e-2")
        assert refusal(shop(task)).retryable
        provider.script = lambda _seen: Says(png())
        assert pictures(shop(task))
    assert [path.split()[0] for path in provider.paths] == ["POST", "GET", "GET", "GET", "GET"]


def test_a_picture_that_is_gone_is_bought_again_under_another_name():
    def script(seen: Seen) -> Says:
        if seen.method == "GET":
            return Says({}, 404)
        return Says({"data": [{"url": f"http://{seen.headers['host']}/made.png"}]})

    memory = Memory()
    with serving(script) as provider:
        task = errand("openai", provider.url, memory, model="dall-e-2")
        shop(task)
        shop(task)
    bought = [s.headers["idempotency-key"] for s in provider.seen if s.method == "POST"]
    assert len(bought) == len(set(bought)) == 2
