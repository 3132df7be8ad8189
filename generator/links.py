"""Pictures that a request names by a link: fetched through the guard, and kept as uploads."""

from __future__ import annotations

from accounts.models import User
from gallery import uploading
from gallery.imaging import UnsafePicture
from gallery.models import Upload
from generator.contract import InvalidRequest
from generator.engines.remote.client import Client, Limits
from generator.engines.remote.faults import Fault

#: Somebody waits for the answer: less patience than with a provider.
LIMITS = Limits(
    connect=5.0, read=15.0, total=20.0, download=20.0, picture_bytes=uploading.MAX_BYTES, tries=2
)


def is_link(reference: str) -> bool:
    """Whether it is a link rather than an id."""
    return reference[:8].lower().startswith(("http://", "https://"))


def take(owner: User, url: str, *, field: str) -> Upload:
    """The picture at `url`, kept for `owner`; `InvalidRequest` on `field` where there is none.

    Raises one of `uploading.DECLINED` where there is no room for it.
    """
    try:
        with Client("The address", LIMITS) as client:
            data = client.fetch(url)
        return uploading.take(owner, data, kind="png")
    except (Fault, UnsafePicture) as error:
        raise InvalidRequest({field: [str(error)]}) from None
