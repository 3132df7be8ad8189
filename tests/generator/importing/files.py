"""Picture files as other programs write them."""

from __future__ import annotations

import io
import json
from typing import Any

from PIL import Image, PngImagePlugin

from tests.factories import make_pixels

#: As the web UI writes it, with a comma inside a quoted value.
A1111 = """masterpiece, a lighthouse in a storm,
oil on canvas <lora:waves:0.6>
Negative prompt: blurry, people
Steps: 28, Sampler: DPM++ 2M, Schedule type: Karras, CFG scale: 6.5, Seed: 2841090223, \
Size: 832x1216, Model hash: 6ce0161689, Model: dreamer_v8, Clip skip: 2, \
Lora hashes: "waves: 1c28a4b5, b: 2", Version: v1.10.1"""
INVOKEAI: dict[str, Any] = {
    "app_version": "6.1.0",
    "generation_mode": "sdxl_txt2img",
    "positive_prompt": "a fox in the snow",
    "negative_prompt": "fog",
    "width": 1024,
    "height": 768,
    "seed": 77,
    "cfg_scale": 5.5,
    "steps": 30,
    "scheduler": "euler_a",
    "model": {"key": "k", "name": "Juggernaut XL", "base": "sdxl", "type": "main"},
    "loras": [{"model": {"name": "paper"}, "weight": 0.75}],
}


def comfyui() -> dict[str, Any]:
    """Text to picture with a LoRA, enlarged by a second sampler before it is saved."""
    return {
        "1": _node("CheckpointLoaderSimple", ckpt_name="sdxl\\base_1.0.safetensors"),
        "2": _node("LoraLoader", lora_name="ink.safetensors", strength_model=0.5, model=["1", 0]),
        "3": _node("CLIPTextEncode", text="a castle of glass", clip=["2", 1]),
        "4": _node("CLIPTextEncode", text="cracks", clip=["2", 1]),
        "5": _node("EmptyLatentImage", width=896, height=1152, batch_size=1),
        "6": _sampler(seed=5, steps=25, model=["2", 0], latent_image=["5", 0]),
        "7": _node("LatentUpscale", samples=["6", 0], width=1792, height=2304),
        "8": _sampler(seed=6, steps=10, model=["2", 0], latent_image=["7", 0]),
        "9": _node("VAEDecode", samples=["8", 0], vae=["1", 2]),
        "10": _node("SaveImage", images=["9", 0]),
    }


def png(**texts: str) -> bytes:
    """A PNG with these chunks; what Latin-1 has no signs for goes into an iTXt chunk."""
    info = PngImagePlugin.PngInfo()
    for name, text in texts.items():
        info.add_text(name, text)
    return _written("PNG", pnginfo=info)


def with_comment(kind: str, text: str) -> bytes:
    """A WebP or JPEG with A1111's text where EXIF keeps comments."""
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0x9286] = b"UNICODE\0" + text.encode("utf-16-be")
    return _written(kind, exif=exif)


def comfyui_webp() -> bytes:
    """A WebP with the graph where ComfyUI's writer puts it."""
    exif = Image.Exif()
    exif[0x0110] = "prompt:" + json.dumps(comfyui())
    return _written("WEBP", exif=exif)


def _node(kind: str, **inputs: Any) -> dict[str, Any]:
    return {"class_type": kind, "inputs": inputs}


def _sampler(**inputs: Any) -> dict[str, Any]:
    given = {"positive": ["3", 0], "negative": ["4", 0], "cfg": 8}
    names = {"sampler_name": "dpmpp_2m", "scheduler": "karras"}
    return _node("KSampler", **given, **names, **inputs)


def _written(kind: str, **options: Any) -> bytes:
    buffer = io.BytesIO()
    make_pixels().save(buffer, kind, **options)
    return buffer.getvalue()
