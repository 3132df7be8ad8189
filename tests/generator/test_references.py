"""Pictures to work from: whose they may be, and that they stay while they are needed."""

from __future__ import annotations

import datetime as dt

import pytest

from accounts.models import User
from gallery import by_id, uploading
from gallery.models import Upload
from generator import references, submission
from generator.contract import Control, InvalidRequest
from generator.models import Generation
from tests.factories import keep, make_picture, make_upload
from tests.generator.orders import submit

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("field", ["initial_image", "mask"])
def test_ones_own_upload_can_be_worked_from(alice: User, field: str) -> None:
    upload = make_upload(alice)
    assert submit(alice, **{field: str(upload.pk)}).pk


def test_ones_own_upload_can_guide_a_control(alice: User) -> None:
    control = Control(preprocessor="canny", guide=str(make_upload(alice).pk))
    assert submit(alice, controls=(control,)).pk


def test_a_strangers_upload_is_refused_like_one_that_is_not_there(
    alice: User, mallory: User
) -> None:
    told = set()
    for reference in (str(make_upload(alice).pk), "56081677-7057-46a7-8433-7be4c395978a"):
        with pytest.raises(InvalidRequest) as refused:
            submit(mallory, initial_image=reference)
        told.add(str(refused.value))
    assert told == {"initial_image: There is no such picture."}
    assert not Generation.objects.exists()


def test_what_is_worked_from_is_not_cleared_away(alice: User) -> None:
    used, unused = make_upload(alice, seed=1), make_upload(alice, seed=2)
    submit(alice, initial_image=str(used.pk))
    uploading.forget_unused(dt.timedelta(0))
    assert list(Upload.objects.all()) == [used]
    assert unused.pk != used.pk


def test_an_upload_that_went_while_it_was_ordered_is_refused_and_costs_nothing(
    alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = make_upload(alice)
    monkeypatch.setattr(submission, "_check_disk", lambda: uploading.forget(upload))
    with pytest.raises(InvalidRequest, match="There is no such picture"):
        submit(alice, initial_image=str(upload.pk))
    alice.wallet.refresh_from_db()
    assert (alice.wallet.balance, Generation.objects.count()) == (200, 0)


def test_its_pixels_are_found(alice: User) -> None:
    assert references.open_picture(str(make_upload(alice).pk)).size == (96, 64)


def test_only_what_may_be_used_is_shown(alice: User, bob: User) -> None:
    own, public = make_upload(alice), keep(make_picture(bob), public=True)
    hidden = [str(make_upload(bob).pk), str(keep(make_picture(bob)).pk), "x"]
    shown = by_id.show(alice, [str(own.pk), str(public.pk), *hidden])
    assert set(shown) == {str(own.pk), str(public.pk)}
    assert shown[str(own.pk)].thumbnail.endswith("/320.webp")
