"""The table of `test_rights_matrix`: who gets in where. Whoever adds an address adds its line.

An outcome is what becomes of a request before anything is looked at but who asks for what:
"open" (whatever the form or body then says), "sign in", or the status that refuses.
"""

from __future__ import annotations

from collections.abc import Mapping

from accounts.models import TeamRight
from accounts.rights import roles_with

#: Everything in the table belongs to the owner, who also owns the team; the picture is shared
#: with it. Staff are an administrator. The key is the owner's and may only read.
ACTORS = (
    *("anonymous", "stranger", "viewer", "contributor", "editor", "owner", "staff"),
    "read-only key",
)
MEMBERS = ("viewer", "contributor", "editor", "owner")

Audience = Mapping[str, str]

# Not here: what lies below /admin/ (staff alone find anything there), the descriptions below
# /docs/api/ (everybody's), and the APIs of other services below /api/ and /sdapi/, each of which
# says no in its own words (tests/generator/api).


def _except(usual: Audience, **others: tuple[str, ...]) -> Audience:
    """`usual`, but for these: `_except(PEOPLE, x404=("stranger",))`."""
    told = {actor: outcome[1:] for outcome, actors in others.items() for actor in actors}
    return {**usual, **told}


# Pages. A key opens none of them, so it is as good as anonymous there.
EVERYBODY: Audience = dict.fromkeys(ACTORS, "open")
NOBODY: Audience = dict.fromkeys(ACTORS, "404")
PEOPLE: Audience = {**EVERYBODY, "anonymous": "sign in", "read-only key": "sign in"}
SENT_TO_SIGN_IN: Audience = dict.fromkeys(ACTORS, "sign in")
#: What nobody in the test has: a second step.
NOBODYS = _except(PEOPLE, x404=("stranger", *MEMBERS, "staff"))
#: For those who may see the team's pictures.
SEEN = _except(PEOPLE, x404=("stranger", "staff"))
EDITORS = _except(SEEN, x403=("viewer", "contributor"))
DISPOSER = _except(SEEN, x403=("viewer", "contributor", "editor"))
MINE = _except(PEOPLE, x404=("stranger", "viewer", "contributor", "editor", "staff"))
#: What others wish to publish is shown to those alone who decide it.
APPROVERS = _except(PEOPLE, x404=("stranger", "viewer", "contributor", "staff"))
BYTES = _except(EVERYBODY, x404=("anonymous", "stranger", "staff"))
MY_BYTES = _except(BYTES, x404=("viewer", "contributor", "editor"))


def team(right: TeamRight) -> Audience:
    """Those who hold `right` in the team; 403 for its others, 404 for who is not in it."""
    without = tuple(member for member in MEMBERS if member not in roles_with(right))
    return _except(SEEN, x403=without)


MANAGERS = team(TeamRight.MANAGE_PEOPLE)
#: Visitors are not asked to sign in: a public picture would open for them.
SEEN_PAGE = _except(SEEN, x404=("anonymous", "stranger", "staff", "read-only key"))


# The API, by keys: everybody's own has all the scopes that they can have.
CALLERS = _except(EVERYBODY, x401=("anonymous",))
WRITERS = _except(CALLERS, x403=("read-only key",))


def _by_key(pages: Audience, usual: Audience) -> Audience:
    """What holds on pages, for keys: `usual` where pages are open or ask to sign in."""
    return {
        actor: usual[actor] if outcome in {"open", "sign in"} else outcome
        for actor, outcome in pages.items()
    }


API_SEEN, API_MINE = _by_key(SEEN, CALLERS), _by_key(MINE, CALLERS)
API_EDITORS, API_DISPOSER = _by_key(EDITORS, WRITERS), _by_key(DISPOSER, WRITERS)
API_LIKERS, API_MY_CHANGE = _by_key(SEEN, WRITERS), _by_key(MINE, WRITERS)
API_STAFF = {**dict.fromkeys(ACTORS, "403"), "anonymous": "401", "staff": "open"}


def api_team(right: TeamRight, *, write: bool = True) -> Audience:
    return _by_key(team(right), WRITERS if write else CALLERS)


S, W = TeamRight.SEE, TeamRight.READ_STATEMENT

#: Address -> who gets in by GET, and by POST (None: this method is not served there).
PAGES: Mapping[str, tuple[Audience | None, Audience | None]] = {
    "healthz": (EVERYBODY, None),
    "readyz": (EVERYBODY, None),
    # Doors
    "accounts/login/": (EVERYBODY, EVERYBODY),
    "accounts/logout/": (PEOPLE, SENT_TO_SIGN_IN),
    "accounts/signup/": (EVERYBODY, EVERYBODY),
    "accounts/inactive/": (EVERYBODY, None),
    "accounts/invitation/<slug:token>/": (NOBODY, None),
    "accounts/password/change/": (PEOPLE, PEOPLE),
    "accounts/password/set/": (PEOPLE, PEOPLE),
    "accounts/password/reset/": (EVERYBODY, EVERYBODY),
    "accounts/password/reset/done/": (EVERYBODY, None),
    "accounts/password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/": (EVERYBODY, EVERYBODY),
    "accounts/password/reset/key/done/": (EVERYBODY, None),
    "accounts/second-step/": (PEOPLE, PEOPLE),
    "accounts/passkey/": (EVERYBODY, PEOPLE),
    "accounts/email/sent/": (EVERYBODY, None),
    "accounts/email/(?P<key>[-:\\w]+)/": (EVERYBODY, EVERYBODY),
    "accounts/<slug:provider_id>/login/": (None, NOBODY),
    "accounts/<slug:provider_id>/login/callback/": (NOBODY, None),
    "accounts/impersonation/end/": (None, PEOPLE),
    "accounts/turned-back/": (SENT_TO_SIGN_IN, None),
    # One's own
    "account/": (PEOPLE, PEOPLE),
    "account/theme/": (None, PEOPLE),
    "account/sensitive-pictures/": (None, PEOPLE),
    "account/keys/": (PEOPLE, PEOPLE),
    "account/keys/<int:pk>/revocation/": (None, MINE),
    "account/webhooks/": (PEOPLE, PEOPLE),
    "account/webhooks/bucket/removal/": (None, PEOPLE),
    "account/webhooks/keeping/": (None, PEOPLE),
    "account/webhooks/<int:pk>/": (MINE, MINE),
    "account/webhooks/<int:pk>/deletion/": (None, MINE),
    "account/webhooks/<int:pk>/rotation/": (None, MINE),
    "account/webhooks/<int:pk>/switch/": (None, MINE),
    "account/webhooks/<int:pk>/test/": (None, MINE),
    "account/webhooks/<int:pk>/deliveries/<uuid:delivery_id>/redelivery/": (None, MINE),
    "account/api/": (PEOPLE, None),
    "account/api/usage/": (PEOPLE, None),
    "account/api/usage/export/": (PEOPLE, None),
    "account/data/": (PEOPLE, None),
    "account/data/copy/": (None, PEOPLE),
    "account/data/copy/<uuid:pk>/": (MINE, None),
    "account/deletion/": (PEOPLE, PEOPLE),
    "account/credits/": (PEOPLE, None),
    "account/credits/totals/": (PEOPLE, None),
    "account/credits/export/": (PEOPLE, None),
    "account/credits/warning/": (None, PEOPLE),
    "account/confirm/": (PEOPLE, PEOPLE),
    "account/confirm/code/": (PEOPLE, PEOPLE),
    "account/confirm/passkey/": (PEOPLE, PEOPLE),
    "account/security/": (PEOPLE, None),
    "account/security/app/": (PEOPLE, PEOPLE),
    "account/security/app/removal/": (NOBODYS, NOBODYS),
    "account/security/codes/": (NOBODYS, None),
    "account/security/codes/new/": (PEOPLE, PEOPLE),
    "account/security/codes/file/": (NOBODYS, None),
    "account/security/passkeys/": (PEOPLE, PEOPLE),
    "account/security/passkeys/<int:pk>/": (MINE, MINE),
    "account/security/passkeys/<int:pk>/removal/": (MINE, MINE),
    "account/sessions/end/": (None, SENT_TO_SIGN_IN),
    "account/sessions/<int:pk>/end/": (None, MINE),
    "account/provider/removal/": (None, PEOPLE),
    "account/email/proof/": (None, PEOPLE),
    # Teams
    "teams/": (PEOPLE, PEOPLE),
    "teams/join/": (EVERYBODY, EVERYBODY),
    "teams/invitation/<slug:token>/": (EVERYBODY, None),
    "teams/<int:pk>/": (team(S), None),
    "teams/<int:pk>/settings/": (None, team(TeamRight.RENAME)),
    "teams/<int:pk>/deletion/": (team(TeamRight.DELETE), team(TeamRight.DELETE)),
    "teams/<int:pk>/leaving/": (team(S), team(S)),
    "teams/<int:pk>/people/<int:user_id>/": (MANAGERS, MANAGERS),
    "teams/<int:pk>/people/<int:user_id>/removal/": (MANAGERS, MANAGERS),
    "teams/<int:pk>/invitations/": (None, team(TeamRight.INVITE)),
    "teams/<int:pk>/invitations/<int:invitation_id>/renewal/": (None, team(TeamRight.INVITE)),
    "teams/<int:pk>/invitations/<int:invitation_id>/revocation/": (None, team(TeamRight.INVITE)),
    "account/credits/teams/<int:pk>/": (team(S), None),
    "account/credits/teams/<int:pk>/totals/": (team(S), None),
    "account/credits/teams/<int:pk>/export/": (team(S), None),
    "account/credits/teams/<int:pk>/warning/": (None, team(TeamRight.MANAGE_PEOPLE)),
    # Pictures
    "gallery/": (EVERYBODY, None),
    "gallery/stack/": (NOBODY, None),
    "gallery/searches/": (PEOPLE, PEOPLE),
    "gallery/searches/<int:search_id>/name/": (None, MINE),
    "gallery/searches/<int:search_id>/removal/": (None, MINE),
    "gallery/bin/": (PEOPLE, None),
    "gallery/import/": (PEOPLE, PEOPLE),
    "gallery/<uuid:asset_id>/": (SEEN_PAGE, None),
    "gallery/<uuid:asset_id>/like/": (None, SEEN),
    "gallery/<uuid:asset_id>/rating/": (None, DISPOSER),
    # What other sites load: of what is public, and the picture here is not.
    "gallery/<uuid:asset_id>/preview.jpg": (NOBODY, None),
    "gallery/<uuid:asset_id>/embed/": (NOBODY, None),
    "gallery/feed.atom": (EVERYBODY, None),
    "collections/<uuid:collection_id>/feed.atom": (NOBODY, None),
    "collections/<uuid:collection_id>/embed/": (NOBODY, None),
    "oembed/": (NOBODY, None),
    # The owner alone may not report it, nor anybody else appeal.
    # Visitors report what is public.
    "gallery/<uuid:asset_id>/report/": (None, _except(SEEN_PAGE, x403=("owner",))),
    "gallery/<uuid:asset_id>/appeal/": (None, DISPOSER),
    "gallery/<uuid:asset_id>/visibility/": (None, DISPOSER),
    "gallery/<uuid:asset_id>/teams/<int:team_id>/": (None, EDITORS),
    "gallery/<uuid:asset_id>/details/": (None, EDITORS),
    "gallery/<uuid:asset_id>/deletion/": (None, DISPOSER),
    "gallery/<uuid:asset_id>/restoration/": (None, MINE),
    "gallery/<uuid:asset_id>/erasure/": (None, MINE),
    "gallery/<uuid:asset_id>/lineage/": (SEEN_PAGE, None),
    "gallery/compare/": (NOBODY, None),
    "gallery/<uuid:asset_id>/download/": (BYTES, None),
    "gallery/<uuid:asset_id>/sharing/": (DISPOSER, None),
    "gallery/<uuid:asset_id>/sharing/people/": (None, DISPOSER),
    "gallery/<uuid:asset_id>/sharing/links/": (None, DISPOSER),
    "gallery/shares/<uuid:share_id>/right/": (None, MINE),
    "gallery/shares/<uuid:share_id>/end/": (None, MINE),
    "gallery/notices/": (PEOPLE, None),
    "gallery/notices/mail/": (None, PEOPLE),
    "gallery/approvals/": (PEOPLE, None),
    "gallery/approvals/<int:pk>/": (None, APPROVERS),
    # Their tokens open them to whoever has one: tests/gallery/test_visibility.py.
    "gallery/invitation/<slug:token>/": (NOBODY, NOBODY),
    "s/<slug:token>/": (NOBODY, NOBODY),
    "s/<slug:token>/files/<str:name>": (NOBODY, None),
    "s/<slug:token>/download/": (NOBODY, None),
    "s/<slug:token>/report/": (None, NOBODY),
    "files/<uuid:asset_id>/<str:name>": (BYTES, None),
    "shown/<int:until>/<int:viewer>/<str:code>/<path:file>": (BYTES, None),
    # Putting them in order: the collection is shared with the team, whose makers arrange it
    "collections/": (PEOPLE, PEOPLE),
    "collections/<uuid:collection_id>/": (SEEN_PAGE, None),
    "collections/<uuid:collection_id>/settings/": (None, DISPOSER),
    "collections/<uuid:collection_id>/deletion/": (None, DISPOSER),
    "collections/<uuid:collection_id>/people/": (None, DISPOSER),
    "collections/<uuid:collection_id>/people/<int:access_id>/removal/": (None, DISPOSER),
    "collections/<uuid:collection_id>/<uuid:asset_id>/place/": (None, team(TeamRight.SHARE)),
    "collections/<uuid:collection_id>/<uuid:asset_id>/removal/": (None, team(TeamRight.SHARE)),
    "collections/<uuid:collection_id>/zip/": (SEEN, None),
    "collections/<uuid:collection_id>/sheet/": (SEEN, None),
    "gallery/<uuid:asset_id>/collections/": (None, SEEN),
    "gallery/selection/": (None, PEOPLE),
    "gallery/selection/zip/": (None, PEOPLE),
    "gallery/selection/sheet/": (None, PEOPLE),
    "gallery/zip/": (PEOPLE, None),
    "gallery/tags/": (PEOPLE, PEOPLE),
    "gallery/tags/completions/": (PEOPLE, None),
    "gallery/bin/selection/": (None, PEOPLE),
    "gallery/bin/everything/": (None, PEOPLE),
    "gallery/bin/undo/<int:moment>/": (None, MINE),
    "uploads/": (PEOPLE, None),
    "uploads/<uuid:upload_id>/erasure/": (None, MINE),
    "uploads/<uuid:upload_id>/<str:name>": (MY_BYTES, None),
    # Making them
    "": (EVERYBODY, None),
    "create/": (PEOPLE, PEOPLE),
    "create/code/": (None, PEOPLE),
    "create/code/<uuid:asset_id>/": (SEEN, None),
    "create/guides/": (None, PEOPLE),
    "create/price/": (None, PEOPLE),
    "jobs/": (PEOPLE, None),
    "jobs/<uuid:generation_id>/": (MINE, None),
    "jobs/<uuid:generation_id>/cancel/": (None, MINE),
    "jobs/<uuid:generation_id>/retry/": (None, MINE),
}

#: Method and address of the API -> who gets in.
API: Mapping[str, Audience] = {
    "GET openapi.json": EVERYBODY,
    "POST tasks/text-to-image": WRITERS,
    "GET tasks": CALLERS,
    "GET tasks/{task_id}": API_MINE,
    "GET tasks/text-to-image/{task_id}": API_MINE,
    "POST tasks/{task_id}/cancel": API_MY_CHANGE,
    "POST tasks/{task_id}/retry": API_MY_CHANGE,
    "GET assets": CALLERS,
    "POST assets/bulk": WRITERS,
    "GET assets/{asset_id}": API_SEEN,
    "PATCH assets/{asset_id}": API_EDITORS,
    "DELETE assets/{asset_id}": API_DISPOSER,
    "POST assets/{asset_id}/like": API_LIKERS,
    "POST assets/{asset_id}/rating": API_DISPOSER,
    "POST assets/{asset_id}/report": _except(API_LIKERS, x403=("owner", "read-only key")),
    "POST assets/{asset_id}/appeal": API_DISPOSER,
    "DELETE assets/{asset_id}/like": API_LIKERS,
    "POST imports": WRITERS,
    "GET searches": CALLERS,
    "POST searches": WRITERS,
    "PATCH searches/{search_id}": API_MY_CHANGE,
    "DELETE searches/{search_id}": API_MY_CHANGE,
    "GET collections": CALLERS,
    "POST collections": WRITERS,
    "GET collections/{collection_id}": API_SEEN,
    "PATCH collections/{collection_id}": API_DISPOSER,
    "DELETE collections/{collection_id}": API_DISPOSER,
    "GET collections/{collection_id}/items": API_SEEN,
    "POST collections/{collection_id}/items": api_team(TeamRight.SHARE),
    "PATCH collections/{collection_id}/items/{asset_id}": api_team(TeamRight.SHARE),
    "DELETE collections/{collection_id}/items/{asset_id}": api_team(TeamRight.SHARE),
    "GET collections/{collection_id}/shares": _by_key(DISPOSER, CALLERS),
    "POST collections/{collection_id}/shares": API_DISPOSER,
    "DELETE collections/{collection_id}/shares/{access_id}": API_DISPOSER,
    "GET tags": CALLERS,
    "PATCH tags/{name}": API_MY_CHANGE,
    "DELETE tags/{name}": API_MY_CHANGE,
    "POST uploads": WRITERS,
    "GET uploads/{upload_id}": API_MINE,
    "DELETE uploads/{upload_id}": API_MY_CHANGE,
    # The owner asked, and owns the team as well.
    "GET publications": CALLERS,
    "GET publications/{publication_id}": _by_key(APPROVERS, CALLERS),
    "POST publications/{publication_id}/approve": _by_key(APPROVERS, WRITERS),
    "POST publications/{publication_id}/decline": _by_key(APPROVERS, WRITERS),
    "DELETE publications/{publication_id}": _by_key(_except(APPROVERS, x403=("editor",)), WRITERS),
    "GET shares": CALLERS,
    "POST shares": WRITERS,
    "GET shares/{share_id}": API_MINE,
    "PATCH shares/{share_id}": API_MY_CHANGE,
    "DELETE shares/{share_id}": API_MY_CHANGE,
    "GET models": CALLERS,
    "GET models/{model_id}": CALLERS,
    "GET styles": CALLERS,
    "GET samplers": CALLERS,
    "GET ratios": CALLERS,
    "GET me": CALLERS,
    "PATCH me": WRITERS,
    "GET teams": CALLERS,
    "POST teams": WRITERS,
    "GET teams/{team_id}": api_team(S, write=False),
    "PATCH teams/{team_id}": api_team(TeamRight.RENAME),
    "DELETE teams/{team_id}": api_team(TeamRight.DELETE),
    "POST teams/{team_id}/leave": api_team(S),
    "GET teams/{team_id}/members": api_team(S, write=False),
    "PATCH teams/{team_id}/members/{user_id}": api_team(TeamRight.MANAGE_PEOPLE),
    "DELETE teams/{team_id}/members/{user_id}": api_team(TeamRight.MANAGE_PEOPLE),
    "GET teams/{team_id}/invitations": api_team(TeamRight.INVITE, write=False),
    "POST teams/{team_id}/invitations": api_team(TeamRight.INVITE),
    "DELETE teams/{team_id}/invitations/{invitation_id}": api_team(TeamRight.INVITE),
    "POST teams/invitations/accept": WRITERS,
    "GET credits": CALLERS,
    "GET credits/entries": CALLERS,
    "GET credits/use": CALLERS,
    "GET keys": CALLERS,
    "POST keys": WRITERS,
    "DELETE keys/{key_id}": API_MY_CHANGE,
    "GET webhooks": CALLERS,
    "POST webhooks": WRITERS,
    "GET webhooks/{webhook_id}": API_MINE,
    "PATCH webhooks/{webhook_id}": API_MY_CHANGE,
    "DELETE webhooks/{webhook_id}": API_MY_CHANGE,
    "POST webhooks/{webhook_id}/rotate": API_MY_CHANGE,
    "POST webhooks/{webhook_id}/test": API_MY_CHANGE,
    "GET webhooks/{webhook_id}/deliveries": API_MINE,
    "POST webhooks/{webhook_id}/deliveries/{delivery_id}/redeliver": API_MY_CHANGE,
    "GET billing": CALLERS,
    "GET staff/moderation": API_STAFF,
    # The picture of the table is private: no moderator finds it. Nor a decision that was not made.
    "POST staff/moderation/{asset_id}": _except(API_STAFF, x404=("staff",)),
    "POST staff/moderation/{entry_id}/undo": _except(API_STAFF, x404=("staff",)),
    "GET staff/people": API_STAFF,
    "GET staff/people/{user_id}": API_STAFF,
    "GET staff/teams": API_STAFF,
    "GET staff/teams/{team_id}": API_STAFF,
    "POST staff/wallets/{wallet_id}/grants": API_STAFF,
    "POST staff/wallets/{wallet_id}/corrections": API_STAFF,
}
