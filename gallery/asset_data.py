"""A picture as programs see it: the AssetData of the native API, plus what pages need."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gallery import by_page, files, recipe
from gallery.by_page import Parts, is_hidden_own
from gallery.models import Asset
from gallery.models.asset_queries import Viewer


def page_data(assets: Sequence[Asset], viewer: Viewer) -> list[dict[str, Any]]:
    """`asset_data` of many pictures that `viewer` may see, in a constant number of queries."""
    by_page.dress(assets, viewer)
    links = files.Links(viewer.pk)
    found = zip(assets, by_page.parts(assets, viewer), strict=True)
    return [_data(asset, viewer, parts, links) for asset, parts in found]


def _parts(asset: Asset, viewer: Viewer) -> Parts:
    """The same of one picture, from what `for_viewer` fetched with it."""
    return Parts(
        [tag.name for tag in asset.tags.all()],
        [share.team_id for share in asset.shares],
        [(variant.width, variant.height) for variant in asset.variants.all()],
        bool(asset.wishes) and is_hidden_own(asset, viewer),
    )


def asset_data(asset: Asset, viewer: Viewer) -> dict[str, Any]:
    """What `viewer` may know of a picture that `viewer` may see.

    Costs no query when the asset comes from `Asset.objects….for_viewer(viewer)`. `likes`
    is text, as the documented answer has it; links open for `viewer` without signing in.
    """
    if not hasattr(asset, "can_edit"):
        asset = Asset.objects.for_viewer(viewer).get(pk=asset.pk)
    return _data(asset, viewer, _parts(asset, viewer), files.Links(viewer.pk))


def _data(asset: Asset, viewer: Viewer, parts: Parts, links: files.Links) -> dict[str, Any]:
    return {
        "id": str(asset.id),
        "type": "image",
        "userId": asset.owner_id,
        "user": {"id": asset.owner_id, "name": asset.owner.display_name},
        "name": asset.name,
        "description": asset.description,
        "isPublic": asset.is_public,
        "likes": str(asset.like_count),
        "tags": list(parts.tags),
        "teamIds": list(parts.teams),
        "permissions": {"canEdit": asset.can_edit},
        **_files(asset, parts, links),
        **_extras(asset, viewer, parts),
    }


def _files(asset: Asset, parts: Parts, links: files.Links) -> dict[str, Any]:
    names = [files.variant_name(width) for width, _height in parts.copies]
    url, *copies = links.to(asset, files.ORIGINAL, *names)
    return {
        "url": url,
        "thumbnails": [
            {"url": copy, "width": width, "height": height}
            for copy, (width, height) in zip(copies, parts.copies, strict=True)
        ],
    }


def _extras(asset: Asset, viewer: Viewer, parts: Parts) -> dict[str, Any]:
    return {
        "width": asset.width,
        "height": asset.height,
        "size": asset.size,
        "hash": asset.sha256,
        "mediaType": asset.media_type,
        "color": f"#{asset.color}",
        "rating": asset.rating,
        "ratingSource": asset.rating_source,
        "ratingKind": asset.rating_kind,
        "ratingReason": asset.reason_told_to(viewer),
        "publicState": "asked" if parts.asked else asset.public_state.value,
        "liked": asset.liked,
        "prompt": asset.prompt,
        "recipe": asset.recipe,
        "lineage": {
            "remixOf": str(asset.parent_id) if asset.parent_seen else None,
            "guides": recipe.worked_from(asset.recipe),
        },
        "createdAt": asset.created_at.isoformat(),
    }
