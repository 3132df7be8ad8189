"""What engines get from the database and the gallery, and what never reaches them."""

from __future__ import annotations

import uuid

import pytest

from gallery.models import Asset
from generator import references, submission, supply
from generator.contract import Control, InvalidRequest
from generator.engines.diffusion import refusals
from generator.models import EngineModel, Generation
from tests.generator.orders import make_model, make_person, run_all, submit

pytestmark = pytest.mark.django_db


@pytest.fixture
def kept() -> Asset:
    """A picture in its owner's gallery, seen by nobody else."""
    submit(make_person(), width=320)
    run_all()
    return Asset.objects.get()


def test_a_stored_picture_is_found_by_its_id(kept):
    assert references.open_picture(str(kept.pk)).size == (320, 256)


@pytest.mark.parametrize("reference", ["", "nowhere", str(uuid.UUID(int=7)), "../../secret_key"])
def test_a_picture_that_is_not_there_is_a_lookup_error(reference):
    with pytest.raises(LookupError, match="no longer there"):
        references.open_picture(reference)


def test_options_are_those_of_the_model_or_none():
    EngineModel.objects.create(slug="x", name="X", engine="diffusion", address="x")
    assert supply.options_of("x") == {"path": "x"}
    assert supply.options_of("gone") == {}


def guided(asset: Asset, field: str) -> dict[str, object]:
    if field == "controls":
        return {"controls": (Control(preprocessor="canny", guide=str(asset.pk)),)}
    return {field: str(asset.pk)}


@pytest.mark.parametrize("field", ["initial_image", "mask", "controls"])
def test_nobody_works_from_a_picture_that_they_may_not_see(kept, field):
    mallory = make_person(credits=5)
    with pytest.raises(InvalidRequest, match="There is no such picture"):
        submit(mallory, **guided(kept, field))
    assert not Generation.objects.filter(owner=mallory).exists()
    assert submit(kept.owner, **guided(kept, field)).pk


@pytest.mark.parametrize("reference", ["http://127.0.0.1/x.png", "file:///etc/passwd", "x"])
def test_links_and_nonsense_are_no_pictures(reference):
    with pytest.raises(InvalidRequest, match="There is no such picture"):
        submit(make_person(), initial_image=reference)


def test_what_the_model_cannot_do_is_refused_before_anybody_pays(settings):
    settings.ENGINES_ELSEWHERE = ["diffusion"]
    owner = make_person(credits=5)
    model = make_model("diffusion")
    model.address, model.family = "hub:org/name", "flux"
    model.save()
    with pytest.raises(submission.Refusal, match="does not fit this model") as refused:
        submit(owner, model="diffusion", sampler="ddim")
    owner.wallet.refresh_from_db()
    assert (refused.value.status, owner.wallet.balance) == (422, 5)


def test_a_worker_without_the_packages_says_so_in_one_line_and_refunds(settings, monkeypatch):
    settings.ENGINES_ELSEWHERE = ["diffusion"]
    monkeypatch.setattr(refusals, "PACKAGES", ("no_such_package",))
    owner = make_person(credits=5)
    make_model("diffusion")
    EngineModel.objects.update(options={"hub": "a/b", "family": "sd"})
    generation = submit(owner, model="diffusion")
    run_all("diffusion")
    generation.refresh_from_db()
    assert "make diffusion" in generation.error
    assert (generation.status, generation.refunded) == ("failed", 1)


def test_pictures_with_and_without_an_initial_one_share_no_pass(kept):
    base = submission.batch_key(submit(kept.owner).request)
    started = submit(kept.owner, initial_image=str(kept.pk)).request
    assert submission.batch_key(started) != base
    weaker = submit(kept.owner, initial_image=str(kept.pk), strength=0.2).request
    assert submission.batch_key(weaker) != submission.batch_key(started)
