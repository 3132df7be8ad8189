"""Classifiers: what they are told, what they answer, and what becomes of a picture."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from PIL import Image

from accounts.models import User
from gallery import classifying, keeping, tasks
from gallery.classifying import Finding
from gallery.models import Asset, Rating
from tests.factories import keep, make_picture, make_pixels

pytestmark = pytest.mark.django_db


class Brightness:
    """A classifier of an operator's own: bright is sensitive."""

    def rate(self, pixels: Image.Image) -> Finding:
        bright = pixels.convert("L").resize((1, 1)).getpixel((0, 0))
        return Finding(Rating.SENSITIVE if int(bright) > 128 else Rating.SAFE, "by brightness")  # type: ignore[arg-type]


class Broken:
    def rate(self, pixels: Image.Image) -> Finding:
        raise RuntimeError("no weights")


@pytest.fixture
def brightness(settings: Any) -> None:
    settings.PICTURE_CLASSIFIER = f"{__name__}.Brightness"


def unrated(owner: User, light: int, **more: Any) -> keeping.NewPicture:
    pixels = Image.new("RGB", (64, 64), (light, light, light))
    return replace(make_picture(owner, pixels=pixels, rating=Rating.UNRATED), **more)


@pytest.mark.usefixtures("brightness")
@pytest.mark.parametrize(("light", "rating"), [(250, "sensitive"), (9, "safe")])
def test_what_no_engine_rated_is_rated_when_it_is_kept(
    light: int, rating: str, alice: User
) -> None:
    asset = keep(unrated(alice, light))
    assert (asset.rating, asset.rating_source) == (rating, "classifier")
    assert asset.reason_told_to(alice) == "by brightness"


@pytest.mark.usefixtures("brightness")
def test_what_an_engine_rated_is_its_engines(alice: User) -> None:
    asset = keep(unrated(alice, 250, rating=Rating.SAFE))
    assert (asset.rating, asset.rating_source) == ("safe", "engine")


@pytest.mark.usefixtures("brightness")
def test_who_asked_for_blanks_keeps_a_black_picture(alice: User) -> None:
    asset = keep(unrated(alice, 250, blanks_sensitive=True))
    assert (asset.color, asset.recipe["blanked"]) == ("000000", True)


@pytest.mark.parametrize("name", ["", f"{__name__}.Broken", "no.such.Thing"])
def test_a_classifier_that_fails_costs_nobody_their_picture(
    name: str, settings: Any, alice: User
) -> None:
    settings.PICTURE_CLASSIFIER = name
    assert keep(unrated(alice, 9)).rating == "unrated"


class Service(BaseHTTPRequestHandler):
    """What answers at the other end; the tests say what."""

    status, body = 200, b""
    seen: dict[str, Any] = {}

    def do_POST(self) -> None:
        data = self.rfile.read(int(self.headers["Content-Length"]))
        type(self).seen = {"data": data, "token": self.headers["Authorization"]}
        self.send_response(self.status)
        self.end_headers()
        self.wfile.write(self.body)

    def log_message(self, *args: Any) -> None:
        """Quiet."""


@pytest.fixture
def service(settings: Any) -> Iterator[type[Service]]:
    handler = type("Handler", (Service,), {})
    server = HTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.PICTURE_CLASSIFIER = f"http://127.0.0.1:{server.server_port}/rate"
    settings.PICTURE_CLASSIFIER_TOKEN = "let-me-in"
    yield handler
    server.shutdown()
    server.server_close()


def test_a_service_gets_a_small_jpeg_and_its_word_is_taken(service: type[Service]) -> None:
    service.body = b'{"rating": "sensitive", "reason": "0.97"}'
    assert classifying.look(make_pixels(2000, 1000)) == Finding(Rating.SENSITIVE, "0.97")
    assert service.seen["token"] == "Bearer let-me-in"
    assert service.seen["data"].startswith(b"\xff\xd8")


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (500, b'{"rating": "safe"}'),
        (302, b'{"rating": "safe"}'),
        (200, b"safe"),
        (200, b'{"rating": "unrated"}'),
        (200, b"[]"),
        (200, b'{"rating": "safe", "reason": "' + b"x" * 100_000 + b'"}'),
    ],
)
def test_another_answer_rates_nothing(service: type[Service], status: int, body: bytes) -> None:
    service.status, service.body = status, body
    assert classifying.look(make_pixels()) is None


def test_what_was_published_unrated_becomes_public_once_it_is_rated(
    settings: Any, alice: User
) -> None:
    asset = keep(unrated(alice, 9), public=True)
    assert tasks.rate_waiting() == 0
    settings.PICTURE_CLASSIFIER = f"{__name__}.Brightness"
    assert tasks.rate_waiting() == 1
    asset.refresh_from_db()
    assert asset.is_open


def test_the_command_looks_at_everything_that_no_machine_has_seen(
    settings: Any, alice: User, capsys: Any
) -> None:
    keep(unrated(alice, 250))
    old = keep(unrated(alice, 250, rating=Rating.SAFE, rated_by="upgrade"), public=True)
    keep(unrated(alice, 9, rating=Rating.SAFE))
    settings.PICTURE_CLASSIFIER = f"{__name__}.Brightness"
    call_command("rate_pictures")
    assert "2 of 2" in capsys.readouterr().out
    assert Asset.objects.get(pk=old.pk).rating == "sensitive"


def test_without_a_classifier_the_command_says_so() -> None:
    with pytest.raises(CommandError, match="PICTURE_CLASSIFIER"):
        call_command("rate_pictures")
