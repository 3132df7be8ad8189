"""What moderators decide about pictures: the queue, the decisions, and taking one back.

Each decision is one transaction with its line in the audit log, which is also what undoing it
needs: how the picture stood before, and which reports and which appeal it answered.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import AuditEntry, User
from gallery import telling
from gallery.models import Appeal, Asset, Hold, RatedBy, Rating, Report, Visibility
from gallery.models.report import URGENT
from gallery.models.viewing import MODERATES

PERMISSION = MODERATES
#: So many of each kind are looked at to find the first of the queue.
MOST = 200


class Decision(StrEnum):
    APPROVE = "approve"
    SENSITIVE = "sensitive"
    REMOVE = "remove"
    BIN = "bin"


#: What becomes of the picture's columns.
COLUMNS: dict[Decision, dict[str, str]] = {
    Decision.APPROVE: {"moderator_rating": Rating.SAFE, "held": Hold.NONE},
    Decision.SENSITIVE: {"moderator_rating": Rating.SENSITIVE, "held": Hold.NONE},
    Decision.REMOVE: {"held": Hold.MODERATOR},
    # Held as well: whoever brings it back from their bin does not publish it again.
    Decision.BIN: {"held": Hold.MODERATOR},
}


class Overtaken(Exception):
    """The picture is gone, or somebody decided something else meanwhile."""


@dataclass(frozen=True)
class Case:
    """One picture of the queue, and why it is there."""

    asset: Asset
    reports: Sequence[Report]
    appeal: Appeal | None
    since: dt.datetime

    @property
    def rating(self) -> str:
        """As it stands, for people."""
        return str(Rating(self.asset.rating).label)

    @property
    def is_urgent(self) -> bool:
        return any(report.reason in URGENT for report in self.reports)

    @property
    def waits(self) -> bool:
        return self.asset.public_state == "waiting"

    @property
    def was_never_looked_at(self) -> bool:
        return self.asset.machine_source == RatedBy.UPGRADE


def queue() -> list[Case]:
    """What waits for a moderator: urgent reports first, then the longest-waiting."""
    reports: dict[uuid.UUID, list[Report]] = {}
    # Urgent ones are found however many others came before them; what was binned takes no place.
    said = _reports().annotate(urgent=Q(reason__in=URGENT)).order_by("-urgent", "made_at")
    for report in said[:MOST]:
        reports.setdefault(report.asset_id, []).append(report)
    appeals = {each.asset_id: each for each in _appeals().order_by("made_at")[:MOST]}
    kept = Asset.objects.filter(deleted_at=None).select_related("owner")
    waiting = unrated().select_related("owner").order_by("created_at")
    found = [
        *kept.filter(pk__in=[*reports, *appeals]),
        *waiting[:MOST],
        *_unlooked(kept)[:MOST],
    ]
    cases = {each.pk: _case(each, reports.get(each.pk, []), appeals.get(each.pk)) for each in found}
    return sorted(cases.values(), key=lambda case: (not case.is_urgent, _rank(case), case.since))


def awaited() -> int:
    """How many pictures somebody waits for: reported, appealed about, or published unrated."""
    reports, appeals = _reports().values("asset"), _appeals().values("asset")
    return reports.union(appeals, unrated().values("pk")).count()


def _reports() -> QuerySet[Report]:
    """Those that nobody has answered, of pictures that lie in no bin."""
    return Report.objects.open().filter(asset__deleted_at=None)


def _appeals() -> QuerySet[Appeal]:
    return Appeal.objects.filter(answered_at=None, asset__deleted_at=None)


def unrated() -> QuerySet[Asset]:
    """Published, and waiting for somebody to rate them."""
    published = Asset.objects.filter(deleted_at=None, visibility=Visibility.PUBLIC)
    return published.filter(held=Hold.NONE, rating=Rating.UNRATED)


def _unlooked(kept: Any) -> Any:
    """Public since before pictures were rated, and looked at by nobody."""
    rows = kept.filter(machine_source=RatedBy.UPGRADE, moderator_rating="")
    return rows.filter(listed=True).order_by("created_at")


def _case(asset: Asset, reports: Sequence[Report], appeal: Appeal | None) -> Case:
    moments = [*(report.made_at for report in reports), *([appeal.made_at] if appeal else [])]
    return Case(asset, reports, appeal, min(moments, default=asset.created_at))


def _rank(case: Case) -> bool:
    """Whether nobody waits for it."""
    return not (case.reports or case.appeal or case.waits)


@dataclass(frozen=True)
class Why:
    """What a moderator gives for a decision: one of `ReasonKind` or nothing, for everybody;
    `words` for the owner and the log; `answer` to the owner's appeal, or else the words are it.
    """

    kind: str = ""
    words: str = ""
    answer: str = ""


@transaction.atomic
def decide(asset_id: uuid.UUID, actor: User, decision: Decision, why: Why = Why()) -> AuditEntry:
    """Decide about a picture, close its reports, answer its appeal. Raises Overtaken.

    The owner learns of what they can notice, those who reported it that somebody looked.
    """
    asset = _locked(asset_id)
    before = _state(asset)
    stood = {name: getattr(asset, name) for name in ("rating", "held", "listed")}
    told = {"moderator_kind": why.kind, "moderator_reason": why.words[:300]}
    columns = {**COLUMNS[decision], **told}
    Asset.objects.filter(pk=asset.pk).update(**columns)
    if decision is Decision.BIN:
        asset.move_to_bin()
    closed = _close(asset, why.answer or why.words)
    after = {**before, **columns, "binned": decision is Decision.BIN}
    entry = AuditEntry.objects.record(
        actor,
        f"asset.{decision}",
        asset,
        before={**before, **closed},
        after=after,
        reason=why.words,
    )
    _tell(entry, stood, why)
    return entry


def _tell(entry: AuditEntry, stood: dict[str, Any], why: Why) -> None:
    """Whom it concerns learns of the decision `entry`."""
    asset = Asset.objects.get(pk=entry.subject.partition(":")[2])
    appealed = bool(entry.before["appeals"])
    reports = Report.objects.filter(pk__in=entry.before["reports"], reporter__isnull=False)
    people = reports.exclude(reporter=asset.owner_id).values_list("reporter", flat=True)
    telling.reporters(asset, list(people), entry)
    if asset.deleted_at or telling.matters(stood, asset, appealed=appealed):
        words = (why.answer if appealed else "") or why.words
        kind = telling.word_for(asset)
        telling.owner(asset, kind, decision=entry, words=words, answers_appeal=appealed)


@transaction.atomic
def undo(entry: AuditEntry, actor: User) -> AuditEntry:
    """Take back a decision while it is the last word. Raises Overtaken."""
    asset = _locked(uuid.UUID(entry.subject.partition(":")[2]))
    stands = _state(asset)
    if entry.actor_id != actor.pk or stands != entry.after:
        raise Overtaken
    before: dict[str, Any] = entry.before
    if stands["binned"]:
        asset.restore()
    columns = {name: before[name] for name in _STATE if name != "binned"}
    Asset.objects.filter(pk=asset.pk).update(**columns)
    Report.objects.filter(pk__in=before["reports"]).update(closed_at=None)
    Appeal.objects.filter(pk__in=before["appeals"]).update(answered_at=None, answer="")
    told = {name: before[name] for name in _STATE}
    telling.taken_back(asset, entry)
    return AuditEntry.objects.record(actor, "asset.undo", asset, before=stands, after=told)


def decisions_of(actor: User) -> QuerySet[AuditEntry]:
    """What `actor` decided, undone or not."""
    actions = [f"asset.{decision}" for decision in Decision]
    return AuditEntry.objects.filter(actor=actor, action__in=actions)


def standing(entries: Sequence[AuditEntry]) -> list[AuditEntry]:
    """Those decisions that are still the last word about their pictures."""
    named = {entry.pk: entry.subject.partition(":")[2] for entry in entries}
    assets = {str(asset.pk): asset for asset in Asset.objects.filter(pk__in=named.values())}
    kept = [entry for entry in entries if named[entry.pk] in assets]
    return [entry for entry in kept if _state(assets[named[entry.pk]]) == entry.after]


_STATE = ("moderator_rating", "moderator_kind", "moderator_reason", "held", "binned")


def _state(asset: Asset) -> dict[str, Any]:
    binned = asset.deleted_at is not None
    return {**{name: getattr(asset, name) for name in _STATE[:-1]}, "binned": binned}


def _locked(asset_id: uuid.UUID) -> Asset:
    asset = Asset.objects.select_for_update().filter(pk=asset_id).first()
    if asset is None:
        raise Overtaken
    return asset


def _close(asset: Asset, answer: str) -> dict[str, list[int]]:
    """Close what is open about it; says what that was."""
    now = timezone.now()
    reports = Report.objects.open().filter(asset=asset)
    appeals = Appeal.objects.filter(asset=asset, answered_at=None)
    closed = {"reports": _ids(reports), "appeals": _ids(appeals)}
    Report.objects.filter(pk__in=closed["reports"]).update(closed_at=now)
    Appeal.objects.filter(pk__in=closed["appeals"]).update(answered_at=now, answer=answer[:1000])
    return closed


def _ids(rows: Iterable[Any]) -> list[int]:
    return [row.pk for row in rows]
