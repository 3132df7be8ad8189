"""What a kept picture says about how it was made: for people, programs and other tools."""

from __future__ import annotations

from typing import Any

from gallery.keeping import NewPicture
from gallery.models import Rating
from gallery.provenance import DigitalSourceType
from generator.contract import ControlMode, GeneratedImage, ImageRequest, Safety
from generator.models import Generation

#: IPTC digital source types (https://cv.iptc.org/newscodes/digitalsourcetype/): the sketch
#: engine draws by rules, without training data; everything else is a trained model.
SOURCE_TYPES = {"sketch": DigitalSourceType.ALGORITHMIC}
#: A1111's names of the modes.
MODES = {
    ControlMode.BALANCED: "Balanced",
    ControlMode.PROMPT: "My prompt is more important",
    ControlMode.CONTROLNET: "ControlNet is more important",
}
#: What an engine's pictures are before anybody looks: the sketch engine knows no indecent shapes.
RATINGS = {"sketch": Rating.SAFE}


def new_picture(generation: Generation, position: int, image: GeneratedImage) -> NewPicture:
    """What the gallery is to keep of picture `position` (0-based)."""
    request = generation.request
    return NewPicture(
        owner=generation.owner,
        source=f"{generation.reference}:{position}",
        pixels=image.pixels,
        prompt=request.prompt,
        recipe=recipe(generation, request, image),
        parameters=parameters(request, image),
        output_format=request.output_format.value,
        rating=_rating(generation, image),
        blanks_sensitive=request.safety == Safety.BLANK,
        digital_source_type=source_type(generation, request),
        parent_id=generation.parent_asset_id,
        # Who pays for a picture wants to see it.
        team=generation.payer.team,
    )


def source_type(generation: Generation, request: ImageRequest) -> str:
    """What made it; a trained model that paints over a picture lets something of it be seen."""
    known = SOURCE_TYPES.get(generation.engine)
    return known or (
        DigitalSourceType.COMPOSITE if request.initial_image else DigitalSourceType.TRAINED
    )


def _rating(generation: Generation, image: GeneratedImage) -> str:
    """What the engine found, if it looked."""
    found = image.meta.get("rating")
    if found in (Rating.SAFE, Rating.SENSITIVE):
        return Rating(found)
    return RATINGS.get(generation.engine, Rating.UNRATED)


def recipe(generation: Generation, request: ImageRequest, image: GeneratedImage) -> dict[str, Any]:
    """Everything needed to make this one picture again, as JSON."""
    return {
        "request": {**request.to_json(), "seed": image.seed, "count": 1},
        "model": generation.model.name,
        "engine": generation.engine,
        **image.meta,
    }


def parameters(request: ImageRequest, image: GeneratedImage) -> str:
    """The text that AUTOMATIC1111 and its relatives write into a picture's `parameters`."""
    lines = [request.prompt + "".join(f" <lora:{x.model}:{x.weight:g}>" for x in request.loras)]
    if request.negative_prompt:
        lines.append(f"Negative prompt: {request.negative_prompt}")
    settings = {
        "Steps": request.steps,
        "Sampler": request.sampler,
        "CFG scale": f"{request.guidance_scale:g}",
        "Seed": image.seed,
        "Size": f"{request.width}x{request.height}",
        "Model": request.model,
        "Style": request.style,
        "Clip skip": request.clip_skip,
        **_worked_from(request),
        "Version": f"Limner {image.meta.get('engine_version', '')}".strip(),
    }
    lines.append(", ".join(f"{name}: {value}" for name, value in settings.items()))
    return "\n".join(lines)


def _worked_from(request: ImageRequest) -> dict[str, str]:
    """Its pictures in the words of A1111 and of its ControlNet extension."""
    values = {}
    if request.initial_image and request.strength is not None:
        values["Denoising strength"] = f"{request.strength:g}"
    for number, control in enumerate(request.controls):
        values[f"ControlNet {number}"] = (
            f'"Module: {control.preprocessor}, Weight: {control.weight:g}, '
            f"Guidance Start: {control.start:g}, Guidance End: {control.end:g}, "
            f'Control Mode: {MODES[control.mode]}"'
        )
    return values
