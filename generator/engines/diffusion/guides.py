"""Reading guides for ControlNets: edges, lines, blur, and depth by a model.

What plain arithmetic does is done here with NumPy and Pillow; `READ_BY_A_MODEL`
needs weights in MODELS_DIR/preprocessors. All take and give RGB of one size.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter, ImageOps

from generator.engines.diffusion import places

Plane = NDArray[np.float32]
#: Canny's thresholds as shares of 255, as ControlNet's own annotator had them by default.
LOW, HIGH = 100 / 255, 200 / 255


def read(preprocessor: str, guide: Image.Image, size: tuple[int, int], root: Path) -> Image.Image:
    """`guide`, cropped to fill `size` (width, height), as the ControlNet wants to see it."""
    fitted = ImageOps.fit(guide.convert("RGB"), size, Image.Resampling.LANCZOS)
    drawn = _DRAWN.get(preprocessor)
    if drawn:
        return drawn(fitted)
    return depth(fitted, places.preprocessor_folder(preprocessor, root))


def canny(picture: Image.Image, low: float = LOW, high: float = HIGH) -> Image.Image:
    """White edges on black (Canny 1986: smooth, slope, thin, follow the strong ones).

    Slopes from `low` on are edges where they touch one of at least `high`; 1 is black to white.
    """
    gray = picture.convert("L").filter(ImageFilter.GaussianBlur(1.0))
    plane = np.asarray(gray, np.float32) / np.float32(255)
    across, down = _sobel(plane)
    slope = np.hypot(across, down)
    thin = np.where(_is_ridge(slope, across, down), slope, 0)
    edges = _followed(thin >= high, thin >= low)
    return Image.fromarray((edges * 255).astype(np.uint8)).convert("RGB")


def _sobel(plane: Plane) -> tuple[Plane, Plane]:
    p = np.pad(plane, 1, mode="edge")
    across = p[:-2, 2:] + 2 * p[1:-1, 2:] + p[2:, 2:] - p[:-2, :-2] - 2 * p[1:-1, :-2] - p[2:, :-2]
    down = p[2:, :-2] + 2 * p[2:, 1:-1] + p[2:, 2:] - p[:-2, :-2] - 2 * p[:-2, 1:-1] - p[:-2, 2:]
    return across, down


def _is_ridge(slope: Plane, across: Plane, down: Plane) -> NDArray[np.bool_]:
    """Where the slope is no less than before and behind, along its own direction."""
    sector = np.round(np.arctan2(down, across) / (np.pi / 4)).astype(int) % 4
    ridge = np.zeros(slope.shape, bool)
    for number, (dy, dx) in enumerate(((0, 1), (1, 1), (1, 0), (1, -1))):
        ahead, behind = _shifted(slope, dy, dx), _shifted(slope, -dy, -dx)
        ridge |= (sector == number) & (slope >= ahead) & (slope > behind)
    return ridge


def _shifted(plane: Plane, dy: int, dx: int) -> Plane:
    height, width = plane.shape
    padded = np.pad(plane, 1)
    return padded[1 + dy : 1 + dy + height, 1 + dx : 1 + dx + width]


def _followed(strong: NDArray[np.bool_], weak: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The weak edges that touch a strong one, directly or through others."""
    found = strong
    while True:
        grown = found.copy()
        padded = np.pad(found, 1)
        for dy in range(3):
            for dx in range(3):
                grown |= padded[dy : dy + found.shape[0], dx : dx + found.shape[1]]
        grown &= weak
        if (grown == found).all():
            return found
        found = grown


def tile(picture: Image.Image) -> Image.Image:
    """The picture without its detail, which the model is to invent anew."""
    return picture.filter(ImageFilter.GaussianBlur(max(picture.size) / 128))


def lineart(picture: Image.Image) -> Image.Image:
    """White lines on black: where the picture is darker than its surroundings."""
    gray = picture.convert("L")
    blurred = np.asarray(gray.filter(ImageFilter.GaussianBlur(6.0)), np.float32)
    darker = np.clip(blurred - np.asarray(gray, np.float32), 0, None)
    drawn = darker[darker > 8]
    scale = float(np.median(drawn)) if drawn.size else 255.0
    lines = np.clip(darker / max(16.0, scale) * 127, 0, 255)
    return Image.fromarray(lines.astype(np.uint8)).convert("RGB")


def shuffle(picture: Image.Image) -> Image.Image:
    """The picture's colours flowed about, always in the same way, so that no shape is left."""
    width, height = picture.size
    draw = np.random.default_rng(0)
    flow = [_smooth(draw, width, height) for _ in range(2)]
    columns = np.clip(flow[0] * width, 0, width - 1).astype(int)
    rows = np.clip(flow[1] * height, 0, height - 1).astype(int)
    return Image.fromarray(np.asarray(picture)[rows, columns])


def _smooth(draw: np.random.Generator, width: int, height: int) -> Plane:
    """Noise with a grain of an eighth of the picture, spread over 0..1."""
    grain = Image.fromarray(draw.random((9, 9), np.float32))
    plane = np.asarray(grain.resize((width, height), Image.Resampling.BICUBIC), np.float32)
    return (plane - plane.min()) / max(1e-6, float(np.ptp(plane)))


def depth(picture: Image.Image, folder: Path) -> Image.Image:
    """Near is light, far is dark, as a depth model in `folder` sees it."""
    import torch
    from transformers import AutoImageProcessor, AutoModelForDepthEstimation

    model = AutoModelForDepthEstimation.from_pretrained(folder, use_safetensors=True).eval()
    processor = AutoImageProcessor.from_pretrained(folder)
    with torch.no_grad():
        found = model(**processor(images=picture, return_tensors="pt")).predicted_depth[0]
    plane = found.float().numpy()
    plane = (plane - plane.min()) / max(1e-6, float(np.ptp(plane)))
    gray = Image.fromarray((plane * 255).astype(np.uint8))
    return gray.resize(picture.size, Image.Resampling.BICUBIC).convert("RGB")


_DRAWN: Mapping[str, Callable[[Image.Image], Image.Image]] = {
    "canny": canny,
    "tile_gaussian": tile,
    "lineart_standard": lineart,
    "shuffle": shuffle,
}
