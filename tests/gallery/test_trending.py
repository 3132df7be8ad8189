"""What is trending, and what is tidied by the clock."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from accounts.models import User
from gallery import tidying, trending
from gallery.models import Asset, Like, SearchEntry, Tag, Word
from tests.factories import make_asset, make_user

pytestmark = pytest.mark.django_db


def liked(asset: Asset, *, days: float, people: int = 1) -> None:
    for _number in range(people):
        fan = make_user()
        Like.objects.add(asset, fan)
        moment = timezone.now() - dt.timedelta(days=days)
        Like.objects.filter(asset=asset, user=fan).update(created_at=moment)


def order() -> list[str]:
    rows = Asset.objects.filter(trend__gt=0).order_by("-trend")
    return list(rows.values_list("name", flat=True))


def test_many_late_likes_beat_more_early_ones_and_old_ones_count_nothing(alice: User) -> None:
    few, many, old = (make_asset(alice, name=name) for name in ("few", "many", "old"))
    liked(few, days=0, people=2)
    liked(many, days=6, people=5)
    liked(old, days=15, people=9)
    assert trending.refresh() == 2
    assert order() == ["few", "many"]
    assert trending.refresh(timezone.now() + dt.timedelta(days=10)) == 2
    assert order() == ["few"]


def test_nothing_is_written_when_nothing_changed(alice: User) -> None:
    liked(make_asset(alice, name="one"), days=1)
    now = timezone.now()
    assert trending.refresh(now) == 1
    assert trending.refresh(now) == 0


def test_rows_from_elsewhere_are_found_after_the_daily_tidying(alice: User) -> None:
    asset = make_asset(alice, prompt="a fox")
    SearchEntry.objects.all().delete()
    assert tidying.index_missing() == 1
    assert SearchEntry.objects.get().asset == asset
    assert tidying.index_missing() == 0


def test_words_are_forgotten_with_the_last_picture_that_had_them(alice: User) -> None:
    asset = make_asset(alice, prompt="a fox in Wuthering")
    make_asset(alice, prompt="a fox")
    asset.delete()
    assert tidying.forget_unused_words() > 0
    assert set(Word.objects.values_list("pk", flat=True)) == {"a", "fox"}


def test_tags_are_forgotten_with_the_last_picture_that_had_them(alice: User, bob: User) -> None:
    gone, kept = make_asset(alice), make_asset(bob)
    gone.set_tags(["diagnosis", "fox"])
    kept.set_tags(["fox"])
    gone.delete()
    assert tidying.forget_unused_tags() == 1
    assert set(Tag.objects.values_list("name", flat=True)) == {"fox"}
    assert kept.tags.get().name == "fox"
