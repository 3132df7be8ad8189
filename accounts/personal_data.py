"""What is kept about people: how to copy it and how to erase it, app by app.

`settings.KEEPS_PERSONAL_DATA` names a module of each app, the uppermost first. Each has
`documents(user)`, `stored_files(user)` and `erase(user)`; this module is also the one of accounts.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Mapping
from importlib import import_module
from typing import Any, Protocol, cast

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce, Now

from accounts.models import (
    CreditEntry,
    Invitation,
    SensitivePictures,
    StaffRole,
    TeamInvitation,
    Theme,
    User,
    Wallet,
)

#: What names a document, and its rows.
Document = tuple[str, Iterable[Mapping[str, Any]]]
#: A name inside the archive, and the storage key of what lies there.
StoredFile = tuple[str, str]
#: How many rows are read at a time.
CHUNK = 200
#: No mail can be sent there, whatever happens (RFC 2606).
NOWHERE = "account.invalid"


class Keeper(Protocol):
    """A module that keeps something about people."""

    def documents(self, user: User) -> Iterator[Document]:
        """Everything about `user` that is no file, as rows of JSON values, read as they go."""

    def stored_files(self, user: User) -> Iterator[StoredFile]:
        """What `user` made or sent, by storage key."""

    def erase(self, user: User) -> None:
        """Erase it all. May be stopped anywhere, and then simply begins again."""


def keepers() -> list[Keeper]:
    """Every app's part, the uppermost first."""
    return [cast(Keeper, import_module(name)) for name in settings.KEEPS_PERSONAL_DATA]


def documents(user: User) -> Iterator[Document]:
    """Profile, ways in, sessions, keys, teams, and every movement of their credits."""
    yield "profile.json", [_profile(user)]
    yield "sign-in.json", _ways_in(user)
    yield "sessions.json", map(_session, UserSession.objects.filter(user=user))
    yield "keys.json", map(_key, user.api_keys.all())
    yield "teams.json", map(_membership, user.memberships.select_related("team"))
    yield "ledger.json", map(_entry, _entries(user).iterator(CHUNK))


def stored_files(user: User) -> Iterator[StoredFile]:
    """Accounts keep no files but the copies themselves."""
    return iter(())


def erase(user: User) -> None:
    """Copies that were made, and whatever says who it was."""
    for export in user.exports.all():
        if export.file:
            default_storage.delete(export.file)
        export.delete()
    forget(user)


@transaction.atomic
def forget(user: User) -> None:
    """Close the door, and leave of the person a number that the ledger can name."""
    for model in (EmailAddress, SocialAccount, Authenticator, UserSession):
        model.objects.filter(user=user).delete()
    email = User.objects.values_list("email", flat=True).get(pk=user.pk)
    if not email.endswith(f"@{NOWHERE}"):
        _erase_invitations(email)
        email = f"deleted-{user.pk}-{secrets.token_hex(4)}@{NOWHERE}"
    user.api_keys.update(name="", revoked_at=Coalesce("revoked_at", Now()))
    _erase_columns(user, email)
    Wallet.objects.filter(owner=user).update(allowance=None, low_below=None)
    _logged(user).update(object_repr=pseudonym(user))


def pseudonym(user: User) -> str:
    """What the ledger and the log call somebody whose account was deleted."""
    return f"Deleted account {user.pk}"


def _erase_columns(user: User, email: str) -> None:
    user.email, user.name, user.theme = email, pseudonym(user), Theme.SYSTEM
    user.sensitive_pictures = SensitivePictures.BLUR
    user.mail_notices, user.has_notices = False, False
    user.is_active, user.suspended_reason, user.last_login = False, "", None
    user.set_unusable_password()
    user.set_staff_role(StaffRole.NONE)
    user.groups.clear()
    user.user_permissions.clear()
    user.save()


def _erase_invitations(email: str) -> None:
    Invitation.objects.filter(email__iexact=email).delete()
    bound = TeamInvitation.objects.filter(email__iexact=email)
    # Without an address it would let in whoever has the link.
    bound.update(email="", revoked_at=Coalesce("revoked_at", Now()))


def _logged(user: User) -> QuerySet[LogEntry]:
    """Lines of the admin's history that call this person or their wallet by name."""
    kinds = ContentType.objects.get_for_models(User, Wallet)
    wallets = Wallet.objects.filter(owner=user).values_list("pk", flat=True)
    theirs = Q(content_type=kinds[User], object_id=str(user.pk))
    for pk in wallets:
        theirs |= Q(content_type=kinds[Wallet], object_id=str(pk))
    return LogEntry.objects.filter(theirs)


def _entries(user: User) -> QuerySet[CreditEntry]:
    """What moved in their wallet, and what they bought with a team's."""
    mine = CreditEntry.objects.filter(Q(wallet__owner=user) | Q(buyer=user))
    return mine.select_related("wallet__team").order_by("id")


def _profile(user: User) -> dict[str, Any]:
    return {
        "id": user.pk,
        "email": user.email,
        "name": user.name,
        "theme": user.theme,
        "sensitivePictures": user.sensitive_pictures,
        "mailNotices": user.mail_notices,
        "joined": user.date_joined,
        "lastSignIn": user.last_login,
        "staffRole": user.staff_role,
        "balance": user.wallet.balance,
    }


def _ways_in(user: User) -> Iterator[dict[str, Any]]:
    for address in EmailAddress.objects.filter(user=user):
        yield {"type": "address", "email": address.email, "verified": address.verified}
    for step in Authenticator.objects.filter(user=user):
        yield {"type": step.type, "added": step.created_at, "lastUsed": step.last_used_at}
    for account in SocialAccount.objects.filter(user=user):
        yield {"type": account.provider, "id": account.uid, "told": account.extra_data}


def _session(session: UserSession) -> dict[str, Any]:
    return {
        "began": session.created_at,
        "lastSeen": session.last_seen_at,
        "address": str(session.ip),
        "browser": session.user_agent,
    }


def _key(key: Any) -> dict[str, Any]:
    return {
        "name": key.name,
        "prefix": key.prefix,
        "scopes": key.scopes,
        "budget": key.budget,
        "spent": key.spent,
        "made": key.created_at,
        "lastUsed": key.last_used_at,
        "expires": key.expires_at,
        "revoked": key.revoked_at,
    }


def _membership(membership: Any) -> dict[str, Any]:
    return {
        "team": membership.team.name,
        "role": membership.role,
        "monthlyLimit": membership.monthly_limit,
        "joined": membership.joined_at,
    }


def _entry(entry: CreditEntry) -> dict[str, Any]:
    return {
        "id": entry.pk,
        "wallet": entry.wallet.team.name if entry.wallet.team else "own",
        "kind": entry.kind,
        "amount": entry.amount,
        "balance": entry.balance if entry.wallet.owner_id else None,
        "reference": entry.reference,
        "reason": entry.reason,
        "model": entry.item,
        "project": entry.project,
        "at": entry.created_at,
    }
