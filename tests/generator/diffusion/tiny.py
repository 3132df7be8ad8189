"""Pipelines small enough to run in a test: real classes, random weights, nothing downloaded.

Import this from fixtures only: it needs torch.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import torch
from diffusers import (
    AutoencoderKL,
    ControlNetModel,
    FlowMatchEulerDiscreteScheduler,
    FluxPipeline,
    FluxTransformer2DModel,
    PNDMScheduler,
    SD3Transformer2DModel,
    StableDiffusion3Pipeline,
    StableDiffusionPipeline,
    StableDiffusionXLPipeline,
    UNet2DConditionModel,
)
from diffusers.pipelines.stable_diffusion import StableDiffusionSafetyChecker
from safetensors.torch import save_file
from transformers import (
    CLIPConfig,
    CLIPImageProcessor,
    CLIPTextConfig,
    CLIPTextModel,
    CLIPTextModelWithProjection,
    CLIPTokenizer,
    T5Config,
    T5EncoderModel,
)

WIDTH = 32  # of everything that has a width
BLOCKS = 4  # of the decoder: eight pixels per latent, as in the real ones
NOISE = {"beta_start": 0.00085, "beta_end": 0.012, "beta_schedule": "scaled_linear"}


def vae(channels: int = 4) -> AutoencoderKL:
    torch.manual_seed(1)
    return AutoencoderKL(
        block_out_channels=(8,) * BLOCKS,
        norm_num_groups=4,
        latent_channels=channels,
        down_block_types=("DownEncoderBlock2D",) * BLOCKS,
        up_block_types=("UpDecoderBlock2D",) * BLOCKS,
        layers_per_block=1,
        sample_size=256,
        mid_block_add_attention=False,
        **({"shift_factor": 0.1, "scaling_factor": 0.36} if channels == 16 else {}),
    )


def clip_config(**more: Any) -> CLIPTextConfig:
    return CLIPTextConfig(
        hidden_size=WIDTH,
        intermediate_size=WIDTH,
        num_attention_heads=4,
        num_hidden_layers=4,
        vocab_size=len(_VOCABULARY),
        bos_token_id=_VOCABULARY["<|startoftext|>"],
        eos_token_id=_VOCABULARY["<|endoftext|>"],
        pad_token_id=_VOCABULARY["<|endoftext|>"],
        projection_dim=WIDTH,
        **more,
    )


def _letters() -> dict[str, int]:
    """One token per letter, alone or at the end of a word: enough of a vocabulary."""
    letters = [chr(code) for code in range(33, 127)]
    names = [*letters, *(letter + "</w>" for letter in letters)]
    return {name: n for n, name in enumerate([*names, "<|startoftext|>", "<|endoftext|>"])}


_VOCABULARY = _letters()


def clip_tokenizer(folder: Path) -> CLIPTokenizer:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "vocab.json").write_text(json.dumps(_VOCABULARY))
    (folder / "merges.txt").write_text("#version: 0.2\n")
    return CLIPTokenizer(
        str(folder / "vocab.json"), str(folder / "merges.txt"), model_max_length=77
    )


def t5(width: int = WIDTH) -> tuple[T5EncoderModel, Any]:
    from tokenizers import Tokenizer, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast

    vocabulary = {"<pad>": 0, "</s>": 1, "<unk>": 2}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    torch.manual_seed(4)
    config = T5Config(vocab_size=8, d_model=width, d_ff=WIDTH, d_kv=8, num_heads=4, num_layers=1)
    fast = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, pad_token="<pad>", eos_token="</s>", unk_token="<unk>"
    )
    return T5EncoderModel(config), fast


def unet(**more: Any) -> UNet2DConditionModel:
    torch.manual_seed(2)
    return UNet2DConditionModel(
        block_out_channels=(8, 16),
        norm_num_groups=4,
        layers_per_block=1,
        sample_size=32,
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"),
        attention_head_dim=4,
        **{"cross_attention_dim": WIDTH, **more},
    )


def save_sd(folder: Path) -> None:
    """Stable Diffusion 1.x."""
    torch.manual_seed(3)
    StableDiffusionPipeline(
        unet=unet(),
        vae=vae(),
        text_encoder=CLIPTextModel(clip_config()),
        tokenizer=clip_tokenizer(folder / "tokenizer"),
        scheduler=PNDMScheduler(**NOISE, skip_prk_steps=True, steps_offset=1),
        safety_checker=None,
        feature_extractor=None,
        requires_safety_checker=False,
    ).save_pretrained(folder)


def save_sdxl(folder: Path) -> None:
    """Stable Diffusion XL, with its two encoders."""
    torch.manual_seed(3)
    second = CLIPTextModelWithProjection(clip_config())
    StableDiffusionXLPipeline(
        unet=unet(
            cross_attention_dim=2 * WIDTH,
            addition_embed_type="text_time",
            addition_time_embed_dim=8,
            projection_class_embeddings_input_dim=WIDTH + 6 * 8,
            transformer_layers_per_block=(1, 1),
        ),
        vae=vae(),
        text_encoder=CLIPTextModel(clip_config()),
        text_encoder_2=second,
        tokenizer=clip_tokenizer(folder / "tokenizer"),
        tokenizer_2=clip_tokenizer(folder / "tokenizer_2"),
        scheduler=PNDMScheduler(**NOISE, skip_prk_steps=True, steps_offset=1),
    ).save_pretrained(folder)


def save_sd3(folder: Path) -> None:
    """Stable Diffusion 3: two CLIP encoders and a T5."""
    torch.manual_seed(3)
    first, second = (CLIPTextModelWithProjection(clip_config()) for _ in range(2))
    encoder, tokenizer = t5(2 * WIDTH)
    StableDiffusion3Pipeline(
        transformer=SD3Transformer2DModel(
            sample_size=32,
            patch_size=2,
            in_channels=16,
            num_layers=1,
            attention_head_dim=8,
            num_attention_heads=4,
            joint_attention_dim=2 * WIDTH,
            caption_projection_dim=32,
            pooled_projection_dim=2 * WIDTH,
            out_channels=16,
            pos_embed_max_size=64,
        ),
        scheduler=FlowMatchEulerDiscreteScheduler(),
        vae=vae(16),
        text_encoder=first,
        tokenizer=clip_tokenizer(folder / "tokenizer"),
        text_encoder_2=second,
        tokenizer_2=clip_tokenizer(folder / "tokenizer_2"),
        text_encoder_3=encoder,
        tokenizer_3=tokenizer,
    ).save_pretrained(folder)


def save_flux(folder: Path) -> None:
    """Flux: a CLIP encoder, a T5, and latents cut into patches."""
    torch.manual_seed(3)
    encoder, tokenizer = t5()
    FluxPipeline(
        transformer=FluxTransformer2DModel(
            patch_size=1,
            in_channels=64,
            num_layers=1,
            num_single_layers=1,
            attention_head_dim=16,
            num_attention_heads=2,
            joint_attention_dim=WIDTH,
            pooled_projection_dim=WIDTH,
            axes_dims_rope=(4, 4, 8),
        ),
        scheduler=FlowMatchEulerDiscreteScheduler(use_dynamic_shifting=True),
        vae=vae(16),
        text_encoder=CLIPTextModel(clip_config()),
        tokenizer=clip_tokenizer(folder / "tokenizer"),
        text_encoder_2=encoder,
        tokenizer_2=tokenizer,
    ).save_pretrained(folder)


SAVERS = {"sd": save_sd, "sdxl": save_sdxl, "sd3": save_sd3, "flux": save_flux}


def save_controlnet(folder: Path, kind: str = "sd") -> None:
    """A ControlNet whose last layers are random: fresh ones are zero and do nothing."""
    net = ControlNetModel.from_unet(unet(), conditioning_embedding_out_channels=(4, 8, 8, 8))
    torch.manual_seed(5)
    for parameter in net.parameters():
        torch.nn.init.normal_(parameter, std=0.2)
    net.save_pretrained(folder)


def save_lora(file: Path, seed: int) -> None:
    """A LoRA for the attention of the tiny UNet, in diffusers' own naming."""
    from diffusers.utils import convert_state_dict_to_diffusers
    from peft import LoraConfig, get_peft_model_state_dict

    model = unet()
    model.add_adapter(LoraConfig(r=2, target_modules=["to_q", "to_k", "to_v", "to_out.0"]))
    state = convert_state_dict_to_diffusers(get_peft_model_state_dict(model))
    draw = torch.Generator().manual_seed(seed)
    tensors = {
        f"unet.{name}": torch.randn(value.shape, generator=draw) for name, value in state.items()
    }
    file.parent.mkdir(parents=True, exist_ok=True)
    save_file(tensors, str(file))


def save_checker(folder: Path, *, alarmed: bool) -> None:
    """A safety checker that finds everything sensitive, or nothing."""
    torch.manual_seed(6)
    small = {"hidden_size": 16, "intermediate_size": 16, "num_attention_heads": 2}
    config = CLIPConfig(
        text_config=small,
        vision_config={**small, "image_size": 32, "patch_size": 16, "num_hidden_layers": 1},
        projection_dim=8,
    )
    checker = StableDiffusionSafetyChecker(config)
    threshold = -2.0 if alarmed else 2.0  # cosines lie between
    checker.concept_embeds_weights.data.fill_(threshold)
    checker.special_care_embeds_weights.data.fill_(threshold)
    checker.save_pretrained(folder)
    size = {"height": 32, "width": 32}
    CLIPImageProcessor(size={"shortest_edge": 32}, crop_size=size).save_pretrained(folder)
