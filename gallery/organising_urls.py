"""Addresses of what puts pictures in order: collections, tags, the selection and the bin."""

from __future__ import annotations

from django.urls import path

from gallery.views import bin, collected, collections, downloads, selection, stacks, tags

urlpatterns = [
    path("collections/", collections.contents, name="collections"),
    path("collections/<uuid:collection_id>/", collections.page, name="collection"),
    path(
        "collections/<uuid:collection_id>/settings/",
        collections.settings,
        name="collection_settings",
    ),
    path(
        "collections/<uuid:collection_id>/deletion/",
        collections.delete,
        name="collection_deletion",
    ),
    path("collections/<uuid:collection_id>/people/", collections.share, name="collection_share"),
    path(
        "collections/<uuid:collection_id>/people/<int:access_id>/removal/",
        collections.unshare,
        name="collection_unshare",
    ),
    path(
        "collections/<uuid:collection_id>/<uuid:asset_id>/place/",
        collected.move,
        name="collection_move",
    ),
    path(
        "collections/<uuid:collection_id>/<uuid:asset_id>/removal/",
        collected.remove,
        name="collection_removal",
    ),
    path("collections/<uuid:collection_id>/zip/", downloads.collection_zip, name="collection_zip"),
    path(
        "collections/<uuid:collection_id>/sheet/",
        downloads.collection_sheet,
        name="collection_sheet",
    ),
    path("gallery/<uuid:asset_id>/collections/", collected.choose, name="asset_collections"),
    path("gallery/stack/", stacks.opened, name="stack"),
    path("gallery/selection/", selection.act, name="selection"),
    path("gallery/selection/zip/", downloads.selection_zip, name="selection_zip"),
    path("gallery/selection/sheet/", downloads.selection_sheet, name="selection_sheet"),
    path("gallery/zip/", downloads.gallery_zip, name="gallery_zip"),
    path("gallery/tags/", tags.contents, name="tags"),
    path("gallery/tags/completions/", tags.completions, name="tag_completions"),
    path("gallery/bin/selection/", selection.act_in_bin, name="bin_selection"),
    path("gallery/bin/everything/", bin.everything, name="bin_everything"),
    path("gallery/bin/undo/<int:moment>/", bin.undo, name="bin_undo"),
]
