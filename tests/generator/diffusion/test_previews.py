"""Cheap pictures of what is not finished yet."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from generator.engines import Preview
from tests.generator.diffusion.conftest import ask

pytestmark = [
    pytest.mark.slow,
    pytest.mark.xdist_group("diffusion"),
    pytest.mark.usefixtures("torch"),
]


class Decoder:
    """Paints channel 0 red and channel 1 blue, eight pixels per latent, as bent as tanh."""

    config = SimpleNamespace(latent_channels=4, scaling_factor=0.5, shift_factor=0.25)
    device, dtype = "cpu", None

    def to(self, dtype):
        return self

    def decode(self, latents):
        import torch

        red, blue = latents[:, :1], latents[:, 1:2]
        rgb = torch.tanh(torch.cat([red, 0 * red, blue], dim=1) / 4)
        return SimpleNamespace(sample=torch.nn.functional.interpolate(rgb, scale_factor=8))


def test_the_map_is_fitted_to_the_models_own_decoder(torch):
    from generator.engines.diffusion import previews

    Decoder.dtype = torch.float32
    factors = previews.fit(Decoder())
    latent = torch.zeros(4, 16, 16)
    latent[0, :, :8], latent[1, :, 8:] = 1.5, 1.5
    picture = factors.picture(latent)
    left, right = picture.getpixel((40, 128)), picture.getpixel((216, 128))
    assert left[0] > left[2] + 40
    assert right[2] > right[0] + 40


def test_a_decoder_that_overflows_in_half_precision_is_asked_in_full_and_left_as_it_was(torch):
    from generator.engines.diffusion import previews
    from tests.generator.diffusion import tiny

    vae = tiny.vae().half()
    assert vae.config.force_upcast
    factors = previews.fit(vae)
    assert torch.isfinite(factors.matrix).all()
    assert vae.dtype == torch.float16


@pytest.mark.parametrize("family", ["sd", "sdxl", "sd3", "flux"])
def test_every_family_shows_previews_while_it_paints(engine, monkeypatch, family):
    monkeypatch.setattr("generator.engines.diffusion.passes.PREVIEW_SECONDS", 0.0)
    events = list(engine.generate([ask(model=family, width=320, count=2)]))
    shown = [event for event in events if isinstance(event, Preview)]
    assert {event.position for event in shown} == {0, 1}
    assert all(event.pixels.mode == "RGB" for event in shown)
    assert all(max(event.pixels.size) <= 256 for event in shown)
    assert all(event.pixels.width > event.pixels.height for event in shown)
