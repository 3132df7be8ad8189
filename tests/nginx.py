"""deploy/nginx.conf as it is shipped, with the names of a test instead of the operator's."""

from __future__ import annotations

from pathlib import Path

SHIPPED = Path(__file__).parents[1] / "deploy" / "nginx.conf"
_CERTIFICATES = "/etc/letsencrypt/live/limner.example.org"


def site(upstream: str, media: Path, certificate: tuple[Path, Path], secret: str) -> str:
    """For `services.nginx`: in front of `upstream` ("host:port"), by TLS."""
    chain, key = certificate
    instead = {
        "127.0.0.1:8000": upstream,
        "listen 80;": "listen 127.0.0.2:PORT;",
        "listen [::]:80;": "",
        "listen 443 ": "listen 127.0.0.1:PORT ",
        "listen [::]:443 ssl http2;": "",
        f"{_CERTIFICATES}/fullchain.pem": str(chain),
        f"{_CERTIFICATES}/privkey.pem": str(key),
        "/var/lib/limner/media/": f"{media}/",
        'set $limner_secret "";': f'set $limner_secret "{secret}";',
    }
    text = SHIPPED.read_text()
    for shipped, other in instead.items():
        assert shipped in text, shipped
        text = text.replace(shipped, other)
    return text
