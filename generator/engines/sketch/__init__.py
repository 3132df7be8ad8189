"""A painter that needs nothing: procedural pictures from NumPy and Pillow, labelled as such."""

from generator.engines.sketch.engine import SketchEngine

__all__ = ["SketchEngine"]
