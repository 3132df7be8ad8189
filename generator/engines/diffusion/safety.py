"""diffusers' safety checker, where it is installed: it only says what it finds."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
import torch
from diffusers.pipelines.stable_diffusion import StableDiffusionSafetyChecker
from PIL import Image
from transformers import CLIPImageProcessor

from generator.engines.diffusion import places

FOLDER = "safety-checker"


@dataclass
class Checker:
    """Looks at finished pictures."""

    model: Any
    processor: Any

    @classmethod
    def find(cls, folder: Path, root: Path) -> Self | None:
        """The one that comes with the model in `folder`, or the one for all models."""
        for weights, features in (
            (folder / "safety_checker", folder / "feature_extractor"),
            (root / FOLDER, root / FOLDER),
        ):
            if (weights / "config.json").is_file():
                places.check_weights(weights)
                model = StableDiffusionSafetyChecker.from_pretrained(weights, use_safetensors=True)
                return cls(model.eval(), CLIPImageProcessor.from_pretrained(features))
        return None

    def to(self, device: torch.device) -> None:
        """Move it beside the model that it checks."""
        self.model.to(device)

    @torch.no_grad()
    def looks_sensitive(self, pixels: Image.Image) -> bool:
        """Whether the checker finds `pixels` unfit for everybody's eyes."""
        values = self.processor(pixels, return_tensors="pt").pixel_values.to(self.model.device)
        # It blackens the array that it is given; we keep the picture and take its word.
        _pictures, found = self.model(clip_input=values, images=[np.zeros((8, 8, 3))])
        return bool(found[0])
