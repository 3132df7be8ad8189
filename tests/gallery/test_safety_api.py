"""Ratings, reports, appeals and moderation, for programs."""

from __future__ import annotations

from typing import Any

import pytest

from accounts.models import StaffRole, User
from gallery.models import Appeal, Asset, Rating, Report
from tests.factories import make_asset, make_team, make_user, share
from tests.generator.api.programs import Program

pytestmark = pytest.mark.django_db
QUEUE = "/v1/staff/moderation"


@pytest.fixture
def bobs(bob: User) -> Program:
    return Program(bob)


@pytest.fixture
def alices(alice: User) -> Program:
    return Program(alice)


@pytest.fixture
def moderators() -> Program:
    return Program(make_user(staff_role=StaffRole.MODERATOR), scopes=["read", "admin"])


def ids(answer: Any) -> list[str]:
    return [each["id"] for each in answer.json()["items"]]


@pytest.mark.parametrize("policy", ["hide", "blur", "show"])
@pytest.mark.parametrize("wish", ["account", "hide", "show"])
@pytest.mark.parametrize("scope", ["public", "team"])
def test_lists_leave_out_what_the_account_or_the_request_says(
    policy: str, wish: str, scope: str, alice: User, bob: User, bobs: Program
) -> None:
    team = make_team(alice)
    team.memberships.create(user=bob, role="viewer")
    plain, sensitive = (
        str(share(make_asset(alice, public=True, rating=rating), team).pk)
        for rating in (Rating.SAFE, Rating.SENSITIVE)
    )
    User.objects.filter(pk=bob.pk).update(sensitive_pictures=policy)
    hides = wish == "hide" or (wish == "account" and policy == "hide")
    answer = bobs.get(f"/v1/assets?scope={scope}&sensitive={wish}")
    assert ids(answer) == ([plain] if hides else [sensitive, plain])


def test_a_page_of_a_team_is_full_though_some_of_it_is_left_out(
    alice: User, bob: User, bobs: Program
) -> None:
    team = make_team(alice)
    team.memberships.create(user=bob, role="viewer")
    for rating in (Rating.SAFE, Rating.SENSITIVE, Rating.SENSITIVE, Rating.SAFE):
        share(make_asset(alice, rating=rating), team)
    page = bobs.get("/v1/assets?scope=team&sensitive=hide&limit=1").json()
    rest = bobs.get(f"/v1/assets?scope=team&sensitive=hide&cursor={page['nextCursor']}").json()
    assert [len(page["items"]), len(rest["items"])] == [1, 1]


def test_a_picture_tells_its_rating_whose_word_it_is_and_what_became_of_publishing(
    alice: User, alices: Program
) -> None:
    asset = make_asset(alice, public=True, rating=Rating.UNRATED)
    told = alices.get(f"/v1/assets/{asset.pk}").json()
    assert (told["isPublic"], told["publicState"], told["rating"]) == (True, "waiting", "unrated")
    raised = alices.post(f"/v1/assets/{asset.pk}/rating", {"sensitive": True}).json()
    assert (raised["rating"], raised["ratingSource"]) == ("sensitive", "owner")


def test_nobody_lowers_a_rating_by_changing_the_picture(alice: User, alices: Program) -> None:
    asset = make_asset(alice, rating=Rating.SENSITIVE)
    for sent in ({"rating": "safe"}, {"moderator_rating": "safe"}, {"machineRating": "safe"}):
        assert alices.patch(f"/v1/assets/{asset.pk}", sent).status_code == 422
    alices.post(f"/v1/assets/{asset.pk}/rating", {"sensitive": False})
    asset.refresh_from_db()
    assert asset.rating == "sensitive"


def test_a_report_once_and_with_a_known_reason(alice: User, bobs: Program) -> None:
    path = f"/v1/assets/{make_asset(alice, public=True).pk}/report"
    assert bobs.post(path, {"reason": "dull"}).json()["errors"].keys() == {"reason"}
    answers = [bobs.post(path, {"reason": "hate"}).status_code for _time in range(2)]
    assert (answers, Report.objects.count()) == ([204, 409], 1)


def test_an_appeal_and_its_answer(alice: User, alices: Program, moderators: Program) -> None:
    asset = make_asset(alice, rating=Rating.SENSITIVE)
    path = f"/v1/assets/{asset.pk}/appeal"
    assert alices.post(path, {"note": "A statue."}).status_code == 204
    assert alices.post(path, {"note": "Really."}).status_code == 409
    case = moderators.get(QUEUE).json()["items"][0]
    assert (case["asset"]["id"], case["appeal"]) == (str(asset.pk), "A statue.")
    sent = {"decision": "approve", "answer": "So it is."}
    assert moderators.post(f"{QUEUE}/{asset.pk}", sent).status_code == 201
    assert Appeal.objects.get().answer == "So it is."
    assert alices.post(path, {"note": "Thanks."}).status_code == 409


def test_a_moderator_decides_and_takes_it_back(alice: User, moderators: Program) -> None:
    asset = make_asset(alice, public=True, rating=Rating.UNRATED)
    made = moderators.post(f"{QUEUE}/{asset.pk}", {"decision": "approve"}).json()
    assert Asset.objects.get().listed
    assert moderators.get(QUEUE).json()["count"] == 0
    undone = moderators.post(f"{QUEUE}/{made['id']}/undo")
    assert (undone.status_code, undone.json()["decision"]) == (200, "undo")
    assert not Asset.objects.get().listed
    assert moderators.post(f"{QUEUE}/{made['id']}/undo").status_code == 409


def test_a_moderator_decides_nothing_about_what_is_private(
    alice: User, moderators: Program
) -> None:
    asset = make_asset(alice)
    answer = moderators.post(f"{QUEUE}/{asset.pk}", {"decision": "bin"})
    assert answer.status_code == 404
    assert Asset.objects.get().deleted_at is None


def test_other_staff_and_people_have_no_queue(alices: Program) -> None:
    support = Program(make_user(staff_role=StaffRole.SUPPORT), scopes=["read", "admin"])
    assert support.get(QUEUE).status_code == 403
    assert alices.get(QUEUE).status_code == 403
