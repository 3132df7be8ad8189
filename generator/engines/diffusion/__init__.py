"""The diffusion engine: Hugging Face diffusers on a GPU (or, slowly, on a CPU).

Its packages (torch, diffusers, transformers, peft) are not among Limner's own:
`make diffusion` installs them. Nothing here imports them before the first
picture is asked for, and without them every job is refused in one line that
says what to install.
"""

from generator.engines.diffusion.engine import DiffusionEngine, Studio

__all__ = ["DiffusionEngine", "Studio"]
