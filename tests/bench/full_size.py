"""Models of the real sizes with random weights: as fast as the trained ones, and as slow.

Sizes from the models' published configurations (stable-diffusion-v1-5 and
stable-diffusion-xl-base-1.0, unet/config.json, vae/config.json, text_encoder*/config.json).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from diffusers import (
    AutoencoderKL,
    PNDMScheduler,
    StableDiffusionPipeline,
    StableDiffusionXLPipeline,
    UNet2DConditionModel,
)
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTextModelWithProjection

from tests.generator.diffusion import tiny

WORDS = 49408
SMALL = {"hidden_size": 768, "intermediate_size": 3072, "num_attention_heads": 12}
LARGE = {"hidden_size": 1280, "intermediate_size": 5120, "num_attention_heads": 20}
XL = {
    "block_out_channels": (320, 640, 1280),
    "down_block_types": ("DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"),
    "up_block_types": ("CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"),
    "transformer_layers_per_block": (1, 2, 10),
    "attention_head_dim": (5, 10, 20),
    "cross_attention_dim": 2048,
    "addition_embed_type": "text_time",
    "addition_time_embed_dim": 256,
    "projection_class_embeddings_input_dim": 2816,
    "use_linear_projection": True,
    "sample_size": 128,
}


def save_sd(folder: Path) -> None:
    """Stable Diffusion 1.5, in half precision: 2 GB."""
    StableDiffusionPipeline(
        unet=UNet2DConditionModel(cross_attention_dim=768, sample_size=64),
        vae=_vae(0.18215),
        text_encoder=CLIPTextModel(_clip(12, SMALL)),
        tokenizer=tiny.clip_tokenizer(folder / "tokenizer"),
        scheduler=_scheduler(),
        safety_checker=None,
        feature_extractor=None,
        requires_safety_checker=False,
    ).to(torch.float16).save_pretrained(folder)


def save_sdxl(folder: Path) -> None:
    """Stable Diffusion XL, in half precision: 7 GB."""
    StableDiffusionXLPipeline(
        unet=UNet2DConditionModel(**XL),
        vae=_vae(0.13025),
        text_encoder=CLIPTextModel(_clip(12, SMALL)),
        text_encoder_2=CLIPTextModelWithProjection(_clip(32, LARGE)),
        tokenizer=tiny.clip_tokenizer(folder / "tokenizer"),
        tokenizer_2=tiny.clip_tokenizer(folder / "tokenizer_2"),
        scheduler=_scheduler(),
    ).to(torch.float16).save_pretrained(folder)


def _vae(scale: float) -> Any:
    return AutoencoderKL(
        block_out_channels=(128, 256, 512, 512),
        layers_per_block=2,
        down_block_types=("DownEncoderBlock2D",) * 4,
        up_block_types=("UpDecoderBlock2D",) * 4,
        sample_size=512,
        scaling_factor=scale,
    )


def _clip(layers: int, size: dict[str, int]) -> Any:
    config = tiny.clip_config().to_dict()
    own = {"vocab_size": WORDS, "num_hidden_layers": layers, **size}
    return CLIPTextConfig(**{**config, **own, "projection_dim": size["hidden_size"]})


def _scheduler() -> Any:
    return PNDMScheduler(**tiny.NOISE, skip_prk_steps=True, steps_offset=1)
