"""Where we connect to: nothing inside our own network unless the operator said so.

Names are resolved here and the connection goes to the address that was checked, so a name
that changes its mind in between (rebinding) gains nothing; the peer of the connected socket
is compared once more before a byte is sent. Addresses that carry another address inside
(mapped, 6to4, Teredo, NAT64, ...) are refused as they are: `is_global` is true for some.
"""

from __future__ import annotations

import contextlib
import ipaddress
import re
import socket

import httpx
from django.conf import settings

from generator.engines.remote.faults import Blocked, Unavailable

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

DEFAULT_PORTS = {"http": 80, "https": 443, "ws": 80, "wss": 443}
#: Below 1024 only these.
_WELL_KNOWN = {80, 443}
#: Services above 1024 that speak no HTTP, and some that speak it to administer a machine.
_SERVICES = {
    *(1080, 1433, 1521, 2049, 2181, 2375, 2376, 2379, 2380, 3128, 3306, 3389, 4369),
    *(5432, 5672, 5900, 5984, 6000, 6379, 6443, 6667, 8086, 9042, 9092, 9200, 9300),
    *(10250, 10255, 11211, 15672, 25672, 26379, 27017, 50000),
}
_HOST = re.compile(r"[A-Za-z0-9_-]{1,63}(\.[A-Za-z0-9_-]{1,63})*\.?")
#: IPv6 networks whose addresses hold an IPv4 address, or lead to one.
_EMBEDDING = tuple(
    ipaddress.IPv6Network(network)
    for network in (
        "::/96",  # IPv4-compatible, loopback, unspecified
        "::ffff:0:0/96",  # mapped
        "::ffff:0:0:0/96",  # translated
        "64:ff9b::/96",  # NAT64
        "64:ff9b:1::/48",  # NAT64, local
        "2001::/32",  # Teredo
        "2002::/16",  # 6to4
    )
)


def check_url(url: str, schemes: tuple[str, ...] = ("http", "https")) -> httpx.URL:
    """`url`, parsed; Blocked when its form alone tells that we will not go there."""
    try:
        parts = httpx.URL(url)
        host = parts.host
        port = DEFAULT_PORTS.get(parts.scheme, 0) if parts.port is None else parts.port
    except (httpx.InvalidURL, ValueError, TypeError):
        raise Blocked from None
    if parts.scheme not in schemes or parts.userinfo or not _is_host(host):
        raise Blocked
    if not 0 < port <= 0xFFFF:
        raise Blocked
    literal = _literal(host)
    if literal and not permitted(literal, port):
        raise Blocked
    return parts


def permitted(address: Address, port: int) -> bool:
    """Whether we may connect: a public address on a sane port, or what the operator allows."""
    if any(address in network for network in settings.OUTBOUND_ALLOW):
        return True
    return _is_public(address) and _is_sane(port)


def resolve(host: str, port: int) -> list[str]:
    """The addresses of `host`. Blocked when any of them is not permitted."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise Unavailable("The address could not be found.", unasked=True) from None
    texts = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    for text in texts:
        address = _literal(text)
        if address is None or not permitted(address, port):
            raise Blocked
    return texts


def check_peer(peer: tuple[str, int]) -> None:
    """Blocked unless the other end of a connected socket is one we may talk to."""
    address = _literal(peer[0])
    if address is None or not permitted(address, peer[1]):
        raise Blocked


def connect(host: str, port: int, timeout: float) -> socket.socket:
    """A socket connected to `host`, for what is no HTTP client. Blocked or Unavailable."""
    for address in resolve(host, port):
        with contextlib.suppress(OSError):
            connection = socket.create_connection((address, port), timeout)
            try:
                check_peer(connection.getpeername())
            except BaseException:
                connection.close()
                raise
            return connection
    raise Unavailable("The address could not be reached.", unasked=True)


def _is_host(host: str) -> bool:
    return bool(_literal(host) or _HOST.fullmatch(host))


def _literal(text: str) -> Address | None:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None


def _is_public(address: Address) -> bool:
    if isinstance(address, ipaddress.IPv6Address):
        if address.scope_id or any(address in network for network in _EMBEDDING):
            return False
        if int(address) >> 32 & 0xFFFFFFFF in {0x00005EFE, 0x02005EFE}:  # ISATAP
            return False
    return address.is_global and not (address.is_multicast or address.is_reserved)


def _is_sane(port: int) -> bool:
    return port in _WELL_KNOWN or (1024 <= port <= 65535 and port not in _SERVICES)
