"""Which workers a machine runs."""

from __future__ import annotations

import pytest

from config import programs
from config.celery import UPKEEP


def arguments(name: str) -> dict[str, str]:
    [child] = [child for child in programs.workers() if child.name == name]
    return dict(zip(child.command, child.command[1:], strict=False))


def test_each_worker_is_a_process_with_one_thread_that_does_everything(settings):
    settings.WORKER_ENGINES, settings.WORKERS = ["sketch"], 3
    assert [child.name for child in programs.workers()] == ["worker", "worker-2", "worker-3"]
    for name in ("worker", "worker-2", "worker-3"):
        told = arguments(name)
        assert (told["--queues"], told["--pool"]) == (f"sketch,{UPKEEP}", "threads")
        assert told["--concurrency"] == "1"


def test_every_worker_has_a_name_of_its_own(settings):
    settings.WORKER_ENGINES, settings.WORKERS = ["sketch"], 3
    assert len({arguments(child.name)["--hostname"] for child in programs.workers()}) == 3


@pytest.mark.parametrize("engines", [["diffusion"], ["sketch", "diffusion"]])
def test_the_engine_with_heavy_weights_has_one_process_of_its_own(settings, engines, monkeypatch):
    monkeypatch.setitem(programs.ALONE, "diffusion", "django")  # as if its packages were here
    settings.WORKER_ENGINES, settings.WORKERS = engines, 3
    told, other = arguments("diffusion"), arguments("worker")
    assert (told["--queues"], told["--pool"]) == ("diffusion", "threads")
    assert "diffusion" not in other["--queues"]
    assert UPKEEP in other["--queues"]
    assert told["--hostname"] != other["--hostname"]


def test_an_engine_without_its_packages_costs_no_process(settings, monkeypatch):
    monkeypatch.setitem(programs.ALONE, "diffusion", "no_such_package")
    settings.WORKER_ENGINES, settings.WORKERS = ["sketch", "diffusion"], 1
    assert len(programs.workers()) == 1
    assert arguments("worker")["--queues"] == f"sketch,diffusion,{UPKEEP}"


def test_purchases_wait_in_threads_of_a_process_of_their_own(settings):
    settings.WORKER_ENGINES, settings.REMOTE_WORKERS = ["sketch", "remote"], 4
    told = arguments("remote")
    assert (told["--queues"], told["--pool"], told["--concurrency"]) == ("remote", "threads", "4")
    assert arguments("worker")["--queues"] == f"sketch,{UPKEEP}"


def test_where_nothing_is_bought_no_process_waits(settings):
    settings.WORKER_ENGINES, settings.REMOTE_WORKERS = ["sketch", "remote"], 0
    settings.WORKERS = 1
    assert len(programs.workers()) == 1
    assert arguments("worker")["--queues"] == f"sketch,remote,{UPKEEP}"
