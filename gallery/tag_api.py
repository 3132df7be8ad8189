"""The tags of one's own pictures, for programs."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Query, Router

from accounts.api import fields
from accounts.api.access import caller, may_change, may_read
from accounts.api.answers import answer, errors_declared
from accounts.api.reading import BODY_ERRORS, only_parameters
from gallery import tagging
from gallery.collection_data import RENAMED, ChangedData, TagList, TagQuery

router = Router(tags=["Tags"])


@router.get("/tags", response={200: TagList, **errors_declared(400, 422)}, auth=may_read)
def list_tags(request: HttpRequest, query: Query[TagQuery]) -> HttpResponse:
    """The words of your pictures, in their order."""
    only_parameters(request, *TagQuery.model_fields)
    begins, after = (each.replace("\0", "") for each in (query.q, query.after))
    page = tagging.mine(caller(request), begins=begins, after=after, limit=query.limit)
    items = [{"name": name, "pictures": count} for name, count in page.items]
    return answer(request, {"items": items, "nextAfter": page.next_after})


@router.patch(
    "/tags/{name}",
    response={200: ChangedData, **errors_declared(404, *BODY_ERRORS)},
    auth=may_change,
    openapi_extra=fields.described(RENAMED),
)
def rename_tag(request: HttpRequest, name: str) -> HttpResponse:
    """Rename a tag on your own pictures; one that is there already takes it in."""
    _known(request, name)
    new = fields.read_fields(request, RENAMED)["name"]
    return answer(request, {"pictures": tagging.rename(caller(request), name, new)})


@router.delete("/tags/{name}", response={204: None, **errors_declared(404)}, auth=may_change)
def delete_tag(request: HttpRequest, name: str) -> HttpResponse:
    """Take a tag from all your pictures."""
    _known(request, name)
    tagging.forget(caller(request), name)
    return answer(request, None, 204)


def _known(request: HttpRequest, name: str) -> None:
    if "\0" in name or not tagging.has(caller(request), name):
        raise Http404
