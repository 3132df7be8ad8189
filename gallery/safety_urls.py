"""Addresses of ratings, reports and appeals."""

from __future__ import annotations

from django.urls import path

from gallery.views import notices, safety

urlpatterns = [
    path("gallery/notices/", notices.contents, name="notices"),
    path("gallery/notices/mail/", notices.mail, name="notices_mail"),
    path("gallery/<uuid:asset_id>/rating/", safety.rating, name="asset_rating"),
    path("gallery/<uuid:asset_id>/report/", safety.report, name="asset_report"),
    path("gallery/<uuid:asset_id>/appeal/", safety.appeal, name="asset_appeal"),
]
