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

handler400 = "accounts.views.errors.bad_request"
handler403 = "accounts.views.errors.permission_denied"
handler404 = "accounts.views.errors.page_not_found"
#: For django-allauth, which counts attempts.
handler429 = "accounts.views.errors.too_many_requests"
handler500 = "accounts.views.errors.server_error"
