"""What a model says where a request is silent, through the form and through the API."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from generator.models import EngineModel, Generation
from tests.generator.api.programs import Program, body
from tests.generator.orders import make_model, submit
from tests.generator.web.browsing import HTMX, open_form, press_create

OWN = {"default_steps": 4, "default_guidance": 2.5, "default_sampler": "euler-a"}
ASKED = {"steps": 4, "guidance_scale": 2.5, "sampler": "euler-a"}


@pytest.fixture(autouse=True)
def quick(db: None) -> EngineModel:
    """A second model beside blank, with defaults of its own."""
    EngineModel.objects.all().delete()
    make_model("blank")
    EngineModel.objects.filter(slug="blank").update(is_default=True)
    return EngineModel.objects.create(slug="quick", name="Quick", engine="blank", **OWN)


@pytest.fixture
def page(client: Client, alice: User) -> Client:
    client.force_login(alice)
    return client


def asked() -> dict[str, object]:
    spec = Generation.objects.get().spec
    return {name: spec[name] for name in ASKED}


def test_what_a_program_leaves_out_is_the_models_to_say(alice: User):
    answer = Program(alice).submit(model="quick")
    assert answer.status_code == 202
    assert asked() == ASKED
    assert answer.json()["input"]["steps"] == "4"


def test_what_a_program_says_counts(alice: User):
    Program(alice).submit(model="quick", steps=30, sampler="ddim", guidanceScale=0)
    assert asked() == {"steps": 30, "sampler": "ddim", "guidance_scale": 0}


def test_a_null_is_the_same_as_leaving_it_out(alice: User):
    Program(alice).post("/v1/tasks/text-to-image", {**body(model="quick"), "steps": None})
    assert asked()["steps"] == 4


def test_a_model_without_its_own_uses_the_usual_ones(alice: User):
    Program(alice).submit(model="blank")
    assert asked() == {"steps": 20, "guidance_scale": 7.0, "sampler": "default"}


def test_the_price_is_that_of_the_models_steps(alice: User):
    EngineModel.objects.update(price=5)
    assert Program(alice).submit(model="quick").json()["creditUsed"] == 1


def test_a_stand_in_paints_by_its_own_defaults_and_the_task_says_so(alice: User, quick):
    EngineModel.objects.update(is_default=False)
    EngineModel.objects.filter(pk=quick.pk).update(is_default=True)
    task = Program(alice).submit(model="dall-e-3").json()
    assert task["input"]["model"] == "quick"
    assert asked() == ASKED
    note = "The model “dall-e-3” is not set up here, so the default, “quick”, paints."
    assert task["meta"]["note"] == note
    assert Program(alice).get(f"/v1/tasks/{task['id']}").json()["meta"]["note"] == note


def test_a_task_of_the_model_that_was_named_has_no_note(alice: User):
    assert Program(alice).submit(model="quick").json()["meta"]["note"] is None


def test_the_list_of_models_tells_defaults_sizes_and_families(alice: User, quick):
    EngineModel.objects.filter(pk=quick.pk).update(sizes="512x512", family="flux")
    listed = {model["id"]: model for model in Program(alice).get("/v1/models").json()["data"]}
    assert listed["quick"]["defaults"] == {"sampler": "euler-a", "steps": 4, "guidanceScale": 2.5}
    assert (listed["quick"]["sizes"], listed["quick"]["family"]) == ("512×512", "flux")


def test_a_page_opened_for_a_model_shows_its_defaults(page: Client, alice: User):
    EngineModel.objects.filter(slug="blank").update(enabled=False)
    sent = open_form(page)
    assert (sent["steps"], sent["guidance_scale"], sent["sampler"]) == ("4", "2.5", "euler-a")


def test_choosing_a_model_brings_its_defaults_and_its_price(page: Client):
    sent = open_form(page, model="quick")
    assert sent["shown_model"] == "blank"
    text = page.post(reverse("price"), sent, headers=HTMX).content.decode()
    assert 'id="tuning"' in text
    assert 'name="shown_model" value="quick"' in text
    assert 'name="steps" value="4"' in text
    assert '<option value="euler-a" selected>' in text


def test_choosing_a_model_keeps_what_was_typed(page: Client):
    sent = open_form(page, model="quick", steps=33)
    text = page.post(reverse("price"), sent, headers=HTMX).content.decode()
    assert 'name="steps" value="33"' in text
    assert 'name="guidance_scale" value="2.5"' in text


def test_the_fields_stay_untouched_while_the_model_stays(page: Client):
    text = page.post(reverse("price"), open_form(page, count=2), headers=HTMX).content.decode()
    assert 'id="tuning"' not in text


def test_an_emptied_field_means_the_models_default(page: Client):
    press_create(page, open_form(page, prompt="a fox", model="quick", steps="", guidance_scale=""))
    assert (asked()["steps"], asked()["guidance_scale"]) == (4, 2.5)


def test_trying_again_keeps_what_was_asked(page: Client, alice: User, quick):
    job = submit(alice, model="quick", steps=9)
    job.cancel()
    EngineModel.objects.filter(pk=quick.pk).update(default_steps=50)
    page.post(reverse("job_retry", args=[job.pk]))
    assert Generation.objects.exclude(pk=job.pk).get().spec["steps"] == 9


def test_the_owner_reads_on_the_page_what_stood_in(page: Client, alice: User):
    Program(alice).submit(model="dall-e-3")
    text = page.get(reverse("jobs"), headers=HTMX).content.decode()
    assert "The model “dall-e-3” is not set up here" in text
