"""The cards of a page: their addresses and words, and that stencils draw what the template says."""

from __future__ import annotations

import re
import uuid
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse, set_script_prefix
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.models import SensitivePictures, User
from gallery import cards, stencils
from gallery.cards import Card
from gallery.collecting import begin
from gallery.files import ORIGINAL
from gallery.models import Asset, Like, Rating
from gallery.stencils import Around, Kind
from tests.factories import keep, make_asset, make_picture, make_pixels, make_team

NUMBERS = {"width": "640", "height": "480", "like_count": "3", "color": "336699", "shape": "r136"}


def one(viewer: User | AnonymousUser) -> Card:
    [card] = cards.of_all(list(Asset.objects.for_cards()), viewer)
    return card


def card(**values: Any) -> Card:
    plain = {"pk": str(uuid.UUID(int=9)), "src": "/a?b=1&c", "srcset": "/a 1w, /b 2w"}
    words: dict[str, Any] = {"title": "a fox", "alt": "a fox", "liked": False, "veiled": False}
    return Card(**(NUMBERS | plain | words | {"stacked": "", "stack": ""} | values))


def as_the_template_says(card: Card, around: Around, kind: Kind) -> str:
    context = stencils.blank(kind) | {"card": card, "filters": around.filters}
    return render_to_string(
        stencils.TEMPLATE,
        context | {"listed": around.listed, "seen": around.seen if kind.counts else None},
    )


# The first of each kind compiles templates.
@settings(deadline=None)
@given(
    title=st.text(),
    alt=st.text(),
    liked=st.booleans(),
    veiled=st.booleans(),
    stacked=st.sampled_from(["", "7"]),
    signed_in=st.booleans(),
    eager=st.sampled_from([0, 1]),
    seen=st.sampled_from([None, 48]),
)
def test_a_stencil_draws_what_the_template_says(
    title: str, alt: str, eager: int, seen: int | None, *, signed_in: bool, **values: Any
) -> None:
    shown = card(title=title, alt=alt, stack=values["stacked"] and "12", **values)
    around = Around(signed_in, "scope=mine&q=<b>%s", "scope=mine", eager, seen)
    first = bool(eager)
    marks = (shown.liked, shown.veiled, bool(shown.stacked), first, first, seen is not None)
    kind = Kind(*marks, signed_in, "en", "/")
    assert stencils.draw([shown], around) == as_the_template_says(shown, around, kind)


@pytest.mark.parametrize(
    "words", ['"><script>x</script>', "%(pk)s 100%", "{{ 7 }}", "\ufdd0pk\ufdd0"]
)
def test_words_of_people_stay_words(words: str) -> None:
    drawn = stencils.draw([card(title=words, alt=words)], Around(signed_in=True))
    told = words.replace('"', "&quot;").replace("<", "&lt;").replace(">", "&gt;")
    assert f'alt="{told}"' in drawn
    assert f"Choose {told}</span>" in drawn
    assert "<script" not in drawn


def test_a_drawing_stands_below_the_prefix_of_the_page() -> None:
    stencils.draw([card()], Around(signed_in=True))
    set_script_prefix("/art/")
    try:
        drawn = stencils.draw([card()], Around(signed_in=True))
        assert f'href="{reverse("asset", args=[card().pk])}?"' in drawn
    finally:
        set_script_prefix("/")
    assert 'href="/art/gallery/' in drawn


@pytest.mark.django_db
def test_every_address_is_the_one_of_its_view(alice: User) -> None:
    asset = keep(make_picture(alice, pixels=make_pixels(700, 400)))
    widths = [variant.width for variant in asset.variants.all()]
    urls = [reverse("asset_file", args=[asset.pk, f"{width}.webp"]) for width in widths]
    shown = one(alice)
    assert len(widths) > 1
    assert shown.srcset == ", ".join(f"{url} {w}w" for url, w in zip(urls, widths, strict=True))
    assert shown.src == urls[0]
    drawn = stencils.draw([shown], Around(signed_in=True))
    assert set(re.findall(r'(?:href|formaction|hx-post)="([^"?]*)', drawn)) == {
        asset.get_absolute_url(),
        reverse("asset_like", args=[asset.pk]),
    }


@pytest.mark.django_db
def test_a_picture_without_copies_shows_the_original(alice: User) -> None:
    asset = make_asset(alice)
    asset.variants.all().delete()
    shown = one(alice)
    assert (shown.src, shown.srcset) == (reverse("asset_file", args=[asset.pk, ORIGINAL]), "")


@pytest.mark.django_db
def test_a_card_says_what_the_viewer_likes(alice: User, bob: User) -> None:
    Like.objects.add(make_asset(alice, public=True), bob)
    assert (one(bob).liked, one(alice).liked, one(AnonymousUser()).liked) == (True, False, False)
    assert one(alice).like_count == "1"


@pytest.mark.django_db
def test_a_sensitive_picture_is_veiled_unless_one_wants_to_see(alice: User) -> None:
    make_asset(alice, rating=Rating.SENSITIVE)
    assert one(alice).veiled
    alice.sensitive_pictures = SensitivePictures.SHOW
    assert not one(alice).veiled


@pytest.mark.django_db
def test_cards_ask_as_often_however_many_they_are(
    alice: User, django_assert_num_queries: Any
) -> None:
    for _n in range(5):
        make_asset(alice)
    with django_assert_num_queries(3):
        cards.of_all(list(Asset.objects.for_cards()), alice)


@pytest.mark.django_db
def test_names_in_the_bar_of_chosen_pictures_stay_names(client: Client, alice: User) -> None:
    make_asset(alice)
    make_team(alice, name="<b>%(next)s")
    begin(alice, "</select><i>")
    client.force_login(alice)
    body = client.get("/gallery/").content.decode()
    assert ">&lt;b&gt;%(next)s</option>" in body
    assert ">&lt;/select&gt;&lt;i&gt;</option>" in body


@pytest.mark.django_db
def test_the_bar_leads_back_to_the_page_it_is_on(client: Client, alice: User) -> None:
    make_asset(alice)
    client.force_login(alice)
    for address in ("/gallery/?scope=mine", "/gallery/?q=fox&scope=mine"):
        told = address.replace("&", "&amp;")
        assert f'name="next" value="{told}"' in client.get(address).content.decode()
