"""Which model serves the name in a request, and for whom."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import StaffRole, User
from accounts.rights import Role
from generator.catalog.models import MODELS
from generator.choosing import choose
from generator.contract import InvalidRequest
from generator.models import EngineModel
from generator.models.engine_model import Audience
from tests.factories import join, make_team
from tests.generator.orders import make_model, make_person

pytestmark = pytest.mark.django_db


def offer(slug: str, **fields: object) -> EngineModel:
    """A working model; the migrations may have left a row of that name."""
    values = {"name": slug, "engine": "blank", "enabled": True, **fields}
    return EngineModel.objects.update_or_create(slug=slug, defaults=values)[0]


def offered_to(user: User) -> list[str]:
    return list(EngineModel.objects.offered_to(user).values_list("slug", flat=True))


@pytest.mark.parametrize("model", [m for m in MODELS if m.slug != "sketch"], ids=lambda m: m.slug)
def test_the_default_stands_in_for_a_well_known_model_that_is_not_set_up(model, alice: User):
    choice = choose(model.slug, alice)
    assert choice.model.slug == "sketch"
    assert f"“{model.slug}” is not set up here" in choice.note
    assert "“sketch”" in choice.note


def test_a_well_known_model_serves_as_soon_as_it_works(alice: User):
    offer("dreamshaper-7.0")
    choice = choose("dreamshaper-7.0", alice)
    assert (choice.model.slug, choice.note) == ("dreamshaper-7.0", "")


@pytest.mark.parametrize("name", ["SD1.6", "sd1.6", "Stable Diffusion 1.6", "sd-1.6"])
def test_other_spellings_of_a_well_known_model_find_it(name: str, alice: User):
    offer("sd-1.6")
    assert choose(name, alice).model.slug == "sd-1.6"


def test_a_well_known_model_that_is_switched_on_but_broken_is_stood_in_for(alice: User):
    offer("dall-e-3", engine="remote")
    assert choose("dall-e-3", alice).note


@pytest.mark.parametrize("name", ["midjourney", "Sketch!", "", "../sketch", "18"])
def test_a_name_that_nobody_knows_is_refused_with_what_there_is(name: str, alice: User):
    with pytest.raises(InvalidRequest, match="Choose: sketch") as refused:
        choose(name, alice)
    assert list(refused.value.errors) == ["model"]


def test_our_own_model_is_not_stood_in_for(alice: User):
    EngineModel.objects.filter(slug="sketch").update(enabled=False, is_default=False)
    make_model("blank")
    with pytest.raises(InvalidRequest, match="Choose: blank"):
        choose("sketch", alice)


def test_where_nothing_works_that_is_said(alice: User):
    EngineModel.objects.update(enabled=False)
    with pytest.raises(InvalidRequest, match="nor any other that works"):
        choose("flux", alice)


@given(name=st.text(max_size=80))
def test_whatever_the_name_a_model_that_is_offered_serves_or_none(name: str):
    user = User.objects.first() or make_person()
    served = []
    with suppress(InvalidRequest):
        served.append(choose(name, user).model.slug)
    assert served in ([], ["sketch"])


def test_sizes_that_nobody_can_read_break_their_model_and_no_page(alice: User):
    offer("odd", sizes="large")
    assert "odd" not in offered_to(alice)
    assert "“large” is no size" in EngineModel.objects.get(slug="odd").why_not


def test_a_model_for_staff_is_not_there_for_others(alice: User):
    offer("dall-e-3", audience=Audience.STAFF)
    assert "dall-e-3" not in offered_to(alice)
    with pytest.raises(InvalidRequest, match="no model “dall-e-3”"):
        choose("dall-e-3", alice)
    staff = make_person(staff_role=StaffRole.SUPPORT)
    assert choose("dall-e-3", staff).model.slug == "dall-e-3"


@pytest.mark.parametrize(
    ("role", "may"), [(Role.OWNER, True), (Role.CONTRIBUTOR, True), (Role.VIEWER, False)]
)
def test_a_model_for_a_team_is_for_those_who_make_pictures_in_it(role: Role, may, alice, bob):
    team = make_team(bob)
    offer("ours", audience=Audience.TEAMS).teams.add(team)
    assert "ours" not in offered_to(alice)
    join(team, alice, role)
    assert ("ours" in offered_to(alice)) is may


def test_a_model_for_another_team_is_for_nobody_else(alice: User, bob: User):
    offer("theirs", audience=Audience.TEAMS).teams.add(make_team(bob))
    make_team(alice)
    assert "theirs" not in offered_to(alice)


def test_teams_count_only_where_the_audience_says_so(alice: User):
    offer("quiet", audience=Audience.STAFF).teams.add(make_team(alice))
    assert "quiet" not in offered_to(alice)
