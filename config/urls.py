"""Every address, by the app that owns it."""

from __future__ import annotations

from django.contrib import admin
from django.urls import include, path

from config import health

urlpatterns = [
    path("admin/", admin.site.urls),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("", include("generator.api.urls")),
    path("", include("accounts.urls")),
    path("", include("gallery.urls")),
    path("", include("generator.urls")),
]
