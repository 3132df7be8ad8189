"""One forward pass: the pipeline's arguments, its callbacks, its pictures."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import diffusers
import torch
from PIL import Image, ImageOps

from generator.catalog import preprocessors, samplers
from generator.contract import ControlMode, GeneratedImage, ImageRequest, Safety
from generator.engines import Event, Preview, Step
from generator.engines.diffusion import guides, previews, prompts, schedulers
from generator.engines.diffusion.bridge import Emit
from generator.engines.diffusion.engine import ENGINE_VERSION
from generator.engines.diffusion.loading import Loaded
from generator.engines.diffusion.places import Kind
from generator.engines.diffusion.prompts import Wording
from generator.engines.diffusion.refusals import CLIP

if TYPE_CHECKING:
    from generator.engines.diffusion.painting import Item

#: How often the unfinished pictures are shown, in seconds.
PREVIEW_SECONDS = 0.7
#: How much of an initial picture is painted over when the request does not say.
STRENGTH = 0.75
#: Transformers cut latents into patches of two: sides are multiples of this.
PATCH = 16
ADJUSTED = "painted at {}x{} and cropped"
NO_NEGATIVE = "this model takes no negative prompt; it was left out"
NO_WEIGHTS = "this model knows no emphasis; it was left out"


class Pass:
    """Several pictures with everything in common but prompt, seed and initial picture."""

    def __init__(self, items: Sequence[Item], loaded: Loaded, emit: Emit[Event]) -> None:
        self.items, self.loaded, self.emit = items, loaded, emit
        self.request: ImageRequest = items[0].request
        self.wordings = [Wording.of(item.request) for item in items]
        self.width, self.height = (self._side(n) for n in (self.request.width, self.request.height))
        self.pipe = self._pipeline()
        self.shown = time.monotonic()

    def images(self) -> Iterator[GeneratedImage]:
        """Run it; one finished picture per item, in order."""
        pictures = self.pipe(**self._arguments()).images
        for item, wording, picture in zip(self.items, self.wordings, pictures, strict=True):
            yield self._finished(item, wording, picture)

    def _side(self, pixels: int) -> int:
        if self.loaded.kind in CLIP:
            return pixels
        return -(-pixels // PATCH) * PATCH

    def _pipeline(self) -> Any:
        names = [preprocessors.by_picfinder_name(c.preprocessor) for c in self.request.controls]
        from_picture = self.items[0].initial is not None
        pipe = self.loaded.pipeline([p.control for p in names], from_picture=from_picture)
        sampler = samplers.by_slug(self.request.sampler)
        pipe.scheduler = schedulers.make(sampler, self.loaded.kind, self.loaded.scheduler_config)
        return pipe

    def _arguments(self) -> dict[str, Any]:
        request = self.request
        # Generators on the CPU give the same noise on every device.
        generators = [torch.Generator().manual_seed(item.request.seed) for item in self.items]
        arguments: dict[str, Any] = {
            **prompts.conditioning(self.pipe, self.loaded.kind, self.wordings, request),
            "num_inference_steps": request.steps,
            "guidance_scale": request.guidance_scale,
            "generator": generators,
            "callback_on_step_end": self._after_step,
        }
        if not (self.loaded.kind in CLIP and self.items[0].initial):
            arguments |= {"width": self.width, "height": self.height}
        if self.items[0].initial:
            arguments |= self._from_picture()
        if request.controls:
            arguments |= self._controlled()
        return arguments

    def _from_picture(self) -> dict[str, Any]:
        size = (self.width, self.height)
        pictures = [
            ImageOps.fit(item.initial.convert("RGB"), size, Image.Resampling.LANCZOS)
            for item in self.items
            if item.initial
        ]
        wanted = STRENGTH if self.request.strength is None else self.request.strength
        # At least one step, or diffusers has nothing to do and says so by an error.
        return {"image": pictures, "strength": max(wanted, 1 / self.request.steps)}

    def _controlled(self) -> dict[str, Any]:
        controls = self.request.controls
        size = (self.width, self.height)
        root = self.loaded.root
        read = [
            guides.read(control.preprocessor, guide, size, root)
            for control, guide in zip(controls, self.items[0].guides, strict=True)
        ]
        values: dict[str, list[Any]] = {
            "controlnet_conditioning_scale": [control.weight for control in controls],
            "control_guidance_start": [control.start for control in controls],
            "control_guidance_end": [control.end for control in controls],
            "control_image" if self.items[0].initial else "image": read,
        }
        single = {n: value[0] for n, value in values.items()} if len(read) == 1 else values
        # diffusers knows one mode for all: following the guides more than the prompt.
        follow = any(control.mode == ControlMode.CONTROLNET for control in controls)
        return {**single, "guess_mode": follow}

    def _after_step(self, pipe: Any, step: int, _time: Any, tensors: dict[str, Any]) -> Any:
        self._report((step + 1) / max(1, pipe.num_timesteps))
        if time.monotonic() - self.shown >= PREVIEW_SECONDS:
            self._show(pipe, tensors["latents"])
            self.shown = time.monotonic()
        return {}

    def _report(self, done: float) -> None:
        """A job's pictures advance together: told as if one came after another."""
        steps = self.request.steps
        first: dict[int, int] = {}
        for item in self.items:
            first.setdefault(item.job, item.position)
        for job, pictures in Counter(item.job for item in self.items).items():
            reached = int(min(done, 1.0) * pictures * steps)
            position, step = divmod(max(reached, 1) - 1, steps)
            self.emit(Step(job, first[job] + position, step + 1, steps))

    def _show(self, pipe: Any, latents: torch.Tensor) -> None:
        if self.loaded.factors is None:
            self.loaded.factors = previews.fit(self.loaded.base.vae)
        if latents.ndim == 3:  # Flux works on latents cut into patches
            scale = pipe.vae_scale_factor
            latents = pipe._unpack_latents(latents, self.height, self.width, scale)
        for item, latent in zip(self.items, latents, strict=True):
            pixels = self.loaded.factors.picture(latent)
            self.emit(Preview(item.job, item.position, pixels))

    def _finished(self, item: Item, wording: Wording, picture: Image.Image) -> GeneratedImage:
        request = item.request
        meta = self._meta(wording)
        size = (request.width, request.height)
        if picture.size != size:
            picture = ImageOps.fit(picture, size)
        checker = self.loaded.checker
        if checker and request.safety != Safety.OFF:
            sensitive = checker.looks_sensitive(picture)
            meta["rating"] = "sensitive" if sensitive else "safe"
            if sensitive and request.safety == Safety.BLANK:
                picture = Image.new("RGB", size)
                meta["blanked"] = True
        return GeneratedImage(picture.convert("RGB"), request.seed, meta)

    def _meta(self, wording: Wording) -> dict[str, Any]:
        base = self.loaded.base
        return {
            "engine": "diffusion",
            "engine_version": ENGINE_VERSION,
            "family": self.loaded.kind.value,
            "scheduler": type(self.pipe.scheduler).__name__,
            # Rounding depends on these, so a picture repeats exactly only where they agree.
            "batch": len(self.items),
            "device": self._device(),
            "dtype": str(base.dtype).removeprefix("torch."),
            "libraries": f"torch {torch.__version__}, diffusers {diffusers.__version__}",
            "notes": list(self._notes(wording)),
        }

    def _device(self) -> str:
        device = self.loaded.base.device
        return torch.cuda.get_device_name(device) if device.type == "cuda" else device.type

    def _notes(self, wording: Wording) -> Iterator[str]:
        size = (self.width, self.height)
        if size != (self.request.width, self.request.height):
            yield ADJUSTED.format(*size)
        if self.loaded.kind in CLIP:
            return
        if prompts.is_weighted(wording):
            yield NO_WEIGHTS
        if self.loaded.kind == Kind.FLUX and wording.texts[1].strip():
            yield NO_NEGATIVE
