"""Loading pipelines, and keeping those that were used last.

Weights come from safetensors files only and no code from a model's folder runs:
`use_safetensors=True`, no custom pipelines, no `trust_remote_code`.
"""

from __future__ import annotations

import gc
import logging
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import diffusers
import torch
import transformers
from diffusers import (
    AutoPipelineForImage2Image,
    AutoPipelineForText2Image,
    ControlNetModel,
    DiffusionPipeline,
)

from generator.contract import Lora
from generator.engines.diffusion import places
from generator.engines.diffusion.places import BadPlace, Kind, Place
from generator.engines.diffusion.previews import Factors
from generator.engines.diffusion.safety import Checker

logger = logging.getLogger("limner.diffusion")
for library in (diffusers, transformers):
    library.utils.logging.disable_progress_bar()
    library.utils.logging.set_verbosity_error()  # else pages about what we do not use

#: The share of the device's memory that weights may hold while nothing is painted.
WEIGHTS_SHARE = 0.6
#: For a CPU, whose memory others need too.
CPU_WEIGHTS = 8 * 2**30


def best_device(wanted: str = "") -> torch.device:
    """`wanted`, or the fastest that is there."""
    if wanted:
        return torch.device(wanted)
    if torch.cuda.is_available():
        return torch.device("cuda")
    return torch.device("mps" if torch.backends.mps.is_available() else "cpu")


def dtype_for(device: torch.device, kind: Kind) -> torch.dtype:
    """fp32 on a CPU; on a GPU fp16, but bf16 for Flux, whose values overflow fp16."""
    if device.type == "cpu":
        return torch.float32
    return torch.bfloat16 if kind == Kind.FLUX else torch.float16


def weights_budget(device: torch.device) -> int:
    """How many bytes of weights may stay on `device`."""
    if device.type == "cuda":
        return int(torch.cuda.mem_get_info(device)[1] * WEIGHTS_SHARE)
    return CPU_WEIGHTS


@dataclass
class Loaded:
    """A model in memory: its pipelines share one set of weights."""

    base: Any
    kind: Kind
    root: Path
    checker: Checker | None
    controlnets: dict[str, Any] = field(default_factory=dict)
    worn: tuple[Path, ...] = ()
    factors: Factors | None = None

    def __post_init__(self) -> None:
        self.scheduler_config = dict(self.base.scheduler.config)
        self.base.set_progress_bar_config(disable=True)
        if hasattr(self.base.vae, "enable_slicing"):
            # One picture at a time: decoding needs far more memory than a step does.
            self.base.vae.enable_slicing()

    @property
    def size(self) -> int:
        """Bytes of weights."""
        parts = [*self.base.components.values(), *self.controlnets.values()]
        modules = [part for part in parts if isinstance(part, torch.nn.Module)]
        return sum(p.numel() * p.element_size() for m in modules for p in m.parameters())

    def pipeline(self, controls: Sequence[str] = (), *, from_picture: bool) -> Any:
        """The pipeline for a task; `controls` are kinds of ControlNet, in order."""
        auto = AutoPipelineForImage2Image if from_picture else AutoPipelineForText2Image
        if not (controls or from_picture):
            return self.base
        nets = [self._controlnet(control) for control in controls]
        extra = {"controlnet": nets[0] if len(nets) == 1 else nets} if nets else {}
        pipe = auto.from_pipe(self.base, **extra)
        pipe.set_progress_bar_config(disable=True)
        return pipe

    def _controlnet(self, control: str) -> Any:
        if control not in self.controlnets:
            folder = places.controlnet_folder(control, self.kind, self.root)
            net = ControlNetModel.from_pretrained(
                folder, use_safetensors=True, dtype=self.base.dtype
            )
            self.controlnets[control] = net.to(self.base.device)
        return self.controlnets[control]

    def wear(self, loras: Sequence[Lora]) -> None:
        """Put on these adapters and no others; BadPlace when one does not fit."""
        files = tuple(places.lora_file(lora.model, self.root) for lora in loras)
        if files != self.worn:
            self._undress()
            for number, file in enumerate(files):
                self._put_on(file, f"lora{number}")
            self.worn = files
        if files:
            names = [f"lora{number}" for number in range(len(files))]
            self.base.set_adapters(names, [lora.weight for lora in loras])

    def _undress(self) -> None:
        if self.worn:
            self.base.unload_lora_weights()
        self.worn = ()

    def _put_on(self, file: Path, name: str) -> None:
        try:
            self.base.load_lora_weights(
                str(file.parent), weight_name=file.name, adapter_name=name, use_safetensors=True
            )
        except (ValueError, RuntimeError, KeyError, OSError) as error:
            logger.warning("LoRA %s does not load: %s", file.name, error)
            fits = False
        else:
            # diffusers passes over names that it does not know; then nothing was put on.
            fits = any(name in worn for worn in self.base.get_list_adapters().values())
        if not fits:
            self.base.unload_lora_weights()
            raise BadPlace(f"The LoRA {file.stem} does not fit this model.")


class Shelf:
    """The models in memory, the one used last at the end."""

    def __init__(self, root: Path, device: torch.device, budget: int = 0) -> None:
        self.root, self.device = root, device
        self.budget = budget or weights_budget(device)
        self.models: OrderedDict[Place, Loaded] = OrderedDict()

    def get(self, options: Mapping[str, Any]) -> Loaded:
        """The weights that a model's options name, from memory or disk, whatever it is called.

        BadPlace when they cannot be used.
        """
        place = places.place_of(options, self.root)
        if place not in self.models:
            loaded = self._load(place)
            self._make_room(loaded.size)
            loaded.base.to(self.device)
            if loaded.checker:
                loaded.checker.to(self.device)
            self.models[place] = loaded
        self.models.move_to_end(place)
        return self.models[place]

    def forget_others(self, loaded: Loaded) -> bool:
        """Free the memory of all other models; False when there were none."""
        others = [place for place, model in self.models.items() if model is not loaded]
        for place in others:
            del self.models[place]
        free_memory()
        return bool(others)

    def _make_room(self, size: int) -> None:
        while self.models and self.budget < size + sum(m.size for m in self.models.values()):
            place, _model = self.models.popitem(last=False)
            logger.info("put away %s", place)
        free_memory()

    def _load(self, place: Place) -> Loaded:
        folder = place.folder or self._download(place)
        places.check_folder(folder, place.variant)
        kind = places.index_kind(folder / "model_index.json")
        checker = Checker.find(folder, self.root)
        # We run the checker ourselves: the pipelines would blacken what only needs a flag.
        without = {"safety_checker": None, "requires_safety_checker": False}
        try:
            pipe = AutoPipelineForText2Image.from_pretrained(
                folder,
                dtype=dtype_for(self.device, kind),
                variant=place.variant,
                use_safetensors=True,
                local_files_only=True,
                **(without if kind == Kind.SD else {}),
            )
        except (OSError, ValueError) as error:
            raise BadPlace(f"{place} does not load: {first_line(error)}") from None
        return Loaded(pipe, kind, self.root, checker)

    def _download(self, place: Place) -> Path:
        """What the hub has under a name, safetensors only, kept in MODELS_DIR/hub."""
        fetch: Callable[..., str] = DiffusionPipeline.download
        try:
            found = fetch(
                place.hub,
                cache_dir=self.root / "hub",
                variant=place.variant,
                revision=place.revision,
                use_safetensors=True,
            )
        except (OSError, ValueError) as error:
            raise BadPlace(f"{place.hub} cannot be fetched: {first_line(error)}") from None
        return Path(found)


def first_line(error: Exception) -> str:
    """The start of a library's message, which may be pages long."""
    return str(error).strip().partition("\n")[0][:200]


def free_memory() -> None:
    """Give what Python and torch still hold back to the device."""
    gc.collect()
    if torch.cuda.is_available():
        torch.cuda.empty_cache()
    elif torch.backends.mps.is_available():
        torch.mps.empty_cache()
