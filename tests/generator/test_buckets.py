"""Pictures of ModelsLab's programs: in a bucket of one's own, or gone after a day."""

from __future__ import annotations

import datetime as dt
import io
import ipaddress
from collections.abc import Iterator
from typing import Any

import boto3
import httpx
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from accounts.models import User
from gallery import provenance
from gallery.models import Asset, Like, Share, Tag, Visibility
from generator import buckets, delivery
from generator.dialects import modelslab
from generator.models import Bucket, Generation, PictureDelivery, SendingState
from generator.webhooks import couriers
from tests.factories import make_collection
from tests.generator.api.programs import Program
from tests.generator.orders import make_model, run_all
from tests.generator.remote.provider import Says, serving
from tests.generator.webhooks.receiving import receiving

moto = pytest.importorskip("moto.server", reason="moto is missing: uv sync --frozen")
pytestmark = [pytest.mark.django_db, pytest.mark.slow]

UPDATE, RESET = "/api/v1/enterprise/update_s3", "/api/v1/enterprise/reset_s3"


@pytest.fixture(scope="module")
def s3() -> Iterator[str]:
    server = moto.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(autouse=True)
def _buckets_on_loopback(settings) -> None:
    settings.OUTBOUND_ALLOW = [ipaddress.ip_network("127.0.0.1/32")]


@pytest.fixture
def alices(alice: User) -> Program:
    make_model()
    return Program(alice)


@pytest.fixture
def values(s3: str) -> dict[str, Any]:
    """What the document's example sends, for the bucket `generations`."""
    keys = {"aws_access_key_id": "id", "aws_secret_access_key": "sesame"}
    store = boto3.client("s3", endpoint_url=s3, region_name="us-east-1", **keys)
    store.create_bucket(Bucket="generations", ACL="public-read-write")
    return {
        "deploy_type": "flux",
        "public_url": f"{s3}/generations/",
        "region_name": "us-east-1",
        "endpoint_url": s3,
        "image_directory": "generations",
        **keys,
    }


def post(program: Program, path: str, **fields: Any) -> Any:
    key = program.headers["Authorization"].removeprefix("Bearer ")
    return Client().post(path, {"key": key, **fields}, "application/json").json()


def order(program: Program, **fields: Any) -> Any:
    body = {"prompt": "a fox", "model_id": "blank", "instant_response": True, **fields}
    return post(program, modelslab.path, **body)


def fetch(program: Program, number: int) -> Any:
    return post(program, f"{modelslab.ROOTS[0]}/fetch/{number}")


def paint_all() -> None:
    """Paint what was ordered, and send nothing meanwhile."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(delivery, "send_due", lambda: 0)
        run_all()


def send_all() -> None:
    """Send what is due, here and now."""
    while delivery.send_due(lambda work: work()):
        pass


def test_pictures_go_into_the_bucket_and_links_lead_there(alices: Program, values) -> None:
    assert post(alices, UPDATE, **values)["status"] == "success"
    number = order(alices, samples=2)["id"]
    paint_all()
    assert fetch(alices, number)["status"] == "processing"
    send_all()
    told = fetch(alices, number)
    assert told["status"] == "success"
    assert [link.startswith(values["public_url"]) for link in told["output"]] == [True, True]
    for link in told["output"]:
        data = httpx.get(link, trust_env=False).content
        assert Image.open(io.BytesIO(data)).size == (512, 512)
        assert provenance.mark_of(data) == "trainedAlgorithmicMedia"
    assert Asset.objects.count() == 2


def test_a_webhook_waits_for_the_bucket(alices: Program, values) -> None:
    post(alices, UPDATE, **values)
    with receiving() as receiver:
        order(alices, webhook=receiver.url)
        paint_all()
        assert not couriers.deliver_next()
        send_all()
        assert couriers.deliver_next()
    assert receiver.seen[0].body["output"][0].startswith(values["public_url"])


def test_a_bucket_that_takes_nothing_leaves_links_of_ours(alices: Program, values) -> None:
    post(alices, UPDATE, **{**values, "image_directory": "nowhere"})
    number = order(alices)["id"]
    paint_all()
    send_all()
    assert PictureDelivery.objects.get().state == SendingState.FAILED
    told = fetch(alices, number)
    assert (told["status"], "/files/" in told["output"][0]) == ("success", True)


def test_what_a_bucket_did_not_take_is_told_by_our_own_api(alices: Program, values) -> None:
    post(alices, UPDATE, **{**values, "image_directory": "nowhere"})
    order(alices)
    paint_all()
    send_all()
    task = alices.get(f"/v1/tasks/{Generation.objects.get().pk}").json()
    assert len(task["meta"]["undelivered"]) == 1


def test_a_bucket_that_is_down_for_now_keeps_nobody_waiting(alices: Program, values) -> None:
    with serving(lambda _seen: Says({}, status=503)) as busy:
        post(alices, UPDATE, **{**values, "endpoint_url": busy.url})
        number = order(alices)["id"]
        paint_all()
        send_all()
    assert PictureDelivery.objects.get().state == SendingState.WAITING
    assert fetch(alices, number)["status"] == "success"


def test_base64_links_stay_ours(alices: Program, values) -> None:
    post(alices, UPDATE, **values)
    number = order(alices, base64="yes")["id"]
    paint_all()
    send_all()
    assert fetch(alices, number)["output"][0].endswith(".base64")


def test_the_secret_key_is_no_plain_text_and_never_told(alices: Program, values) -> None:
    told = post(alices, UPDATE, **values)
    order(alices)
    kept = [*Bucket.objects.values(), *PictureDelivery.objects.values(), told]
    assert "sesame" not in str(kept)
    assert Bucket.objects.get().reveal() == "sesame"


def test_a_bucket_that_was_reset_gets_nothing_more(alices: Program, values) -> None:
    post(alices, UPDATE, **values)
    assert post(alices, RESET, deploy_type="flux")["status"] == "success"
    order(alices)
    assert not PictureDelivery.objects.exists()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("endpoint_url", "http://169.254.169.254"),
        ("endpoint_url", "file:///etc"),
        ("endpoint_url", "https://example.org/?x"),
        ("endpoint_url", None),
        ("public_url", "javascript:alert(1)"),
        ("public_url", ""),
        ("image_directory", "../other"),
        ("image_directory", ["x"]),
        ("region_name", "x" * 61),
        ("aws_access_key_id", ""),
        ("aws_secret_access_key", 7),
        ("aws_secret_access_key", "\u00fc" * 400),  # sealed, longer than its column
        ("deploy_type", "toaster"),
    ],
)
def test_a_wrong_setting_is_named_and_nothing_kept(
    name: str, value: object, alices: Program, values
) -> None:
    told = post(alices, UPDATE, **{**values, name: value})
    assert (told["status"], list(told["message"])) == ("error", [name])
    assert not Bucket.objects.exists()


def test_a_key_that_only_generates_changes_no_bucket(alice: User, values) -> None:
    told = post(Program(alice, scopes=["generate"]), UPDATE, **values)
    assert told["status"] == "error"
    assert not Bucket.objects.exists()


class TestWithoutABucket:
    """Pictures last a day, unless their owner wants otherwise."""

    def made(self, program: Program, *, hours: int = 25) -> Asset:
        order(program)
        paint_all()
        ended = timezone.now() - dt.timedelta(hours=hours)
        Generation.objects.update(finished_at=ended)
        return Asset.objects.get()

    def stays(self, asset: Asset) -> bool:
        buckets.clear_away()
        asset.refresh_from_db()
        return asset.deleted_at is None

    def test_they_go_into_the_bin_after_a_day(self, alices: Program) -> None:
        assert not self.stays(self.made(alices))

    def test_their_links_open_nothing_then(self, alices: Program) -> None:
        self.made(alices)
        number = modelslab.number(str(Generation.objects.get().pk))
        [link] = fetch(alices, number)["output"]
        assert Client().get(link.removeprefix("http://127.0.0.1:8000")).status_code == 200
        buckets.clear_away()
        assert Client().get(link.removeprefix("http://127.0.0.1:8000")).status_code == 404

    def test_they_stay_until_then(self, alices: Program) -> None:
        assert self.stays(self.made(alices, hours=23))

    def test_they_stay_for_those_who_chose_that(self, alices: Program, client: Client) -> None:
        client.force_login(alices.user)
        client.post(reverse("keeping"), {"keeps": "yes"})
        assert self.stays(self.made(alices))

    def test_choosing_it_later_saves_those_that_are_left(self, alices: Program) -> None:
        asset = self.made(alices)
        buckets.keep(alices.user, wanted=True)
        assert self.stays(asset)

    def test_what_its_owner_liked_stays(self, alices: Program) -> None:
        asset = self.made(alices)
        Like.objects.create(asset=asset, user=alices.user)
        assert self.stays(asset)

    def test_what_its_owner_tagged_stays(self, alices: Program) -> None:
        asset = self.made(alices)
        asset.tags.add(Tag.objects.create(name="cover"))
        assert self.stays(asset)

    def test_what_its_owner_put_into_a_collection_stays(self, alices: Program) -> None:
        asset = self.made(alices)
        make_collection(alices.user, asset)
        assert self.stays(asset)

    @pytest.mark.parametrize("field", ["name", "description"])
    def test_what_its_owner_wrote_something_to_stays(self, alices: Program, field: str) -> None:
        asset = self.made(alices)
        Asset.objects.update(**{field: "For the cover"})
        assert self.stays(asset)

    def test_what_was_shared_with_somebody_stays(self, alices: Program, bob: User) -> None:
        asset = self.made(alices)
        Share.objects.give(asset, bob, may_edit=False)
        assert self.stays(asset)

    def test_what_was_published_stays(self, alices: Program) -> None:
        asset = self.made(alices)
        asset.set_visibility(Visibility.PUBLIC)
        assert self.stays(asset)

    def test_what_was_brought_back_from_the_bin_may_go_again_only_by_hand(
        self, alices: Program
    ) -> None:
        asset = self.made(alices)
        buckets.clear_away()
        asset.restore()
        assert self.stays(asset)

    def test_an_order_is_cleared_whole_however_much_there_is(
        self, alices: Program, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(buckets, "AT_ONCE", 1)
        order(alices, samples=3)
        paint_all()
        Generation.objects.update(finished_at=timezone.now() - dt.timedelta(hours=25))
        assert buckets.clear_away() == 3

    def test_pictures_of_other_doors_stay(self, alices: Program) -> None:
        alices.submit()
        paint_all()
        Generation.objects.update(finished_at=timezone.now() - dt.timedelta(days=2))
        assert self.stays(Asset.objects.get())

    def test_with_a_bucket_they_stay_in_the_gallery(self, alices: Program, values) -> None:
        post(alices, UPDATE, **values)
        assert self.stays(self.made(alices))


def test_the_page_forgets_the_bucket(alices: Program, values, client: Client) -> None:
    post(alices, UPDATE, **values)
    client.force_login(alices.user)
    page = client.get(reverse("webhooks")).content.decode()
    assert values["public_url"].rstrip("/") in page
    assert "sesame" not in page
    client.post(reverse("bucket_removal"))
    assert not Bucket.objects.get().is_set
