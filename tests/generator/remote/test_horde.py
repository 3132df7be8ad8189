"""AI Horde: a queue of volunteers, with an id to ask for."""

from __future__ import annotations

import re

from generator.engines import Receipt, Step
from tests.generator.remote.provider import Says, Seen, b64, png, serving
from tests.generator.remote.shopping import (
    Memory,
    Naps,
    engine,
    errand,
    pictures,
    refusal,
    shop,
)

TASK = "5b5d6c28-0c38-4b4e-9d6c-2f1d1f6f0a11"


class Horde:
    """Done at the third look; `ending` replaces the status of a generation or of a check."""

    def __init__(self, *, check: dict | None = None, generation: dict | None = None) -> None:
        self.looks = 0
        self.cancelled = False
        self.count = 1
        self.check, self.generation = check or {}, generation or {}

    def __call__(self, seen: Seen) -> Says:
        if not seen.headers.get("apikey"):
            return Says({"message": "No user matching sent API Key.", "rc": "InvalidAPIKey"}, 401)
        if (seen.method, seen.path) == ("POST", "/v2/generate/async"):
            return self.begin(seen.body)
        if seen.method == "DELETE":
            self.cancelled = True
            return Says({"finished": 0, "done": False, "generations": []})
        kind, task = re.fullmatch(r"/v2/generate/(check|status)/(.*)", seen.path).groups()
        if task != TASK:
            return Says({"message": "Request not found", "rc": "RequestNotFound"}, 404)
        return self.look() if kind == "check" else self.collect()

    def begin(self, body) -> Says:
        params = body["params"]
        self.count = params["n"]
        if params["width"] % 64 or params["height"] % 64 or not isinstance(params["seed"], str):
            return Says({"message": "Input payload validation failed", "errors": {}}, 400)
        if "forbidden" in body["prompt"]:
            return Says({"message": "This prompt appears to violate", "rc": "CorruptPrompt"}, 400)
        return Says({"id": TASK, "kudos": 10}, 202)

    def look(self) -> Says:
        self.looks += 1
        done = self.looks > 2
        state = {"done": done, "faulted": False, "is_possible": True, "queue_position": 3}
        return Says({**state, "wait_time": 12, "waiting": 1, "processing": 0, **self.check})

    def collect(self) -> Says:
        made = [
            {"img": b64(png(kind="WEBP")), "seed": str(900 + n), "censored": False}
            for n in range(self.count)
        ]
        return Says({"done": True, "generations": [{**g, **self.generation} for g in made]})


def test_a_batch_is_queued_waited_for_and_collected_once():
    with serving(Horde()) as provider:
        found = pictures(shop(errand("horde", provider.url, count=2)))
    assert [picture.image.seed for picture in found] == [900, 901]
    kinds = [path.split("/")[3] for path in provider.paths]
    assert kinds == ["async", "check", "check", "check", "status"]


def test_without_a_key_we_are_anonymous():
    with serving(Horde()) as provider:
        task = errand("horde", provider.url)
        options = {name: value for name, value in task.options.items() if name != "key_env"}
        shop(type(task)(task.request, options, task.purchases))
    assert {seen.headers["apikey"] for seen in provider.seen} == {"0000000000"}


def test_the_id_is_noted_before_we_wait():
    memory = Memory()
    with serving(Horde()) as provider:
        events = engine().buy([errand("horde", provider.url, memory, count=2)])
        next(events)
        assert provider.paths == ["POST /v2/generate/async"]
        assert memory.receipts == {0: Receipt("horde", TASK, 0), 1: Receipt("horde", TASK, 1)}
        events.close()


def test_a_worker_that_comes_later_asks_for_the_same_purchase():
    memory = Memory({0: Receipt("horde", TASK)})
    with serving(Horde()) as provider:
        assert pictures(shop(errand("horde", provider.url, memory)))
    assert "POST /v2/generate/async" not in provider.paths


def test_the_second_picture_of_an_earlier_purchase_is_the_second():
    horde, memory = Horde(), Memory({0: Receipt("horde", TASK, 1)})
    horde.count = 2
    with serving(horde) as provider:
        [picture] = pictures(shop(errand("horde", provider.url, memory)))
    assert (picture.position, picture.image.seed) == (0, 901)


def test_a_purchase_that_the_horde_forgot_is_given_up_and_made_anew_later():
    memory = Memory({0: Receipt("horde", "forgotten")})
    with serving(Horde()) as provider:
        task = errand("horde", provider.url, memory)
        assert refusal(shop(task)).retryable
        assert memory.receipts == {}
        assert pictures(shop(task))


def test_waiting_is_told_as_progress():
    naps = Naps()
    with serving(Horde()) as provider:
        events = shop(errand("horde", provider.url), naps)
    steps = [event.step for event in events if isinstance(event, Step)]
    assert steps == sorted(steps)
    assert steps[-1] == 20
    assert 0 < steps[len(steps) // 2] < 20
    assert max(naps.taken) <= 1, "nobody looks up for longer than a second"


def test_a_cancelled_purchase_is_deleted_at_the_horde():
    horde, memory = Horde(), Memory(wanted=False)
    with serving(horde) as provider:
        events = engine().buy([errand("horde", provider.url, memory)])
        next(events)
        events.close()
    assert horde.cancelled


def test_a_worker_that_stops_leaves_the_purchase_to_the_next():
    horde, memory = Horde(), Memory()
    with serving(horde) as provider:
        events = engine().buy([errand("horde", provider.url, memory)])
        next(events)
        events.close()
    assert not horde.cancelled
    assert memory.receipts


def test_a_purchase_made_for_a_lost_order_is_taken_back():
    horde, memory = Horde(), Memory(ours=False, wanted=False)
    with serving(horde) as provider:
        assert shop(errand("horde", provider.url, memory)) == []
    assert horde.cancelled


def test_a_fault_of_the_volunteer_is_tried_again_as_a_new_purchase():
    memory = Memory()
    with serving(Horde(check={"faulted": True})) as provider:
        assert refusal(shop(errand("horde", provider.url, memory))).retryable
    assert (memory.receipts, memory.failures) == ({}, 1)


def test_when_no_worker_could_do_it_the_work_waits():
    with serving(Horde(check={"is_possible": False})) as provider:
        assert refusal(shop(errand("horde", provider.url))).wait == 30


def test_a_refused_prompt_is_final():
    with serving(Horde()) as provider:
        found = refusal(shop(errand("horde", provider.url, prompt="forbidden")))
    assert not found.retryable
    assert "refused the prompt" in found.reason


def test_a_censored_picture_is_refused_and_not_kept():
    with serving(Horde(generation={"censored": True})) as provider:
        found = refusal(shop(errand("horde", provider.url)))
    assert not found.retryable
    assert "withheld" in found.reason


def test_patience_ends_and_the_purchase_is_cancelled():
    horde = Horde(check={"done": False})
    with serving(horde) as provider:
        found = refusal(shop(errand("horde", provider.url, patience=60)))
    assert found.reason == "AI Horde took longer than 60 seconds."
    assert horde.cancelled
