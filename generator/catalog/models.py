"""Models that requests name, and the one slug under which each is known here.

Sources: PicFinder, Text to image, "Model IDs"; Stubber, Generate Image, "model";
ModelsLab, Enterprise: Text to Image, "model_id" of its example; AIThriving,
Basic Text To Image, which paints with "SD1.6". Which engine serves a slug on
this installation is data in the database. Clients hard-code these names, so
`generator.choosing` lets the default model stand in for those not set up here.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Family(StrEnum):
    """Models of one family share sizes, adapters and ControlNets."""

    SKETCH = "sketch"
    SD15 = "sd-1.5"
    SDXL = "sdxl"
    FLUX = "flux"
    OPENAI = "openai"


@dataclass(frozen=True)
class Model:
    """A model by its canonical `slug`, with the other names it goes by."""

    slug: str
    name: str
    family: Family
    picfinder_id: int | None = None
    aliases: tuple[str, ...] = ()

    @property
    def stands_in_programs(self) -> bool:
        """Whether programs written for another service name it. Sketch is only ours."""
        return self.family != Family.SKETCH


MODELS = (
    Model("sketch", "Sketch", Family.SKETCH),
    Model(
        "sdxl-1.0",
        "SDXL v1.0",
        Family.SDXL,
        picfinder_id=4,
        aliases=("sdxl", "stabilityai/stable-diffusion-xl-base-1.0", "sd_xl_base_1.0"),
    ),
    Model("rev-animated-1.2.2", "rev_animated v1.2.2", Family.SD15, picfinder_id=13),
    Model("absolutereality-1.8.1", "absolutereality v1.8.1", Family.SD15, picfinder_id=18),
    Model("cyberrealistic-3.2", "cyberrealistic v3.2", Family.SD15, picfinder_id=19),
    Model("dreamshaper-7.0", "dreamshaper v7.0", Family.SD15, picfinder_id=20),
    Model("ghostmix-2.0", "ghostmix_v2.0 bakedvae", Family.SD15, picfinder_id=22),
    Model("samaritan-3d-3.0", "samaritan_3d_cartoon v3.0", Family.SD15, picfinder_id=25),
    Model("sd-1.6", "Stable Diffusion 1.6", Family.SD15, aliases=("SD1.6",)),
    Model("flux", "Flux", Family.FLUX, aliases=("flux.1", "black-forest-labs/FLUX.1-schnell")),
    Model("dall-e-3", "DALL-E 3", Family.OPENAI),
    Model("dall-e-2", "DALL-E 2", Family.OPENAI),
    Model("gpt-image-1", "GPT Image 1", Family.OPENAI),
)

STUBBER_DEFAULT = "dall-e-3"
MODELSLAB_DEFAULT = "flux"
AITHRIVING_DEFAULT = "sd-1.6"

_BY_PICFINDER = {str(m.picfinder_id): m for m in MODELS if m.picfinder_id is not None}
_BY_NAME = {
    name.casefold(): model for model in MODELS for name in (model.slug, model.name, *model.aliases)
}


def by_name(name: object) -> Model | None:
    """The model with this slug, name or alias, in any case; None if unknown."""
    return _BY_NAME.get(name.casefold()) if isinstance(name, str) else None


def by_picfinder_id(number: object) -> Model | None:
    """PicFinder's `modelId`, sent as 18 or "18"; None if unknown."""
    if isinstance(number, bool) or not isinstance(number, int | str):
        return None
    return _BY_PICFINDER.get(str(number))
