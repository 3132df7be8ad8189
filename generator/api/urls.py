"""Addresses of the native API, of the services we speak like, and of what explains them.

At `/v1` and `/v1/` themselves are PicFinder's two dialects, by WebSocket (`generator.sockets`)
and by POST.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, include, path

from accounts.api.answers import answer, missing
from generator.api import (
    a1111_urls,
    a1111_views,
    modelslab_views,
    openai_edits,
    openai_views,
    picfinder_views,
)
from generator.api.foreign import serve
from generator.api.foreign_description import beside, describe
from generator.api.reference import api_docs
from generator.api.site import api
from generator.dialects import a1111, modelslab, openai_images
from generator.dialects.registry import FOREIGN


def _json_for_405(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Ninja refuses a wrong method in plain text; our clients read JSON.

    Every view of this API is synchronous, those that wait included (`tasks._tell_in_time`).
    """

    @wraps(view)
    def answering(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if response.status_code != 405:
            return response
        allowed = {"Allow": response["Allow"]}
        return answer(request, {"message": "This method is not allowed here."}, 405, allowed)

    return answering


# Each look at `api.urls` makes new patterns.
_native = api.urls
for _pattern in _native[0]:
    if isinstance(_pattern, URLPattern):
        _pattern.callback = _json_for_405(_pattern.callback)

_own_views = {
    a1111.path: a1111_views.txt2img,
    openai_images.path: openai_views.generate,
    modelslab.path: modelslab_views.generate,
}
_foreign = [path(d.path[1:], _own_views.get(d.path) or serve(d)) for d in FOREIGN]
_more = {
    a1111.name: a1111_urls.OPERATIONS,
    openai_images.name: openai_edits.OPERATIONS,
    modelslab.name: beside(modelslab, modelslab.OTHERS),
}
_described = [path(f"docs/api/{d.name}.json", describe(d, _more.get(d.name))) for d in FOREIGN]

urlpatterns = [
    path("docs/api/", api_docs, name="api_docs"),
    *_described,
    *_foreign,
    path("v1/images/edits", openai_edits.edit),
    *modelslab_views.urlpatterns,
    path("sdapi/v1/", include("generator.api.a1111_urls")),
    path("v1", picfinder_views.serve),
    path("v1/", picfinder_views.serve),
    path("v1/", _native),
    path("v1/<path:rest>", missing),
    path("api/<path:rest>", missing),
]
