"""The words of one's own pictures: listed, completed, renamed, merged, taken away."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.models import User
from gallery import tagging
from gallery.models import Asset
from tests.factories import keep, make_asset, make_picture

pytestmark = pytest.mark.django_db


@pytest.fixture
def alices(client: Client, alice: User) -> Client:
    client.force_login(alice)
    return client


def tagged(owner: User, *names: str) -> Asset:
    asset = make_asset(owner, public=True)
    asset.set_tags(list(names))
    return asset


def tags(asset: Asset) -> set[str]:
    return set(asset.tags.values_list("name", flat=True))


def test_the_list_has_ones_own_words_with_how_often(alice: User, bob: User) -> None:
    tagged(alice, "sea", "night")
    tagged(alice, "sea")
    tagged(bob, "secret")
    assert tagging.mine(alice, limit=10).items == [("night", 1), ("sea", 2)]


def test_what_lies_in_the_bin_is_not_counted(alice: User) -> None:
    binned = keep(make_picture(alice), binned=True)
    binned.set_tags(["sea"])
    assert tagging.mine(alice, limit=10).items == []


def test_the_list_goes_on_after_its_last_word(alice: User) -> None:
    tagged(alice, *"abcde")
    first = tagging.mine(alice, limit=3)
    rest = tagging.mine(alice, after=first.next_after or "", limit=3)
    assert [name for name, _count in first.items + rest.items] == list("abcde")
    assert rest.next_after is None


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("s", ["sea", "snow"]),
        ("#Se", ["sea"]),
        ("fox, s", ["fox, sea", "fox, snow"]),
        ("sea s", ["sea snow"]),
        ("", []),
        ("sea ", []),
        ("x", []),
    ],
)
def test_a_word_that_was_begun_is_completed(alice: User, typed: str, expected: list[str]) -> None:
    tagged(alice, "sea", "snow", "night")
    assert tagging.completions(alice, typed) == expected


def test_words_of_others_are_not_offered(alice: User, bob: User) -> None:
    tagged(bob, "secret-project")
    assert tagging.completions(alice, "secret") == []


def test_completions_are_options(alices: Client, alice: User) -> None:
    tagged(alice, "sea")
    page = alices.get("/gallery/tags/completions/", {"tags": "fox s"}).content.decode()
    assert page.strip() == '<option value="fox sea"></option>'


def test_renaming_changes_ones_own_pictures_alone(alices: Client, alice: User, bob: User) -> None:
    mine, his = tagged(alice, "see", "night"), tagged(bob, "see")
    alices.post("/gallery/tags/", {"old": "see", "new": "#Sea"})
    assert (tags(mine), tags(his)) == ({"sea", "night"}, {"see"})


def test_a_tag_with_the_name_of_another_becomes_one_with_it(alice: User) -> None:
    both, one = tagged(alice, "see", "sea"), tagged(alice, "see")
    assert tagging.rename(alice, "see", "sea") == 2
    assert tags(both) == tags(one) == {"sea"}


def test_what_lies_in_the_bin_is_renamed_too(alice: User) -> None:
    binned = keep(make_picture(alice), binned=True)
    binned.set_tags(["see"])
    tagging.rename(alice, "see", "sea")
    assert tags(binned) == {"sea"}


def test_many_are_renamed_in_parts(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tagging, "BATCH", 2)
    made = [tagged(alice, "see") for _ in range(5)]
    assert tagging.rename(alice, "see", "sea") == 5
    assert {name for asset in made for name in tags(asset)} == {"sea"}


def test_a_tag_is_taken_from_all_ones_pictures(alices: Client, alice: User, bob: User) -> None:
    mine, his = tagged(alice, "sea", "night"), tagged(bob, "sea")
    alices.post("/gallery/tags/", {"old": "sea"})
    assert (tags(mine), tags(his)) == ({"night"}, {"sea"})


@pytest.mark.parametrize("new", ["two words", "a,b", "a" * 51, "a\x07b"])
def test_what_is_no_tag_is_refused_and_kept_in_its_field(
    alices: Client, alice: User, new: str
) -> None:
    asset = tagged(alice, "sea")
    response = alices.post("/gallery/tags/", {"old": "sea", "new": new})
    assert response.status_code == 422
    assert tags(asset) == {"sea"}


def test_a_tag_that_one_does_not_have_is_said_so(alices: Client, bob: User) -> None:
    tagged(bob, "sea")
    page = alices.post("/gallery/tags/", {"old": "sea", "new": "x"}, follow=True)
    assert b"None of your pictures has that tag." in page.content


def test_the_page_is_found_by_what_tags_begin_with(alices: Client, alice: User) -> None:
    tagged(alice, "sea", "night")
    page = alices.get("/gallery/tags/", {"q": "#Se"}).content.decode()
    assert "sea" in page
    assert "night" not in page
