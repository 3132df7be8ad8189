"""goneural's tasks, which a Limner serves too."""

from __future__ import annotations

from typing import Any

import pytest

from generator.catalog import RATIOS
from generator.engines import Receipt, Step
from tests.generator.remote.provider import Says, Seen, png, serving
from tests.generator.remote.shopping import KEY, Memory, engine, errand, pictures, refusal, shop

RATIO_NAMES = {ratio.goneural: ratio for ratio in RATIOS}


class GoNeural:
    """`statuses` are what each look finds, the last one for ever; POST tells "queued"."""

    def __init__(self, *statuses: str, meta: dict[str, Any] | None = None) -> None:
        self.statuses = [*statuses] or ["queued", "in_progress", "succeeded"]
        self.meta = meta
        self.by_key: dict[str, str] = {}
        self.ratio = RATIOS[0]
        self.cancelled: list[str] = []

    def __call__(self, seen: Seen) -> Says:
        if seen.path.startswith("/files/"):
            return Says(png(self.ratio.width, self.ratio.height))
        if seen.headers.get("authorization") != f"Bearer {KEY}":
            return Says({"message": "Unauthenticated."}, 401)
        if (seen.method, seen.path) == ("POST", "/v1/tasks/text-to-image"):
            return self.begin(seen)
        task = seen.path.split("/")[3]
        if task not in self.by_key.values():
            return Says({"message": "No such task."}, 404)
        if seen.path.endswith("/cancel"):
            self.cancelled.append(task)
            return Says(self.task(task, "failed", seen))
        status = self.statuses.pop(0) if len(self.statuses) > 1 else self.statuses[0]
        return Says(self.task(task, status, seen))

    def begin(self, seen: Seen) -> Says:
        body = seen.body
        errors = {}
        if not 1 <= len(body["prompt"]) <= 500:
            errors["prompt"] = ["Must be between 1 and 500 characters."]
        if body["ratio"] not in RATIO_NAMES:
            errors["ratio"] = ["Unknown."]
        if errors:
            return Says({"message": "Invalid.", "errors": errors}, 422)
        self.ratio = RATIO_NAMES[body["ratio"]]
        task = self.by_key.setdefault(seen.headers["idempotency-key"], f"t{len(self.by_key)}")
        return Says(self.task(task, "queued", seen))

    def task(self, task: str, status: str, seen: Seen) -> dict[str, Any]:
        """An empty output is a list, as PHP writes it."""
        done = status == "succeeded"
        output = {"image": f"http://{seen.headers['host']}/files/{task}.png"} if done else []
        plain = {"id": task, "status": status, "type": "text-to-image", "seed": 4711}
        return {**plain, "output": output, "refunded": status == "failed", "meta": self.meta}


def test_a_task_is_waited_for_and_its_picture_fetched():
    with serving(GoNeural()) as provider:
        [picture] = pictures(shop(errand("goneural", provider.url)))
    assert picture.image.seed == 4711
    assert picture.image.pixels.size == (256, 256)
    assert provider.paths[-2:] == ["GET /v1/tasks/t0", "GET /files/t0.png"]


def test_several_pictures_are_several_tasks():
    with serving(GoNeural("succeeded")) as provider:
        found = pictures(shop(errand("goneural", provider.url, count=2)))
    assert [picture.position for picture in found] == [0, 1]
    seeds = [seen.body["seed"] for seen in provider.seen if seen.method == "POST"]
    assert seeds == [7, 8]


def test_progress_is_that_of_the_task():
    service = GoNeural("in_progress", "succeeded", meta={"progress": {"step": 5, "steps": 20}})
    with serving(service) as provider:
        events = shop(errand("goneural", provider.url))
    assert 5 in {event.step for event in events if isinstance(event, Step)}


@pytest.mark.parametrize("size", [(1344, 768), (672, 384), (768, 1344), (1024, 1024)])
def test_the_ratio_is_the_nearest(size):
    with serving(GoNeural("succeeded")) as provider:
        task = errand("goneural", provider.url, width=size[0], height=size[1])
        [picture] = pictures(shop(task))
    assert picture.image.pixels.size == size
    ratio = RATIO_NAMES[provider.seen[0].body["ratio"]]
    assert ratio.width / ratio.height == pytest.approx(size[0] / size[1])


def test_a_worker_that_dies_before_it_heard_the_id_gets_the_same_task_again():
    service = GoNeural("succeeded")
    with serving(service) as provider:
        first = engine().buy([errand("goneural", provider.url)])
        next(first)
        first.close()
        assert pictures(shop(errand("goneural", provider.url)))
    assert list(service.by_key.values()) == ["t0"]


def test_a_failed_task_is_tried_again_as_another():
    memory, service = Memory(), GoNeural("failed")
    with serving(service) as provider:
        task = errand("goneural", provider.url, memory)
        assert refusal(shop(task)).retryable
        service.statuses = ["succeeded"]
        assert pictures(shop(task))
    assert list(service.by_key.values()) == ["t0", "t1"]


def test_what_the_other_limner_refused_stays_refused():
    error = {"code": "refused", "message": "Not here."}
    with serving(GoNeural("failed", meta={"error": error})) as provider:
        found = refusal(shop(errand("goneural", provider.url)))
    assert (found.retryable, found.reason[-9:]) == (False, "Not here.")


def test_an_unfinished_task_is_cancelled_with_ours():
    service, memory = GoNeural("in_progress"), Memory(wanted=False)
    with serving(service) as provider:
        events = engine().buy([errand("goneural", provider.url, memory)])
        next(events)
        events.close()
    assert service.cancelled == ["t0"]


def test_a_prompt_that_is_too_long_is_refused_before_anything_is_bought():
    with serving(GoNeural()) as provider:
        found = refusal(shop(errand("goneural", provider.url, prompt="x" * 501)))
    assert "at most 500" in found.reason
    assert provider.seen == []


def test_a_later_worker_asks_for_the_task():
    service, memory = GoNeural("succeeded"), Memory({0: Receipt("goneural", "t9")})
    service.by_key["elsewhere"] = "t9"
    with serving(service) as provider:
        assert pictures(shop(errand("goneural", provider.url, memory)))
    assert provider.paths == ["GET /v1/tasks/t9", "GET /files/t9.png"]
