"""The gallery's part of `accounts.personal_data`: pictures, uploads, likes, collections."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Q, QuerySet

from accounts.models import User
from accounts.personal_data import CHUNK, Document, StoredFile
from gallery import keeping, uploading
from gallery.models import (
    Appeal,
    Asset,
    Collection,
    CollectionShare,
    Like,
    Notice,
    PublicationRequest,
    Report,
    SavedSearch,
    Share,
    Upload,
)

#: How many pictures are binned at a time.
BINNED = 1000


def documents(user: User) -> Iterator[Document]:
    """Every picture with all that is kept about it, what was sent in, and what was liked."""
    yield "pictures.json", map(_picture, _pictures(user))
    yield "uploads.json", map(_upload, _uploads(user))
    yield "likes.json", map(_like, Like.objects.filter(user=user).order_by("pk").iterator(CHUNK))
    searches = SavedSearch.objects.filter(owner=user).order_by("pk")
    yield "searches.json", map(_search, searches.iterator(CHUNK))
    yield "shares.json", map(_share, Share.objects.of(user).order_by("created_at").iterator(CHUNK))
    yield "collections.json", map(_collection, _collections(user))
    yield "shared-with-me.json", _given(user)
    yield "publications.json", (_wish(wish, user) for wish in _wishes(user))
    yield "notices.json", map(_notice, Notice.objects.filter(person=user).order_by("pk"))
    yield "reports.json", map(_report, Report.objects.filter(reporter=user).order_by("pk"))


def stored_files(user: User) -> Iterator[StoredFile]:
    """The original files, as they were made."""
    for asset in _pictures(user):
        yield _name(asset), asset.file
    for upload in _uploads(user):
        yield _upload_name(upload), upload.file


def erase(user: User) -> None:
    """Rows and bytes of every picture and upload; likes are taken back."""
    pictures = Asset.objects.filter(owner=user)
    # Nobody sees them any more, from here on.
    while kept := list(pictures.filter(deleted_at=None).values_list("pk", flat=True)[:BINNED]):
        pictures.filter(pk__in=kept).move_to_bin()
    # What others showed to them, or wait to.
    Share.objects.filter(Q(person=user) | Q(email=user.email.lower())).delete()
    PublicationRequest.objects.filter(asked_by=user).delete()
    PublicationRequest.objects.filter(decided_by=user).update(note="", decided_by=None)
    while batch := list(pictures.values_list("pk", flat=True)[: keeping.BATCH]):
        keeping.purge(batch)
    for upload in Upload.objects.filter(owner=user):
        uploading.forget(upload)
    SavedSearch.objects.filter(owner=user).delete()
    Notice.objects.filter(person=user).delete()
    # What they reported is still to be looked at, whoever said it.
    Report.objects.open().filter(reporter=user).update(reporter=None, note="")
    Report.objects.filter(reporter=user).delete()
    CollectionShare.objects.filter(person=user).delete()
    Collection.objects.filter(owner=user).delete()
    for like in Like.objects.filter(user=user).select_related("asset"):
        Like.objects.take_back(like.asset, user)


def _pictures(user: User) -> Iterator[Asset]:
    """All of them, the oldest first, in the bin or not; read as they go."""
    rows: QuerySet[Asset] = Asset.objects.filter(owner=user).select_related("owner")
    rows = rows.prefetch_related("tags", "appeals")
    return rows.order_by("created_at", "pk").iterator(CHUNK)


def _uploads(user: User) -> Iterator[Upload]:
    return Upload.objects.filter(owner=user).order_by("created_at", "pk").iterator(CHUNK)


def _name(asset: Asset) -> str:
    """Where a picture lies in the archive: by day and id, in a folder of its own when binned."""
    folder = "bin" if asset.deleted_at else "pictures"
    extension = asset.file.rpartition(".")[2]
    return f"{folder}/{asset.created_at:%Y-%m-%d}-{asset.pk}.{extension}"


def _picture(asset: Asset) -> dict[str, Any]:
    return {
        "id": str(asset.pk),
        "file": _name(asset),
        "name": asset.name,
        "description": asset.description,
        "tags": [tag.name for tag in asset.tags.all()],
        "visibility": asset.visibility,
        "rating": asset.rating,
        "ratedBy": asset.rating_source,
        "ratingKind": asset.rating_kind,
        "ratingReason": asset.reason_told_to(asset.owner),
        "publicState": asset.public_state.value,
        "appeals": [_appeal(appeal) for appeal in asset.appeals.all()],
        "likes": asset.like_count,
        "prompt": asset.prompt,
        "recipe": asset.recipe,
        "width": asset.width,
        "height": asset.height,
        "sha256": asset.sha256,
        "made": asset.created_at,
        "binned": asset.deleted_at,
    }


def _upload_name(upload: Upload) -> str:
    return f"uploads/{upload.pk}.{upload.file.rpartition('.')[2]}"


def _upload(upload: Upload) -> dict[str, Any]:
    return {
        "id": str(upload.pk),
        "file": _upload_name(upload),
        "width": upload.width,
        "height": upload.height,
        "sent": upload.created_at,
    }


def _collections(user: User) -> Iterator[Collection]:
    return Collection.objects.filter(owner=user).order_by("created_at", "pk").iterator(CHUNK)


def _collection(collection: Collection) -> dict[str, Any]:
    items = collection.items.order_by("position", "id").values_list("asset", flat=True)
    return {
        "id": str(collection.pk),
        "name": collection.name,
        "description": collection.description,
        "visibility": collection.visibility,
        "begun": collection.created_at,
        "pictures": [str(asset) for asset in items],
        "sharedWith": [
            {"team": share.team_id, "person": share.person_id, "role": share.role}
            for share in collection.shares.order_by("pk")
        ],
    }


def _given(user: User) -> Iterator[dict[str, Any]]:
    """What others showed to them in person: pictures, then collections."""
    shares = Share.objects.filter(person=user).select_related("made_by").order_by("created_at")
    for share in shares.iterator(CHUNK):
        yield {
            "picture": str(share.asset_id),
            "by": share.made_by.display_name,
            "mayEdit": share.may_edit,
            "since": share.created_at,
        }
    opened = CollectionShare.objects.filter(person=user).select_related("collection__owner")
    for access in opened.order_by("pk").iterator(CHUNK):
        yield {
            "collection": str(access.collection_id),
            "name": access.collection.name,
            "by": access.collection.owner.display_name,
            "role": access.role,
        }


def _wishes(user: User) -> Iterator[PublicationRequest]:
    """What they asked editors for, and what they decided as one."""
    theirs = PublicationRequest.objects.filter(Q(asked_by=user) | Q(decided_by=user))
    return theirs.select_related("team").order_by("pk").iterator(CHUNK)


def _wish(wish: PublicationRequest, user: User) -> dict[str, Any]:
    """The note is by whoever decided, to whoever asked."""
    return {
        "picture": str(wish.asset_id),
        "team": wish.team.name,
        "askedByMe": wish.asked_by_id == user.pk,
        "decidedByMe": wish.decided_by_id == user.pk,
        "asked": wish.asked_at,
        "state": wish.state,
        "note": wish.note,
        "decided": wish.decided_at,
    }


def _share(share: Share) -> dict[str, Any]:
    """What they gave to whom; a password stays the secret it is."""
    return {
        "picture": str(share.asset_id),
        "kind": share.kind,
        "person": share.person_id,
        "invited": share.email,
        "mayEdit": share.may_edit,
        "showsPrompt": share.shows_prompt,
        "views": share.views,
        "made": share.created_at,
        "expires": share.expires_at,
    }


def _like(like: Like) -> dict[str, Any]:
    return {"picture": str(like.asset_id), "at": like.created_at}


def _search(search: SavedSearch) -> dict[str, Any]:
    return {
        "name": search.name,
        "query": search.query,
        "scope": search.scope,
        "team": search.team_id,
        "sort": search.sort,
        "saved": search.created_at,
    }


def _report(report: Report) -> dict[str, Any]:
    return {
        "picture": str(report.asset_id),
        "reason": report.reason,
        "note": report.note,
        "at": report.made_at,
    }


def _notice(notice: Notice) -> dict[str, Any]:
    return {
        "picture": str(notice.asset_id),
        "said": notice.get_kind_display(),
        "reason": notice.reason_kind,
        "words": notice.words,
        "at": notice.made_at,
        "seen": notice.seen_at,
        "mailed": notice.mailed_at,
    }


def _appeal(appeal: Appeal) -> dict[str, Any]:
    return {"note": appeal.note, "at": appeal.made_at, "answer": appeal.answer}
