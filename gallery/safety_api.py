"""Ratings, reports, appeals and moderation, for programs."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import Field

from accounts.api import fields
from accounts.api.access import caller, may_administer, may_change, staff_with
from accounts.api.answers import answer, errors_declared, refusal
from accounts.api.fields import Id
from accounts.api.reading import BODY_ERRORS, only_parameters
from accounts.models import AuditEntry
from gallery import moderating, reporting
from gallery.api import AssetData
from gallery.asset_data import asset_data
from gallery.models import Asset, Reason, ReasonKind
from gallery.moderating import Case, Decision, Overtaken, Why
from gallery.safety_forms import MAX_APPEAL, MAX_NOTE

router = Router(tags=["Safety"])

RATING = {"sensitive": fields.yes_or_no("Whether you call it sensitive.")}
REPORT = {
    "reason": fields.one_of(Reason.values, "What is wrong with it.", required=True),
    "note": fields.text(MAX_NOTE, "For the moderators.", low=0),
}
APPEAL = {"note": fields.text(MAX_APPEAL, "Why it should be decided otherwise.", required=True)}
DECISION = {
    "decision": fields.one_of([*Decision], "What becomes of the picture.", required=True),
    "kind": fields.one_of(ReasonKind.values, "What kind of reason; everybody may read it."),
    "reason": fields.text(300, "For its owner and the audit log.", low=0),
    "answer": fields.text(1000, "To the owner's appeal; else the reason is the answer.", low=0),
}


class ReportData(Schema):
    reason: str
    note: str
    at: str


class CaseData(Schema):
    """A picture that waits for a moderator, and why."""

    asset: AssetData
    reports: list[ReportData]
    appeal: str | None = Field(description="What its owner says.")
    waits: bool = Field(description="Published, and not rated yet.")
    urgent: bool
    since: str


class Queue(Schema):
    items: list[CaseData] = Field(description="The first of them, the urgent ones first.")
    count: int


class DecisionData(Schema):
    id: int = Field(description="Of its line in the audit log; for `undo`.")
    asset: str
    decision: str


@router.post(
    "/assets/{uuid:asset_id}/rating",
    response={200: AssetData, **errors_declared(404, *BODY_ERRORS)},
    auth=may_change,
    openapi_extra=fields.described(RATING),
)
def rate_asset(request: HttpRequest, asset_id: uuid.UUID) -> HttpResponse:
    """Call your own picture sensitive, or take that back. A moderator's word stands above it."""
    asset = _visible(request, asset_id)
    if not asset.can_dispose:
        raise refusal(403, "Only its owner rates this picture.")
    said = fields.read_fields(request, RATING)
    if "sensitive" in said:
        asset.say_sensitive(sensitive=said["sensitive"])
    return answer(request, asset_data(_visible(request, asset_id), caller(request)))


@router.post(
    "/assets/{uuid:asset_id}/report",
    response={204: None, **errors_declared(404, 409, *BODY_ERRORS)},
    auth=may_change,
    openapi_extra=fields.described(REPORT),
)
def report_asset(request: HttpRequest, asset_id: uuid.UUID) -> HttpResponse:
    """Tell moderators what is wrong with somebody else's picture; once for each picture."""
    asset = _visible(request, asset_id)
    if asset.can_dispose:
        raise refusal(403, "Your own picture you can delete, or call sensitive.")
    said = fields.read_fields(request, REPORT)
    try:
        reporting.report(asset, caller(request), Reason(said["reason"]), said.get("note", ""))
    except reporting.ReportedBefore:
        raise refusal(409, "You reported this picture before.") from None
    except reporting.TooManyReports as error:
        told = {"Retry-After": str(error.retry_after)}
        raise refusal(429, str(error), told) from None
    return answer(request, None, 204)


@router.post(
    "/assets/{uuid:asset_id}/appeal",
    response={204: None, **errors_declared(404, 409, *BODY_ERRORS)},
    auth=may_change,
    openapi_extra=fields.described(APPEAL),
)
def appeal_asset(request: HttpRequest, asset_id: uuid.UUID) -> HttpResponse:
    """Ask moderators to look at your own picture again."""
    asset = _visible(request, asset_id)
    if not asset.can_dispose:
        raise refusal(403, "Only its owner can ask for that.")
    said = fields.read_fields(request, APPEAL)
    if not reporting.may_appeal(asset):
        raise refusal(409, "Nothing about this picture waits for a moderator.")
    try:
        reporting.appeal(asset, said["note"])
    except reporting.AppealedBefore:
        raise refusal(409, "You asked before, and nobody has answered yet.") from None
    return answer(request, None, 204)


@router.get(
    "/staff/moderation",
    response={200: Queue, **errors_declared(400, 404)},
    auth=may_administer,
)
def list_moderation(request: HttpRequest) -> HttpResponse:
    """What waits for a moderator: the first 50, and how many there are."""
    staff_with(request, moderating.PERMISSION)
    only_parameters(request)
    cases = moderating.queue()
    items = [_case(request, case) for case in cases[:50]]
    return answer(request, {"items": items, "count": len(cases)})


@router.post(
    "/staff/moderation/{uuid:asset_id}",
    response={201: DecisionData, **errors_declared(404, *BODY_ERRORS)},
    auth=may_administer,
    openapi_extra=fields.described(DECISION),
)
def decide_moderation(request: HttpRequest, asset_id: uuid.UUID) -> HttpResponse:
    """Approve a picture, call it sensitive, take it out of the public, or bin it."""
    actor = staff_with(request, moderating.PERMISSION)
    if not Asset.objects.visible_to(actor).filter(pk=asset_id).exists():
        raise Http404
    said = fields.read_fields(request, DECISION)
    why = Why(said.get("kind", ""), said.get("reason", ""), said.get("answer", ""))
    try:
        entry = moderating.decide(asset_id, actor, Decision(said["decision"]), why)
    except Overtaken:
        raise Http404 from None
    return answer(request, _decision(entry), 201)


@router.post(
    "/staff/moderation/{int:entry_id}/undo",
    response={200: DecisionData, **errors_declared(404, 409, 422)},
    auth=may_administer,
)
def undo_moderation(request: HttpRequest, entry_id: Id) -> HttpResponse:
    """Take back a decision of yours while it is the last word."""
    actor = staff_with(request, moderating.PERMISSION)
    entry = moderating.decisions_of(actor).filter(pk=entry_id).first()
    if entry is None:
        raise Http404
    try:
        return answer(request, _decision(moderating.undo(entry, actor)))
    except Overtaken:
        raise refusal(409, "The picture has changed since.") from None


def _visible(request: HttpRequest, asset_id: uuid.UUID) -> Asset:
    user = caller(request)
    asset = Asset.objects.visible_to(user).for_viewer(user).filter(pk=asset_id).first()
    if asset is None:
        raise Http404
    return asset


def _case(request: HttpRequest, case: Case) -> dict[str, Any]:
    reports = [
        {"reason": each.reason, "note": each.note, "at": each.made_at.isoformat()}
        for each in case.reports
    ]
    return {
        "asset": asset_data(case.asset, caller(request)),
        "reports": reports,
        "appeal": case.appeal.note if case.appeal else None,
        "waits": case.waits,
        "urgent": case.is_urgent,
        "since": case.since.isoformat(),
    }


def _decision(entry: AuditEntry) -> dict[str, Any]:
    return {
        "id": entry.pk,
        "asset": entry.subject.partition(":")[2],
        "decision": entry.action.partition(".")[2],
    }
