"""Cheap pictures of an unfinished latent: a linear map from its channels to RGB.

The map is not a table: it is fitted, once per model, to the model's own decoder,
by decoding a few smooth random latents and solving least squares for the mean
colour of what each latent pixel became. So it suits every family and every
exchanged decoder, costs four tiny decodings, and cannot go stale.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from PIL import Image

#: Latents for the fit: how many, their side, and the side of the noise they are enlarged from.
SAMPLES, SIDE, GRAIN = 4, 16, 4
MOST = 256  # longer side of a preview, pixels


@dataclass(frozen=True)
class Factors:
    """`rgb = latent @ matrix + bias`, in -1..1, for latents as the pipeline holds them."""

    matrix: torch.Tensor  # channels x 3
    bias: torch.Tensor  # 3

    def picture(self, latent: torch.Tensor) -> Image.Image:
        """One latent (channels, height, width) as a small RGB picture."""
        channels = latent.detach().float().cpu().permute(1, 2, 0)
        rgb = (channels @ self.matrix + self.bias).clamp(-1, 1)
        pixels = ((rgb + 1) * 127.5).to(torch.uint8).numpy()
        image = Image.fromarray(pixels, "RGB")
        scale = max(1, MOST // max(image.size))
        size = (image.width * scale, image.height * scale)
        return image.resize(size, Image.Resampling.BICUBIC)


@torch.no_grad()
def fit(vae: Any) -> Factors:
    """The map that comes closest to what `vae` decodes."""
    channels = vae.config.latent_channels
    noise = torch.randn(
        (SAMPLES, channels, GRAIN, GRAIN), generator=torch.Generator().manual_seed(0)
    )
    latents = torch.nn.functional.interpolate(noise * 1.5, size=(SIDE, SIDE), mode="bilinear")
    decoded = _decoded(vae, raw(vae, latents))
    colors = torch.nn.functional.adaptive_avg_pool2d(decoded, (SIDE, SIDE))
    inputs = latents.permute(0, 2, 3, 1).reshape(-1, channels)
    inputs = torch.cat([inputs, torch.ones(len(inputs), 1)], dim=1)
    targets = colors.permute(0, 2, 3, 1).reshape(-1, 3)
    solution = torch.linalg.lstsq(inputs, targets).solution
    return Factors(solution[:-1], solution[-1])


def _decoded(vae: Any, latents: torch.Tensor) -> torch.Tensor:
    """Decoded with care: some decoders overflow in half precision, and say so."""
    usual = vae.dtype
    careful = torch.float32 if getattr(vae.config, "force_upcast", False) else usual
    try:
        return vae.to(careful).decode(latents.to(vae.device, careful)).sample.float().cpu()
    finally:
        vae.to(usual)


def raw(vae: Any, latents: torch.Tensor) -> torch.Tensor:
    """Latents as the decoder wants them: pipelines hold them scaled."""
    shift = getattr(vae.config, "shift_factor", None) or 0.0
    return latents / vae.config.scaling_factor + shift
