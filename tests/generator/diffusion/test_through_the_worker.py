"""From a submitted generation to a picture in the gallery, with tiny pipelines."""

from __future__ import annotations

import threading

import pytest

from gallery.models import Asset
from generator import execution, scheduling
from generator.engines import diffusion, get_engine
from generator.models import EngineModel, Generation, Status
from tests.generator.diffusion.conftest import ask, difference, pictures
from tests.generator.orders import make_person, run_all, submit

pytestmark = [
    pytest.mark.slow,
    pytest.mark.xdist_group("diffusion"),
    pytest.mark.usefixtures("torch"),
    pytest.mark.django_db,
]


@pytest.fixture(autouse=True)
def offered(settings, models, engine, monkeypatch):
    """The tiny model is a row, and workers paint with the engine of these tests."""
    settings.MODELS_DIR = models
    EngineModel.objects.create(slug="sd", name="Tiny", engine="diffusion", options={"path": "sd"})
    monkeypatch.setattr(execution, "get_engine", lambda name: engine)


def test_requests_of_different_people_are_painted_in_one_pass():
    wanted = [submit(make_person(), prompt, model="sd", steps=2) for prompt in ("fox", "hen")]
    assert run_all("diffusion") == 1
    for generation in wanted:
        generation.refresh_from_db()
        [output] = generation.outputs.all()
        assert generation.status == Status.SUCCEEDED
        assert output.asset.owner == generation.owner
        assert output.asset.recipe["batch"] == 2
        assert output.asset.recipe["engine"] == "diffusion"


def test_cancelling_one_leaves_its_mate_in_the_pass_its_picture():
    first, second = (submit(make_person(), model="sd", steps=2) for _ in range(2))
    claimed = scheduling.claim("diffusion", 4)
    first.cancel()
    execution.Run("diffusion", claimed).finish()
    second.refresh_from_db()
    assert second.status == Status.SUCCEEDED
    assert list(Asset.objects.values_list("owner", flat=True)) == [second.owner_id]


def test_cancelling_all_stops_the_pipeline(engine, monkeypatch):
    generation = submit(make_person(), model="sd", steps=100)
    claimed = scheduling.claim("diffusion", 4)
    steps = []
    progress = execution.Run._progress

    def cancel_early(run, job, event):
        steps.append(event)
        if len(steps) == 2:
            Generation.objects.get(pk=generation.pk).cancel()
            run.wrote_progress[generation.pk] = 0.0
        progress(run, job, event)

    monkeypatch.setattr(execution.Run, "_progress", cancel_early)
    execution.Run("diffusion", claimed).finish()
    assert len(steps) < 20
    assert not Asset.objects.exists()


def test_the_safety_checkers_word_becomes_the_pictures_rating(engine, monkeypatch):
    class Alarmed:
        def looks_sensitive(self, pixels):
            return True

    loaded = engine.painter.shelf.get("sd", {"path": "sd"})
    monkeypatch.setattr(loaded, "checker", Alarmed())
    submit(make_person(), model="sd", steps=2)
    run_all("diffusion")
    assert Asset.objects.get().rating == "sensitive"


def test_two_threads_take_turns_with_one_set_of_weights(engine):
    jobs = [ask(seed=seed, steps=3) for seed in range(2)]
    wanted = [pictures(engine, job)[0] for job in jobs]
    found = {}
    threads = [
        threading.Thread(target=lambda n=n: found.update({n: pictures(engine, jobs[n])[0]}))
        for n in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [difference(found[n], wanted[n]) for n in range(2)] == [0, 0]


def test_a_process_has_one_engine_whoever_asks():
    get_engine.cache_clear()
    first = get_engine("diffusion")
    get_engine.cache_clear()
    assert get_engine("diffusion") is first
    assert isinstance(first, diffusion.DiffusionEngine)
