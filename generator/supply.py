"""What engines get from above: models' options from the database, pictures from the gallery.

Engines know neither. `settings.ENGINES` names a function here for each engine that needs some.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any

from django.conf import settings

from generator import references
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
        fetch=references.open_picture,
        batch=settings.DIFFUSION_BATCH,
        memory=settings.DIFFUSION_MEMORY_GB * 2**30,
    )


def options_of(slug: str) -> Mapping[str, Any]:
    """What the engine is told of a model; nothing when it went while its pictures waited."""
    model = EngineModel.objects.filter(slug=slug).first()
    return model.engine_options if model else {}
