"""Where weights lie, and that no name can lead out of the models folder.

Below the models folder (`MODELS_DIR`):

    <path>/                         a model in diffusers' format (`model_index.json`)
    loras/<name>.safetensors        a LoRA by its name
    loras/civitai/<id>@<version>.safetensors       one by its AIR id
    controlnets/<family>/<control>/ a ControlNet, for example controlnets/sd/canny
    preprocessors/<name>/           what reads a guide, for example depth_midas
    safety-checker/                 for models that come without one
    hub/                            what was fetched from the Hugging Face hub

Pure file names and JSON: neither torch nor diffusers is needed here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

#: One part of a name: no separators, no leading dot, so neither "..", nor "~", nor "C:".
_PART = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.@+ -]{0,120}")
_HUB = re.compile(r"[A-Za-z0-9][\w.-]{0,95}/[A-Za-z0-9][\w.-]{0,95}")
#: AIR: urn:air:{ecosystem}:{type}:{source}:{id}@{version}, of which clients send the end.
#: Source: https://github.com/civitai/civitai/wiki/AIR-%E2%80%90-Uniform-Resource-Names-for-AI
_AIR = re.compile(r"(?:urn:)?(?:air:)?(?:[\w-]+:){0,2}([a-z]+):(\d+)(?:@(\d+))?", re.IGNORECASE)
#: Parts of a pipeline that have weights of their own.
WEIGHED = {"unet", "transformer", "vae", "text_encoder", "text_encoder_2", "text_encoder_3"}
#: diffusion_pytorch_model.fp16.safetensors, model.fp16-00001-of-00002.safetensors
_VARIANT = re.compile(r"\.(fp16|bf16|fp32|non_ema)[.-]")
PICKLED = (".ckpt", ".bin", ".pt", ".pth", ".pkl")


class Kind(StrEnum):
    """The architectures that are served; `family` in a model's options."""

    SD = "sd"  # 1.x and 2.x
    SDXL = "sdxl"
    SD3 = "sd3"
    FLUX = "flux"


#: `_class_name` in model_index.json -> kind.
CLASSES = {
    "StableDiffusionPipeline": Kind.SD,
    "StableDiffusionXLPipeline": Kind.SDXL,
    "StableDiffusion3Pipeline": Kind.SD3,
    "FluxPipeline": Kind.FLUX,
}


class BadPlace(ValueError):
    """Weights that cannot be used. The message is one line for people."""


@dataclass(frozen=True)
class Place:
    """A folder on this machine, or `hub` ("org/name") when the folder is None."""

    folder: Path | None
    hub: str = ""
    variant: str | None = None
    revision: str | None = None

    def __str__(self) -> str:
        return self.folder.name if self.folder else self.hub


def inside(root: Path, name: str) -> Path:
    """`name` below `root`; BadPlace for whatever would lead elsewhere, links included."""
    parts = name.split("/")
    if not all(_PART.fullmatch(part) and part.strip(". ") for part in parts):
        raise BadPlace(f"“{name[:80]}” is no name of something in the models folder.")
    path = root.joinpath(*parts)
    if not path.resolve().is_relative_to(root.resolve()):
        raise BadPlace(f"“{name[:80]}” leads out of the models folder.")
    return path


def place_of(options: Mapping[str, Any], root: Path) -> Place:
    """Where a model's weights are: {"path": …} or {"hub": …}, with "variant" and "revision"."""
    _check_object(options)
    variant, revision = (_part_of_path(options, name) for name in ("variant", "revision"))
    path, hub = _text(options, "path"), _text(options, "hub")
    if bool(path) == bool(hub):
        raise BadPlace("Set the address: a folder in MODELS_DIR, or hub:org/name.")
    if path.lower().endswith((*PICKLED, ".safetensors")):
        raise BadPlace(
            f"{path} is a single file; convert it to a folder in diffusers' format "
            "(safetensors): pickled weights are never opened."
        )
    if path:
        return Place(inside(root, path), variant=variant, revision=revision)
    if not _HUB.fullmatch(hub):
        raise BadPlace(f"“{hub[:80]}” is no model on the hub: write it like org/name.")
    return Place(None, hub, variant, revision)


def _check_object(options: Any) -> None:
    if not isinstance(options, Mapping):
        raise BadPlace("The options must be a JSON object.")


def _text(options: Mapping[str, Any], name: str) -> str:
    value = options.get(name) or ""
    if not isinstance(value, str):
        raise BadPlace(f'"{name}" in its options must be text.')
    return value


def _part_of_path(options: Mapping[str, Any], name: str) -> str | None:
    """A text that becomes part of a file's name, and must not lead elsewhere either."""
    text = _text(options, name)
    if text and not all(_PART.fullmatch(part) for part in text.split("/")):
        raise BadPlace(f'"{name}" in its options cannot be “{text[:80]}”.')
    return text or None


def check_folder(folder: Path, variant: str | None = None) -> None:
    """BadPlace unless `folder` is a whole pipeline whose weights are all safetensors."""
    index = folder / "model_index.json"
    if not index.is_file():
        raise BadPlace(f"There is no model in MODELS_DIR/{folder.name} (no model_index.json).")
    for part in sorted(path for path in folder.iterdir() if path.is_dir()):
        check_weights(part)
    for name in sorted(WEIGHED.intersection(_parts(index))):
        _check_part(folder / name, variant)


def _parts(index: Path) -> set[str]:
    """The parts that a model_index.json lists; none when it cannot be read."""
    try:
        parts = json.loads(index.read_text())
    except ValueError:
        return set()
    if not isinstance(parts, dict):
        return set()
    return {name for name, part in parts.items() if isinstance(part, list) and all(part)}


def _check_part(folder: Path, variant: str | None) -> None:
    """BadPlace when a part has no weights, or none of the variant that will be looked for."""
    where = f"{folder.parent.name}/{folder.name}"
    names = [path.name for path in folder.glob("*.safetensors")] if folder.is_dir() else []
    if not names:
        raise BadPlace(f"{where} holds no weights (*.safetensors); copy the whole model.")
    variants = {match[1] for name in names if (match := _VARIANT.search(name))}
    if not variant and len(variants) == 1 and all(_VARIANT.search(name) for name in names):
        only = variants.pop()
        raise BadPlace(f"{where} holds the variant {only} only; set the variant to {only}.")


def check_weights(folder: Path) -> None:
    """BadPlace when `folder` has weights, and they are pickled only."""
    files = {path.suffix.lower() for path in folder.iterdir() if path.is_file()}
    if files.intersection(PICKLED) and ".safetensors" not in files:
        raise BadPlace(
            f"{folder.parent.name}/{folder.name} holds pickled weights only; "
            "convert them to safetensors: nothing is unpickled here."
        )


def kind_of(options: Mapping[str, Any], root: Path) -> Kind | None:
    """The architecture: "family" in the options, or what the folder says; None when unknown.

    BadPlace when the two differ.
    """
    _check_object(options)
    family = _text(options, "family")
    if family and family not in set(Kind):
        raise BadPlace(f'"family" must be one of {", ".join(Kind)}.')
    found = _kind_in_folder(options, root)
    if family and found and found != family:
        raise BadPlace(f"This folder holds {found} weights; set the family to that, or to other.")
    return Kind(family) if family else found


def _kind_in_folder(options: Mapping[str, Any], root: Path) -> Kind | None:
    if _text(options, "family") and not _text(options, "path"):
        return None
    place = place_of(options, root)
    index = place.folder / "model_index.json" if place.folder else None
    return index_kind(index) if index and index.is_file() else None


def index_kind(index: Path) -> Kind:
    """The kind that a model_index.json names; BadPlace for one that we do not serve."""
    try:
        name = json.loads(index.read_text())["_class_name"]
    except (ValueError, KeyError, TypeError):
        raise BadPlace(f"{index.parent.name}/model_index.json cannot be read.") from None
    if not isinstance(name, str) or name not in CLASSES:
        known = ", ".join(CLASSES)
        raise BadPlace(f"{index.parent.name} is a {name}; served are: {known}.")
    return CLASSES[name]


def lora_file(name: str, root: Path) -> Path:
    """The safetensors file of a LoRA, by name or AIR id; BadPlace says where to put it."""
    folder = root / "loras"
    air = _AIR.fullmatch(name)
    if air:
        return _air_file(folder, air[1].lower(), air[2], air[3])
    if name.lower().endswith(PICKLED):
        raise BadPlace(f"“{name[:80]}” is pickled; only safetensors files are opened.")
    path = inside(folder, name.removesuffix(".safetensors") + ".safetensors")
    if not path.is_file():
        raise BadPlace(f"There is no LoRA “{name[:80]}” here (loras/{path.name}).")
    return path


def _air_file(folder: Path, source: str, number: str, version: str | None) -> Path:
    if version:
        path = inside(folder, f"{source}/{number}@{version}.safetensors")
        found = [path] if path.is_file() else []
    else:
        versions = [
            inside(folder, f"{source}/{path.name}")
            for path in (folder / source).glob(f"{number}@*.safetensors")
        ]
        found = sorted(versions, key=_version)
    if not found:
        wanted = f"loras/{source}/{number}@{version or '…'}.safetensors"
        raise BadPlace(f"The LoRA {source}:{number} is not here ({wanted}).")
    return found[-1]


def _version(path: Path) -> int:
    text = path.stem.rpartition("@")[2]
    return int(text) if text.isdigit() else -1


def controlnet_folder(control: str, kind: Kind, root: Path) -> Path:
    """The folder of a ControlNet; BadPlace says where to put it."""
    path = inside(root, f"controlnets/{kind}/{control}")
    if not (path / "config.json").is_file():
        raise BadPlace(f"There is no ControlNet “{control}” here (controlnets/{kind}/{control}).")
    check_weights(path)
    return path


def preprocessor_folder(slug: str, root: Path) -> Path:
    """The folder of a model that reads guides; BadPlace says where to put it."""
    path = inside(root, f"preprocessors/{slug}")
    if not (path / "config.json").is_file():
        raise BadPlace(f"The preprocessor {slug} is not installed here (preprocessors/{slug}).")
    check_weights(path)
    return path
