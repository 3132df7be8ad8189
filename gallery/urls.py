"""Addresses of the gallery."""

from __future__ import annotations

from django.urls import path

from gallery import organising_urls, safety_urls, sharing_urls, spreading_urls
from gallery.views import asset, bin, changes, files, listing, looking, saved, uploads

urlpatterns = [
    *organising_urls.urlpatterns,
    *safety_urls.urlpatterns,
    *sharing_urls.urlpatterns,
    *spreading_urls.urlpatterns,
    path("gallery/", listing.gallery, name="gallery"),
    path("gallery/searches/", saved.searches, name="saved_searches"),
    path("gallery/searches/<int:search_id>/name/", saved.rename, name="saved_search_name"),
    path("gallery/searches/<int:search_id>/removal/", saved.forget, name="saved_search_removal"),
    path("gallery/bin/", bin.contents, name="bin"),
    path("gallery/<uuid:asset_id>/", asset.page, name="asset"),
    path("gallery/<uuid:asset_id>/like/", changes.like, name="asset_like"),
    path("gallery/<uuid:asset_id>/visibility/", changes.visibility, name="asset_visibility"),
    path("gallery/<uuid:asset_id>/teams/<int:team_id>/", changes.team, name="asset_team"),
    path("gallery/<uuid:asset_id>/details/", changes.details, name="asset_details"),
    path("gallery/<uuid:asset_id>/deletion/", bin.delete, name="asset_deletion"),
    path("gallery/<uuid:asset_id>/restoration/", bin.restore, name="asset_restoration"),
    path("gallery/<uuid:asset_id>/erasure/", bin.erase, name="asset_erasure"),
    path("gallery/<uuid:asset_id>/download/", files.download, name="asset_download"),
    path("gallery/<uuid:asset_id>/lineage/", looking.family, name="asset_lineage"),
    path("gallery/compare/", looking.compare, name="compare"),
    path("files/<uuid:asset_id>/<str:name>", files.serve, name="asset_file"),
    path("shown/<int:until>/<int:viewer>/<str:code>/<path:file>", files.shown, name="thumbnail"),
    path("uploads/", uploads.contents, name="uploads"),
    path("uploads/<uuid:upload_id>/erasure/", uploads.erase, name="upload_erasure"),
    path("uploads/<uuid:upload_id>/<str:name>", uploads.serve, name="upload_file"),
]
