"""From the catalog's samplers to diffusers' schedulers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import diffusers

from generator.catalog.samplers import Sampler
from generator.engines.diffusion.places import Kind
from generator.engines.diffusion.refusals import FLOW

FLOW_CLASS = "FlowMatchEulerDiscreteScheduler"


def make(sampler: Sampler, kind: Kind, config: Mapping[str, Any]) -> Any:
    """A fresh scheduler for one pass: they keep state. `config` is the model's own."""
    name = FLOW_CLASS if kind in FLOW else sampler.scheduler or config["_class_name"]
    return getattr(diffusers, name).from_config(dict(config), **sampler.arguments)
