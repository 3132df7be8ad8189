"""Looking closer: lineage and comparison, of what the viewer may see and of nothing else."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from gallery import lineage
from gallery.comparison import compare
from gallery.lineage import GENERATIONS_DOWN, WIDTH, Branch
from gallery.models import Asset
from tests.factories import keep, make_asset, make_picture

pytestmark = pytest.mark.django_db


def remix(parent: Asset, owner: User) -> Asset:
    return keep(replace(make_picture(owner), parent_id=parent.pk))


def family_of(branch: Branch) -> list[Asset]:
    return [branch.asset, *(each for remix in branch.remixes for each in family_of(remix))]


def test_a_lineage_goes_up_and_down(alice: User) -> None:
    first = make_asset(alice)
    second = remix(first, alice)
    third = [remix(second, alice) for _ in range(2)]
    found = lineage.of(second, alice)
    assert (found.ancestors, found.hidden) == ([first], False)
    assert [each.asset for each in found.tree.remixes] == third


def test_what_is_not_shared_ends_the_line_and_is_not_named(alice: User, bob: User) -> None:
    hidden = keep(make_picture(alice, prompt="a secret garden"))
    mine = remix(hidden, bob)
    remix(mine, alice)
    found = lineage.of(mine, bob)
    assert (found.ancestors, found.hidden, found.tree.remixes) == ([], True, [])


def test_a_circle_is_walked_once(alice: User) -> None:
    first = make_asset(alice)
    second = remix(first, alice)
    Asset.objects.filter(pk=first.pk).update(parent=second)
    found = lineage.of(Asset.objects.get(pk=first.pk), alice)
    assert found.ancestors == [second]
    assert family_of(found.tree) == [first]


def test_the_queries_do_not_grow_with_the_family(
    alice: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    first = make_asset(alice)
    for _ in range(WIDTH + 2):
        remix(remix(first, alice), alice)
    with django_assert_max_num_queries(2 * GENERATIONS_DOWN):
        found = lineage.of(first, alice)
    assert len(found.tree.remixes) == WIDTH
    assert found.tree.more


def test_the_page_links_each_to_a_comparison(client: Client, alice: User) -> None:
    client.force_login(alice)
    first = make_asset(alice)
    second = remix(first, alice)
    body = client.get(reverse("asset_lineage", args=[second.pk])).content.decode()
    assert f"?a={second.pk}&amp;b={first.pk}" in body


def test_settings_that_differ_come_first(alice: User) -> None:
    first = keep(make_picture(alice, prompt="a fox"))
    second = keep(make_picture(alice, prompt="an owl"))
    lines = compare(first, second)
    assert (lines[0].label, lines[0].first, lines[0].second) == ("Prompt", "a fox", "an owl")
    assert [line.differs for line in lines] == sorted((x.differs for x in lines), reverse=True)


def test_two_pictures_are_compared_by_whoever_may_see_both(
    client: Client, alice: User, bob: User
) -> None:
    public, private = make_asset(alice, public=True), make_asset(alice)
    client.force_login(bob)
    address = reverse("compare")
    assert client.get(address, {"a": public.pk, "b": public.pk}).status_code == 200
    assert client.get(address, {"a": public.pk, "b": private.pk}).status_code == 404
    assert client.get(address, {"a": private.pk}).status_code == 404
    assert client.get(address, {"a": "x' OR 1"}).status_code == 404


def test_without_a_second_one_there_are_some_to_choose_from(client: Client, alice: User) -> None:
    client.force_login(alice)
    first, other = make_asset(alice), make_asset(alice)
    body = client.get(reverse("compare"), {"a": first.pk}).content.decode()
    assert f"b={other.pk}" in body
