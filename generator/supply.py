"""What engines get from above: models' options from the database, pictures from the gallery.

Engines know neither. `settings.ENGINES` names a function here for each engine that needs some.
"""

from __future__ import annotations

import threading
import uuid
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from PIL import Image

from gallery import files
from gallery.models import Asset
from generator.engines.diffusion import DiffusionEngine, Studio
from generator.models import EngineModel

_diffusion: list[DiffusionEngine] = []
_making = threading.Lock()


def diffusion() -> DiffusionEngine:
    """The diffusion engine, with the models folder and the limits of this installation.

    One per process, whichever threads ask: a second would load all weights again.
    """
    with _making:
        if not _diffusion:
            _diffusion.append(DiffusionEngine(studio()))
        return _diffusion[0]


def studio() -> Studio:
    """What this installation gives the diffusion engine."""
    return Studio(
        models_dir=settings.MODELS_DIR,
        options_of=options_of,
        fetch=fetch,
        batch=settings.DIFFUSION_BATCH,
        memory=settings.DIFFUSION_MEMORY_GB * 2**30,
    )


def options_of(slug: str) -> Mapping[str, Any]:
    """The options of a model; none when it went while its pictures waited."""
    options = EngineModel.objects.filter(slug=slug).values_list("options", flat=True).first()
    return options or {}


def fetch(reference: str) -> Image.Image:
    """A stored picture by its id; LookupError when it is gone.

    Submission has checked that whoever asks may see it.
    """
    try:
        asset = Asset.objects.get(pk=uuid.UUID(reference))
        with files.open_file(asset.file) as file:
            return Image.open(file, formats=["PNG", "WEBP", "JPEG"]).convert("RGB")
    except (ValueError, Asset.DoesNotExist, OSError):
        raise LookupError("The picture to start from is no longer there.") from None
