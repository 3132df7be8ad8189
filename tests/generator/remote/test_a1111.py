"""A1111 and Forge, against a server that paints slowly and tells how it proceeds."""

from __future__ import annotations

import base64
import json
import threading

from generator.engines import Preview, Step
from tests.generator.remote.provider import Says, Seen, b64, png, serving
from tests.generator.remote.shopping import KEY, Memory, engine, errand, pictures, refusal, shop


class WebUI:
    """One picture at a time; `finish` lets it end."""

    def __init__(self, current: str | None = None) -> None:
        self.finish = threading.Event()
        self.interrupted = False
        self.task = ""
        self.current = current

    def __call__(self, seen: Seen) -> Says:
        expected = base64.b64encode(KEY.encode()).decode()
        if seen.headers.get("authorization") != f"Basic {expected}":
            return Says({"detail": "Incorrect username or password"}, 401)
        match seen.path.split("?")[0]:
            case "/sdapi/v1/txt2img":
                return self.paint(seen.body)
            case "/sdapi/v1/progress":
                return self.progress()
            case "/sdapi/v1/interrupt":
                self.interrupted = True
                self.finish.set()
                return Says({})
        return Says({"detail": "Not Found"}, 404)

    def paint(self, body) -> Says:
        self.task = body["force_task_id"]
        self.finish.wait(5)
        count = body["n_iter"] * body["batch_size"]
        info = {"all_seeds": [body["seed"] + n for n in range(count)]}
        images = [b64(png(body["width"], body["height"]))] * count
        return Says({"images": images, "parameters": body, "info": json.dumps(info)})

    def progress(self) -> Says:
        state = {"job_count": 1}
        answer = {"progress": 0.5, "eta_relative": 1, "state": state, "current_image": b64(png())}
        return Says({**answer, "current_task": self.current or self.task})


def done_at_once() -> WebUI:
    webui = WebUI()
    webui.finish.set()
    return webui


def test_a_batch_comes_with_the_seeds_that_made_it():
    with serving(done_at_once()) as provider:
        found = pictures(shop(errand("a1111", provider.url, count=3)))
    assert [picture.image.seed for picture in found] == [7, 8, 9]
    assert provider.seen[0].body["n_iter"] == 3


def test_settings_are_said_in_the_words_of_the_web_ui():
    with serving(done_at_once()) as provider:
        fields = {"sampler": "dpmpp-2m-karras", "negative_prompt": "people", "clip_skip": 1}
        shop(errand("a1111", provider.url, model="dream.safetensors", seed=2**40 + 5, **fields))
    body = provider.seen[0].body
    assert body["sampler_name"] == "DPM++ 2M Karras"
    assert (body["negative_prompt"], body["seed"]) == ("people", 5)
    overrides = {"CLIP_stop_at_last_layers": 2, "sd_model_checkpoint": "dream.safetensors"}
    assert body["override_settings"] == overrides


def test_progress_and_previews_are_told_while_it_paints():
    webui = WebUI()
    with serving(webui) as provider:
        events = engine().buy([errand("a1111", provider.url)])
        seen = [next(e for e in events if isinstance(e, Preview)), next(events)]
        webui.finish.set()
        rest = list(events)
    assert seen[0].pixels.size == (256, 256)
    assert isinstance(seen[1], Step)
    assert seen[1].step == 10
    assert len(pictures(rest)) == 1


def test_nobody_sees_what_the_server_paints_for_somebody_else():
    webui = WebUI(current="another")
    with serving(webui) as provider:
        events = engine().buy([errand("a1111", provider.url)])
        first = [next(events) for _ in range(3)]
        webui.finish.set()
        rest = list(events)
    assert {(type(event), event.step) for event in first} == {(Step, 0)}
    assert not [event for event in rest if isinstance(event, Preview)]


def test_a_cancelled_picture_is_interrupted():
    webui, memory = WebUI(), Memory(wanted=False)
    with serving(webui) as provider:
        events = engine().buy([errand("a1111", provider.url, memory)])
        next(event for event in events if isinstance(event, Preview))
        events.close()
    assert webui.interrupted


def test_a_cancelled_picture_does_not_interrupt_somebody_elses():
    webui, memory = WebUI(current="another"), Memory(wanted=False)
    with serving(webui) as provider:
        events = engine().buy([errand("a1111", provider.url, memory)])
        next(events)
        events.close()
        webui.finish.set()
    assert not webui.interrupted


def test_a_worker_that_stops_is_told_that_this_purchase_cannot_be_resumed():
    webui, memory = WebUI(), Memory()
    with serving(webui) as provider:
        events = engine().buy([errand("a1111", provider.url, memory)])
        next(events)
        assert memory.committed
        webui.finish.set()
        list(events)
    assert not memory.committed


def test_a_checkpoint_that_is_not_there_is_refused_with_the_servers_words():
    says = Says({"error": "HTTPException", "detail": "Sampler not found", "body": ""}, 404)
    with serving(lambda _seen: says) as provider:
        assert refusal(shop(errand("a1111", provider.url))).reason.startswith("The A1111 server")
