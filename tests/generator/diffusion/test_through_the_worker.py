"""From a submitted generation to a picture in the gallery, with tiny pipelines."""

from __future__ import annotations

import dataclasses
import io
import threading

import pytest

from gallery import uploading
from gallery.models import Asset
from generator import execution, references, scheduling
from generator.contract import Control, Lora
from generator.engines import diffusion, get_engine
from generator.models import EngineModel, Generation, Status
from tests.factories import make_upload, picture_bytes
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


@pytest.fixture
def studio(engine, monkeypatch):
    """The engine, with the pictures of this installation to work from."""
    studio = dataclasses.replace(engine.studio, fetch=references.open_picture)
    monkeypatch.setattr(engine.painter, "studio", studio)


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

    loaded = engine.painter.shelf.get({"path": "sd"})
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


def painted(owner, **fields):
    """What becomes of an order with these fields: the kept picture."""
    generation = submit(owner, model="sd", steps=2, seed=3, **fields)
    run_all("diffusion")
    generation.refresh_from_db()
    assert (generation.status, generation.error) == (Status.SUCCEEDED, "")
    return generation.outputs.get().asset


def pixels_of(asset):
    return references.open_picture(str(asset.pk)).tobytes()


def test_an_upload_is_painted_over_as_much_as_was_asked(studio):
    owner = make_person()
    begin = str(make_upload(owner).pk)
    little, much = (painted(owner, initial_image=begin, strength=s) for s in (0.1, 1.0))
    assert pixels_of(little) != pixels_of(much)
    assert pixels_of(painted(owner)) not in {pixels_of(little), pixels_of(much)}
    assert little.recipe["request"]["initial_image"] == begin


def test_a_picture_of_the_gallery_guides_another(studio):
    owner = make_person()
    guide = painted(owner)
    control = Control(preprocessor="canny", guide=str(guide.pk), weight=2.0)
    guided = painted(owner, controls=(control,))
    assert pixels_of(guided) != pixels_of(guide)


def test_a_lora_is_worn_and_written_into_the_recipe(studio):
    owner = make_person()
    worn = painted(owner, loras=(Lora(model="ink", weight=1.5),))
    assert pixels_of(worn) != pixels_of(painted(owner))
    assert worn.recipe["request"]["loras"] == [{"model": "ink", "weight": 1.5}]


def test_a_guide_that_was_deleted_while_it_waited_is_paid_back(studio):
    owner = make_person(credits=5)
    upload = make_upload(owner)
    generation = submit(owner, model="sd", steps=2, initial_image=str(upload.pk))
    uploading.forget(upload)
    run_all("diffusion")
    generation.refresh_from_db()
    assert "no longer there" in generation.error
    assert generation.refunded == generation.cost


def test_the_form_offers_what_lies_in_the_models_folder(client, studio):
    person = make_person()
    client.force_login(person)
    page = client.get("/create/").content.decode()
    assert '<option value="ink">ink</option>' in page
    assert '<option value="civitai:12@34">' in page
    sent = {"prompt": "x", "model": "sd", "lora-0-model": "ink", "steps": 2, "ratio": "custom",
            "width": 256, "height": 256, "guide-files": io.BytesIO(picture_bytes())}  # fmt: skip
    assert client.post("/create/", sent).status_code == 302
    run_all("diffusion")
    asset = Asset.objects.get()
    assert asset.recipe["request"]["loras"] == [{"model": "ink", "weight": 1.0}]
    assert asset.recipe["request"]["initial_image"] == str(person.uploads.get().pk)


def test_a_process_has_one_engine_whoever_asks():
    get_engine.cache_clear()
    first = get_engine("diffusion")
    get_engine.cache_clear()
    assert get_engine("diffusion") is first
    assert isinstance(first, diffusion.DiffusionEngine)
