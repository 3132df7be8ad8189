"""Addresses of the native API and of the page that explains it.

`/v1` and `/v1/` themselves are kept free for PicFinder's WebSocket.
"""

from __future__ import annotations

from django.urls import path

from accounts.api.answers import missing
from generator.api.reference import api_docs
from generator.api.site import api

urlpatterns = [
    path("docs/api/", api_docs, name="api_docs"),
    path("v1", missing),
    path("v1/", missing),
    path("v1/", api.urls),
    path("v1/<path:rest>", missing),
]
