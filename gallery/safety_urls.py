"""Addresses of ratings, reports and appeals."""

from __future__ import annotations

from django.urls import path

from gallery.views import safety

urlpatterns = [
    path("gallery/<uuid:asset_id>/rating/", safety.rating, name="asset_rating"),
    path("gallery/<uuid:asset_id>/report/", safety.report, name="asset_report"),
    path("gallery/<uuid:asset_id>/appeal/", safety.appeal, name="asset_appeal"),
]
