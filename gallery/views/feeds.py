"""Atom feeds (RFC 4287) of public pictures, and of a public collection's."""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid
from collections.abc import Iterable
from html import escape

from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.feedgenerator import Atom1Feed, Enclosure
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gallery import spreading
from gallery.models import Asset, Collection, Visibility

#: Pictures in a feed.
ENTRIES = 40
MEDIA_TYPE = "application/atom+xml; charset=utf-8"
#: What an empty feed says of its last change: it must say something.
_NEVER = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


@login_not_required
@require_safe
def public(request: HttpRequest) -> HttpResponseBase:
    """The newest public pictures."""
    newest = list(spreading.open_pictures().newest_first()[:ENTRIES])
    page = f"{reverse('gallery')}?scope=public"
    return _answer(request, _feed(_("Limner: public pictures"), page, request.path, newest))


@login_not_required
@require_safe
def collection(request: HttpRequest, collection_id: uuid.UUID) -> HttpResponseBase:
    """The pictures of a public collection, in its order."""
    public = Collection.objects.filter(visibility=Visibility.PUBLIC)
    found = get_object_or_404(public, pk=collection_id)
    pictures = list(spreading.open_in(found)[:ENTRIES])
    page = found.get_absolute_url()
    return _answer(request, _feed(spreading.for_xml(found.name), page, request.path, pictures))


def _feed(title: str, page: str, path: str, assets: Iterable[Asset]) -> str:
    url = spreading.absolute(path)
    feed = _Feed(title=title, link=spreading.absolute(page), description="", feed_url=url)
    for asset in assets:
        card = spreading.card(asset)
        image = f'<img src="{card.image}" alt="{escape(card.alt)}">'
        feed.add_item(
            title=card.title,
            link=card.url,
            description=f"<p>{image}</p><p>{escape(card.description)}</p>",
            unique_id=f"urn:uuid:{asset.pk}",
            author_name=spreading.for_xml(asset.owner.display_name),
            pubdate=asset.created_at,
            updateddate=asset.created_at,
            enclosures=[Enclosure(card.image, "0", spreading.MEDIA_TYPE)],
        )
    return feed.writeString("utf-8")


class _Feed(Atom1Feed):
    """An empty one was last changed on a fixed day, so that it is the same each time."""

    def latest_post_date(self) -> dt.datetime:
        dates = [item["updateddate"] for item in self.items]
        return max(dates, default=_NEVER)


def _answer(request: HttpRequest, body: str) -> HttpResponseBase:
    etag = f'"{hashlib.sha256(body.encode()).hexdigest()[:32]}"'
    changed = _changed(request.path, etag)
    response = get_conditional_response(request, etag=etag, last_modified=int(changed.timestamp()))
    if response is None:
        response = HttpResponse(body, content_type=MEDIA_TYPE)
    response["ETag"] = etag
    response["Last-Modified"] = changed.strftime("%a, %d %b %Y %H:%M:%S GMT")
    response["Cache-Control"] = "public, max-age=300"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def _changed(path: str, etag: str) -> dt.datetime:
    """When this process first saw the feed as it is: publishing an old picture changes it too."""
    key = f"feed:{path}"
    known, moment = cache.get(key) or ("", timezone.now())
    if known != etag:
        moment = timezone.now()
        cache.set(key, (etag, moment), None)
    return moment
