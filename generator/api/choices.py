"""What can be chosen for a picture: models, styles, samplers, ratios."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Router

from accounts.api.access import caller, may_read
from accounts.api.answers import answer, errors_declared
from generator import abilities
from generator.api.schemas import ModelInfo, ModelList, NamedList, RatioList
from generator.catalog import RATIOS, SAMPLERS, STYLES
from generator.models import EngineModel

router = Router(tags=["Choices"])


@router.get("/models", response={200: ModelList, **errors_declared()}, auth=may_read)
def list_models(request: HttpRequest) -> HttpResponse:
    """The models offered to you, the default first, in the form OpenAI's clients read too."""
    data = [_told(model) for model in EngineModel.objects.offered_to(caller(request))]
    return answer(request, {"object": "list", "data": data})


@router.get("/models/{model_id}", response={200: ModelInfo, **errors_declared(404)}, auth=may_read)
def get_model(request: HttpRequest, model_id: str) -> HttpResponse:
    """One of the models offered to you."""
    model = EngineModel.objects.offered_to(caller(request)).filter(slug=model_id).first()
    if model is None:
        raise Http404
    return answer(request, _told(model))


def _told(model: EngineModel) -> dict[str, object]:
    return {
        "id": model.slug,
        "object": "model",
        "created": 0,
        "owned_by": model.engine,
        "name": model.name,
        "description": model.description,
        "price": model.price,
        "family": model.family,
        "defaults": _defaults(model),
        "sizes": str(model.sides),
        "abilities": _abilities(model),
        "isDefault": model.is_default,
    }


def _defaults(model: EngineModel) -> dict[str, object]:
    values = model.defaults
    return {
        "sampler": values["sampler"],
        "steps": values["steps"],
        "guidanceScale": values["guidance_scale"],
    }


def _abilities(model: EngineModel) -> dict[str, object]:
    found = abilities.of(model)
    return {
        "initialImage": found.initial_image,
        "preprocessors": found.preprocessors,
        "loras": found.loras,
        "clipSkip": found.clip_skip,
        "promptWeighting": found.prompt_weighting,
    }


@router.get("/styles", response={200: NamedList, **errors_declared()}, auth=may_read)
def list_styles(request: HttpRequest) -> HttpResponse:
    """Values of `style`."""
    return answer(request, {"items": [{"id": s.slug, "name": s.name} for s in STYLES]})


@router.get("/samplers", response={200: NamedList, **errors_declared()}, auth=may_read)
def list_samplers(request: HttpRequest) -> HttpResponse:
    """Values of `sampler`."""
    return answer(request, {"items": [{"id": s.slug, "name": s.name} for s in SAMPLERS]})


@router.get("/ratios", response={200: RatioList, **errors_declared()}, auth=may_read)
def list_ratios(request: HttpRequest) -> HttpResponse:
    """Values of `ratio`."""
    items = [
        {"id": r.goneural, "name": r.label, "width": r.width, "height": r.height} for r in RATIOS
    ]
    return answer(request, {"items": items})
