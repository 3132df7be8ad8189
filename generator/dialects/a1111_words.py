"""What the A1111 dialect reads out of texts, and the texts and lists that it answers with."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from generator.catalog import SAMPLERS, samplers
from generator.catalog.styles import STYLES, by_slug
from generator.contract import MAX_LORAS, InvalidRequest, Lora, picture_seed
from generator.dialects import Result

#: `<lora:name:weight>`; what may follow the weight is for parts of a model that nobody here has.
_LORA = re.compile(r"<lora:([^:<>]+)(?::([^:<>]*))?[^<>]*>")
#: A model's title ends in a hash there.
_HASH = re.compile(r" \[[0-9a-f]{8,64}\]\Z")
_STYLES = {style.name: style for style in STYLES if style.slug != "none"}
#: What the web UI fills in for fields that were left out.
_SILENT: Mapping[str, Any] = {
    "prompt": "",
    "negative_prompt": "",
    "styles": [],
    "seed": -1,
    "subseed": -1,
    "subseed_strength": 0,
    "sampler_name": None,
    "scheduler": None,
    "batch_size": 1,
    "n_iter": 1,
    "steps": 50,
    "cfg_scale": 7.0,
    "width": 512,
    "height": 512,
    "denoising_strength": None,
    "enable_hr": False,
    "override_settings": {},
    "send_images": True,
    "save_images": False,
    "alwayson_scripts": {},
}


def checkpoint(title: str) -> str:
    """The name in the title of a model, without the hash behind it."""
    return _HASH.sub("", title.strip())


def dressed(values: Mapping[str, Any], styles: Collection[str]) -> dict[str, Any]:
    """The prompts without the LoRAs in them but with all styles after the first, and those."""
    known = [_STYLES[each] for each in styles if each in _STYLES]
    prompt, loras = _apart(values.get("prompt", ""))
    found = {"prompt": prompt, "negative_prompt": values.get("negative_prompt", "")}
    for style in known[1:]:
        prompts = style.dress(found["prompt"], found["negative_prompt"])
        found = dict(zip(found, prompts, strict=True))
    slug = {"style": known[0].slug} if known else {}
    return {**found, **slug, "loras": loras}


def _apart(prompt: str) -> tuple[str, tuple[Lora, ...]]:
    found = _LORA.findall(prompt)
    if not found:
        return prompt, ()
    if len(found) > MAX_LORAS:
        raise InvalidRequest({"prompt": [f"At most {MAX_LORAS} LoRAs."]})
    try:
        loras = tuple(Lora(model=n.strip(), weight=float(weight or 1)) for n, weight in found)
    except ValueError:
        raise InvalidRequest({"prompt": ["The weight of a LoRA must be a number."]}) from None
    return _LORA.sub("", prompt).strip(), loras


def parameters(result: Result) -> dict[str, Any]:
    """The request as it was sent, with what was left out filled in."""
    return {**_SILENT, **result.wire.get("sent", {})}


def info(result: Result) -> str:
    """Everything about the pictures, as JSON in a text."""
    request, places = result.request, [picture.position for picture in result.pictures]
    seeds = [picture_seed(request.seed, place) for place in places]
    prompt = result.wire.get("sent", {}).get("prompt", request.prompt)
    batch = result.wire.get("sent", {}).get("batch_size", 1)
    said = {
        "prompt": prompt,
        "all_prompts": [prompt] * len(seeds),
        "negative_prompt": request.negative_prompt,
        "all_negative_prompts": [request.negative_prompt] * len(seeds),
        "seed": seeds[0],
        "all_seeds": seeds,
        "subseed": seeds[0],
        "all_subseeds": seeds,
        "subseed_strength": 0,
        "width": request.width,
        "height": request.height,
        "sampler_name": sampler_name(request.sampler),
        "cfg_scale": request.guidance_scale,
        "steps": request.steps,
        "batch_size": batch,
        "restore_faces": False,
        "face_restoration_model": None,
        "sd_model_name": request.model,
        "sd_model_hash": "",
        "sd_vae_name": None,
        "sd_vae_hash": None,
        "seed_resize_from_w": -1,
        "seed_resize_from_h": -1,
        "denoising_strength": request.strength,
        "extra_generation_params": {},
        "index_of_first_image": 0,
        "infotexts": [_infotext(result, prompt, seed) for seed in seeds],
        "styles": [] if request.style == "none" else [by_slug(request.style).name],
        "job_timestamp": f"{result.created_at:%Y%m%d%H%M%S}",
        "clip_skip": request.clip_skip + 1,
        "is_using_inpainting_conditioning": False,
        "version": "",
    }
    return json.dumps(said)


def _infotext(result: Result, prompt: str, seed: int) -> str:
    request = result.request
    unwanted = f"\nNegative prompt: {request.negative_prompt}" if request.negative_prompt else ""
    said = {
        "Steps": request.steps,
        "Sampler": sampler_name(request.sampler),
        "CFG scale": f"{request.guidance_scale:g}",
        "Seed": seed,
        "Size": f"{request.width}x{request.height}",
        "Model": request.model,
    }
    return f"{prompt}{unwanted}\n" + ", ".join(f"{key}: {value}" for key, value in said.items())


def sampler_name(slug: str) -> str:
    """What the web UI calls our sampler."""
    found = samplers.by_slug(slug)
    return found.a1111_names[0] if found.a1111_names else found.name


def progress(result: Result | None, preview: str, elapsed: float) -> dict[str, Any]:
    """How far it is; without a result nothing is painted. `elapsed` is in seconds."""
    if result is None:
        return _progress(0.0, 0.0, _state("", 0, 0, 0, 0), "", None)
    request = result.request
    number, step = divmod(result.step, request.steps)
    # Zero would say that nothing is painted.
    share = min(max(result.step / max(result.steps, 1), 0.01), 0.99)
    state = _state("txt2img", result.count, number, step, request.steps)
    state["job_timestamp"] = f"{result.created_at:%Y%m%d%H%M%S}"
    remaining = elapsed / share - elapsed if result.step else 0.0
    return _progress(share, remaining, state, result.wire.get("task", ""), preview or None)


def _progress(
    share: float, eta: float, state: Mapping[str, Any], task: str, image: str | None
) -> dict[str, Any]:
    return {
        "progress": share,
        "eta_relative": eta,
        "state": state,
        "current_image": image,
        "textinfo": None,
        "current_task": task or None,
    }


def _state(job: str, count: int, number: int, step: int, steps: int) -> dict[str, Any]:
    flags = {"skipped": False, "interrupted": False, "stopping_generation": False}
    return {
        **flags,
        "job": job,
        "job_count": count,
        "job_timestamp": "0",
        "job_no": number,
        "sampling_step": step,
        "sampling_steps": steps,
    }


def sampler_list() -> list[dict[str, Any]]:
    """All that can paint from words."""
    names = [sampler.a1111_names for sampler in SAMPLERS if sampler.a1111_names]
    return [{"name": each[0], "aliases": list(each[1:]), "options": {}} for each in names]


def scheduler_list() -> list[dict[str, Any]]:
    """Those that a sampler of ours may have a variant for."""
    common = {"aliases": None, "default_rho": -1.0, "need_inner_model": False}
    return [
        {"name": "automatic", "label": "Automatic", **common},
        {"name": "karras", "label": "Karras", **common, "default_rho": 7.0},
    ]


def style_list() -> list[dict[str, str]]:
    """Our styles, with the words that they add for engines that read."""
    return [
        {"name": each.name, "prompt": each.words, "negative_prompt": each.unwanted}
        for each in _STYLES.values()
    ]


def model_list(slugs: Sequence[str]) -> list[dict[str, Any]]:
    """Models by their names; their files and hashes are nobody's business."""
    silent = {"hash": None, "sha256": None, "config": None}
    return [{"title": s, "model_name": s, "filename": s, **silent} for s in slugs]


def lora_list(names: Sequence[str]) -> list[dict[str, Any]]:
    """LoRAs that a prompt may name."""
    return [{"name": each, "alias": each, "path": each, "metadata": {}} for each in names]
