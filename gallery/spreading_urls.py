"""Addresses that other sites load: previews, oEmbed, feeds, embedded pages."""

from __future__ import annotations

from django.urls import path

from gallery.views import feeds, spreading

urlpatterns = [
    path("gallery/<uuid:asset_id>/preview.jpg", spreading.preview, name="asset_preview"),
    path("gallery/<uuid:asset_id>/embed/", spreading.embedded_picture, name="asset_embed"),
    path("gallery/feed.atom", feeds.public, name="public_feed"),
    path("collections/<uuid:collection_id>/feed.atom", feeds.collection, name="collection_feed"),
    path(
        "collections/<uuid:collection_id>/embed/",
        spreading.embedded_collection,
        name="collection_embed",
    ),
    path("oembed/", spreading.oembed, name="oembed"),
]
