"""For staff: looking people and teams up, and moving credits."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from ninja import Query, Router

from accounts import grants
from accounts.api import fields
from accounts.api.access import may_administer, staff_with
from accounts.api.answers import ApiError, answer, errors_declared, refusal, wrong_fields
from accounts.api.fields import Id
from accounts.api.reading import BODY_ERRORS, only_parameters
from accounts.api.staff_data import (
    MovementData,
    PersonData,
    PersonPage,
    SearchQuery,
    StaffTeamData,
    StaffTeamPage,
    movement_data,
    person_data,
    staff_team_data,
)
from accounts.models import CreditEntry, InsufficientCredits, Kind, Team, User, Wallet

router = Router(tags=["Staff"])

MAX_KEY = 255
GRANT = {
    "amount": fields.whole(1, grants.MOST, "Credits to add.", required=True),
    "reason": fields.text(200, "The owner reads it in the statement.", required=True),
    "expiresAt": fields.later("When what is left of them ends; null: never."),
}
CORRECTION = {
    "amount": fields.whole(
        -grants.MOST, grants.MOST, "Credits to add, or below 0 to take; not 0.", required=True
    ),
    "reason": fields.text(200, "The owner reads it in the statement.", required=True),
}
_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": True,
    "schema": {"type": "string", "minLength": 1, "maxLength": MAX_KEY},
    "description": "Repeating a movement with the same key gives the same answer, for ever.",
}


@router.get(
    "/staff/people",
    response={200: PersonPage, **errors_declared(400, 404, 422)},
    auth=may_administer,
)
def list_people(request: HttpRequest, query: Query[SearchQuery]) -> HttpResponse:
    """People, newest first; `q` is a part of the address or the name."""
    staff_with(request, "accounts.view_user")
    only_parameters(request, *SearchQuery.model_fields)
    wanted = Q(email__icontains=query.q) | Q(name__icontains=query.q) if query.q else Q()
    people = User.objects.filter(wanted).select_related("wallet")
    return _page(request, people, query, person_data)


@router.get(
    "/staff/people/{int:user_id}",
    response={200: PersonData, **errors_declared(404, 422)},
    auth=may_administer,
)
def get_person(request: HttpRequest, user_id: Id) -> HttpResponse:
    """One person."""
    staff_with(request, "accounts.view_user")
    person = User.objects.select_related("wallet").filter(pk=user_id).first()
    if person is None:
        raise Http404
    return answer(request, person_data(person))


@router.get(
    "/staff/teams",
    response={200: StaffTeamPage, **errors_declared(400, 404, 422)},
    auth=may_administer,
)
def list_all_teams(request: HttpRequest, query: Query[SearchQuery]) -> HttpResponse:
    """Teams, newest first; `q` is a part of the name."""
    staff_with(request, "accounts.view_team")
    only_parameters(request, *SearchQuery.model_fields)
    wanted = Q(name__icontains=query.q) if query.q else Q()
    teams = Team.objects.filter(wanted).select_related("wallet")
    return _page(request, teams.prefetch_related("memberships"), query, staff_team_data)


@router.get(
    "/staff/teams/{int:team_id}",
    response={200: StaffTeamData, **errors_declared(404, 422)},
    auth=may_administer,
)
def get_any_team(request: HttpRequest, team_id: Id) -> HttpResponse:
    """One team."""
    staff_with(request, "accounts.view_team")
    teams = Team.objects.select_related("wallet").prefetch_related("memberships")
    team = teams.filter(pk=team_id).first()
    if team is None:
        raise Http404
    return answer(request, staff_team_data(team))


@router.post(
    "/staff/wallets/{int:wallet_id}/grants",
    response={201: MovementData, **errors_declared(404, 409, *BODY_ERRORS)},
    auth=may_administer,
    openapi_extra=fields.described(GRANT, _KEY),
)
def grant_credits(request: HttpRequest, wallet_id: Id) -> HttpResponse:
    """Add credits to somebody's or a team's wallet, for good or until a day."""
    return _move(request, wallet_id, GRANT, is_correction=False)


@router.post(
    "/staff/wallets/{int:wallet_id}/corrections",
    response={201: MovementData, **errors_declared(404, 409, *BODY_ERRORS)},
    auth=may_administer,
    openapi_extra=fields.described(CORRECTION, _KEY),
)
def correct_credits(request: HttpRequest, wallet_id: Id) -> HttpResponse:
    """Mend a mistake by an entry that makes up for it; entries themselves never change."""
    return _move(request, wallet_id, CORRECTION, is_correction=True)


def _page(request: HttpRequest, rows: Any, query: SearchQuery, write: Any) -> HttpResponse:
    """A page by descending id; the cursor is the last id."""
    if query.cursor:
        rows = rows.filter(pk__lt=query.cursor)
    found = list(rows.order_by("-pk")[: query.limit + 1])
    page = found[: query.limit]
    cursor = page[-1].pk if len(found) > query.limit else None
    return answer(request, {"items": [write(row) for row in page], "nextCursor": cursor})


def _move(
    request: HttpRequest, wallet_id: int, body: fields.Fields, *, is_correction: bool
) -> HttpResponse:
    actor = staff_with(request, "accounts.change_wallet")
    ticket = _ticket(request, actor)
    wanted = fields.read_fields(request, body)
    if not wanted["amount"]:
        raise ApiError(422, {"message": "Nothing would change.", "errors": {"amount": ["Not 0."]}})
    if wanted.get("expiresAt"):
        _check_end(wanted["expiresAt"])
    wallet = Wallet.objects.select_related("owner", "team").filter(pk=wallet_id).first()
    if wallet is None:
        raise Http404
    with transaction.atomic():
        # One after the other: two requests with one key may name two wallets.
        User.objects.select_for_update(no_key=True).get(pk=actor.pk)
        earlier = CreditEntry.objects.filter(actor=actor, reference=f"staff:{ticket}").first()
        if earlier:
            _check_same(earlier, wallet_id, wanted, is_correction=is_correction)
        entry = earlier or _written(wallet, wanted, actor, ticket, is_correction=is_correction)
    return answer(request, movement_data(entry), 201)


def _written(
    wallet: Wallet, wanted: dict[str, Any], actor: User, ticket: str, *, is_correction: bool
) -> CreditEntry:
    try:
        return grants.move(
            wallet,
            wanted["amount"],
            actor=actor,
            reason=wanted["reason"],
            ticket=ticket,
            expires_at=wanted.get("expiresAt"),
            is_correction=is_correction,
        )
    except InsufficientCredits as error:
        raise refusal(409, f"The wallet holds only {error.balance}.") from None
    except grants.NobodyToSpend as error:
        raise refusal(409, str(error)) from None


def _check_end(moment: dt.datetime) -> None:
    try:
        grants.check_last_day(moment.date())
    except ValidationError as error:
        raise wrong_fields({"expiresAt": error.messages}) from None


def _ticket(request: HttpRequest, actor: User) -> str:
    """What the ledger calls this person's Idempotency-Key."""
    key = request.headers.get("Idempotency-Key", "")
    if not (0 < len(key) <= MAX_KEY and key.isprintable()):
        raise refusal(400, f"Send an Idempotency-Key of 1 to {MAX_KEY} printable characters.")
    return f"api:{actor.pk}:{hashlib.sha256(key.encode()).hexdigest()[:40]}"


def _check_same(
    entry: CreditEntry, wallet_id: int, wanted: dict[str, Any], *, is_correction: bool
) -> None:
    """The request must be the one that the key was used for."""
    lot = getattr(entry, "lot", None)
    done = (entry.wallet_id, entry.kind, entry.amount, entry.reason, lot and lot.expires_at)
    kind = Kind.CORRECTION if is_correction else Kind.GRANT
    if done != (wallet_id, kind, wanted["amount"], wanted["reason"], wanted.get("expiresAt")):
        message = "This Idempotency-Key was used for a different request."
        raise ApiError(422, {"message": message, "errors": {}})
