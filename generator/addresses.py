"""From a model's row to what its engine is told, in the engine's own words.

The row says where a model is in one `address`: a folder in MODELS_DIR or `hub:org/name` for the
diffusion engine, a URL for the remote one. What only that engine understands stays in `options`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

HUB = "hub:"
#: A row's family -> what the diffusion engine calls the architecture.
KINDS = {"sd1": "sd", "sd2": "sd", "sdxl": "sdxl", "sd3": "sd3", "flux": "flux"}


def told(engine: str, address: str, family: str, options: Any) -> Any:
    """`options` with the address and the family; what is no JSON object comes back as it is."""
    if not isinstance(options, Mapping):
        return options
    match engine:
        case "diffusion":
            return {**options, **_weights(address), **_kind(family)}
        case "remote" if address:
            return {**options, "url": address}
    return dict(options)


def _weights(address: str) -> dict[str, str]:
    if not address:
        return {}
    if address.startswith(HUB):
        return {"hub": address.removeprefix(HUB).strip()}
    return {"path": address}


def _kind(family: str) -> dict[str, str]:
    return {"family": KINDS[family]} if family in KINDS else {}
