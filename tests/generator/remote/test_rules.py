"""What holds for any address, any header and any size."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from generator.catalog.sizes import OPENAI, PICFINDER, Size, nearest
from generator.engines.remote import guard
from generator.engines.remote.patience import LONGEST, retry_after

V4 = st.ip_addresses(v=4)
#: Prefixes under which an IPv4 address may hide, and by how many bits it is shifted.
HIDING = [("::", 0), ("::ffff:0:0", 0), ("64:ff9b::", 0), ("2002::", 80), ("::ffff:0:0:0", 0)]


@pytest.fixture(autouse=True)
def nothing_allowed(settings) -> None:
    settings.OUTBOUND_ALLOW = []


@pytest.mark.parametrize(("prefix", "shift"), HIDING)
@given(inner=V4)
def test_no_address_may_carry_another(prefix, shift, inner):
    whole = int(ipaddress.IPv6Address(prefix)) | int(inner) << shift
    assert not guard.permitted(ipaddress.IPv6Address(whole), 443)


@given(address=st.ip_addresses())
def test_whatever_is_permitted_is_global(address):
    if guard.permitted(address, 443):
        assert address.is_global
        assert not address.is_multicast


@given(value=st.text() | st.floats().map(str) | st.integers().map(str))
@example(value="Mon, 01 Jan 2024 00:00:00 +9999999999999999999")
def test_retry_after_is_a_sane_number_of_seconds(value):
    assert 0 <= retry_after({"retry-after": value}) <= LONGEST


@given(
    width=st.integers(32, 256).map(lambda n: n * 8),
    height=st.integers(32, 256).map(lambda n: n * 8),
    known=st.sampled_from([tuple(PICFINDER.values()), tuple(OPENAI.values())]),
)
def test_the_nearest_size_has_the_shape_that_is_least_unlike(width, height, known):
    def unlike(size: Size) -> float:
        ratio = size.width * height / (size.height * width)
        return max(ratio, 1 / ratio)

    best = min(unlike(size) for size in known)
    assert unlike(nearest(known, width, height)) <= best * 1.001
