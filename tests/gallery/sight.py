"""The table of `test_visibility`: who sees a picture in which state, and every way to look at it.

Whoever adds a way to get at a picture adds it to `WAYS` (or `WAYS_BY_LINK`); a way to get at many
at once, to `HOLDERS`; a state, to `STATES`. Everything else follows.
"""

from __future__ import annotations

import io
import json
import re
import uuid
import zipfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.conf import settings
from django.test import Client
from django.urls import reverse

from accounts.models import Role, Team, User
from gallery import keeping, sharing, thumbnail_links
from gallery.models import Asset, Collection, Rating, Share, Variant
from tests.factories import (
    join,
    keep,
    make_collection,
    make_key,
    make_picture,
    make_team,
    make_user,
    share,
)

MEMBERS = tuple(f"team's {role}" for role in Role)
#: Everybody who may try. The picture belongs to "owner", as does the team; the two people are
#: those it is shared with in person.
ACTORS = (
    *("anonymous", "stranger", "owner", "staff", *MEMBERS, "who left the team"),
    *("may look", "may edit"),
)
PERSONS = ("may look", "may edit")
EVERYBODY, NOBODY = frozenset(ACTORS), frozenset[str]()
OWNER = frozenset({"owner"})
TEAM = OWNER | {*MEMBERS}

#: What no listing, page or file may say to who must not see the picture.
SECRET = "the secret prompt"


@dataclass(frozen=True)
class State:
    """How a picture lies there, who sees it then, and who changes its words."""

    make: Callable[[User], Asset]
    seen_by: frozenset[str] = OWNER
    edited_by: frozenset[str] = OWNER
    shared: bool = False
    in_person: bool = False
    #: In the bin: the owner's session still shows its bytes there, and nothing else does.
    binned: bool = False
    #: Whether it is told to other sites: by feeds, previews of links, frames. Whoever asks, since
    #: they are answered like anybody.
    told_away: bool = False


def _kept(owner: User) -> Asset:
    return keep(make_picture(owner, prompt=SECRET))


def _public(owner: User) -> Asset:
    return keep(make_picture(owner, prompt=SECRET), public=True)


def _rated(rating: Rating) -> Callable[[User], Asset]:
    return lambda owner: keep(make_picture(owner, prompt=SECRET, rating=rating), public=True)


def _linked(owner: User) -> Asset:
    asset = _kept(owner)
    sharing.by_link(asset)
    return asset


def _erased(owner: User) -> Asset:
    asset = keep(make_picture(owner, prompt=SECRET), public=True, binned=True)
    keeping.purge([asset.pk])
    return asset


EDITORS = frozenset({"owner", "team's owner", "team's editor"})
STATES: Mapping[str, State] = {
    "private": State(_kept),
    "shared with a team": State(_kept, TEAM, EDITORS, shared=True),
    "shared with a closed team": State(_kept, shared=True),
    "shared in person": State(_kept, OWNER | {*PERSONS}, OWNER | {"may edit"}, in_person=True),
    "behind a link": State(_linked),
    "public": State(_public, EVERYBODY, told_away=True),
    "public, and shared with a team": State(
        _public, EVERYBODY, EDITORS, shared=True, told_away=True
    ),
    # Moderators see what waits for one.
    "published but unrated": State(_rated(Rating.UNRATED), OWNER | {"staff"}),
    # Visitors are shown no sensitive pictures unless the operator says so.
    "published and sensitive": State(_rated(Rating.SENSITIVE), EVERYBODY - {"anonymous"}),
    "binned": State(_kept, NOBODY, NOBODY, binned=True),
    "public and binned": State(_public, NOBODY, NOBODY, binned=True),
    "shared and binned": State(_linked, NOBODY, NOBODY, shared=True, in_person=True, binned=True),
    "erased": State(_erased, NOBODY, NOBODY),
}


@dataclass(frozen=True)
class Way:
    """How somebody gets at one picture; `by_key` asks with an API key and no session."""

    url: Callable[[uuid.UUID], str]
    method: str = "GET"
    range: bool = False
    by_key: bool = False
    #: Whether it opens for visitors where the picture is public.
    for_visitors: bool = True
    #: Whether the owner's session reads it in the bin as well.
    in_bin: bool = False
    #: Whether it is for other sites: the same for everybody, and only for what is told away.
    for_others: bool = False
    #: Whether it is a page that has tags for previews of links, of what is told away.
    tagged: bool = False


def _to(name: str, *args: str) -> Callable[[uuid.UUID], str]:
    return lambda pk: reverse(name, args=[pk, *args])


def _thumbnail(pk: uuid.UUID) -> str:
    """A link as pages have it, for somebody else and rightly signed: none of that counts here."""
    variant = Variant.objects.filter(asset=pk).first()
    return thumbnail_links.address(variant.file if variant else "assets/00/none.webp", 0)


WAYS: Mapping[str, Way] = {
    "page": Way(_to("asset"), tagged=True),
    "page, HEAD": Way(_to("asset"), "HEAD"),
    "lineage": Way(_to("asset_lineage")),
    "comparison": Way(lambda pk: reverse("compare") + f"?a={pk}"),
    "original": Way(_to("asset_file", "original"), in_bin=True),
    "original, HEAD": Way(_to("asset_file", "original"), "HEAD", in_bin=True),
    "original, by key": Way(_to("asset_file", "original"), by_key=True),
    "variant": Way(_to("asset_file", "96.webp"), in_bin=True),
    "variant, a part": Way(_to("asset_file", "96.webp"), range=True, in_bin=True),
    "variant, by key": Way(_to("asset_file", "96.webp"), by_key=True),
    "variant, by a link of nginx": Way(_thumbnail, in_bin=True),
    "download": Way(_to("asset_download"), in_bin=True),
    "download, by key": Way(_to("asset_download"), by_key=True),
    "API": Way(lambda pk: f"/v1/assets/{pk}", by_key=True, for_visitors=False),
    "preview": Way(_to("asset_preview"), for_others=True),
    "frame": Way(_to("asset_embed"), for_others=True),
    "oEmbed": Way(
        lambda pk: (
            f"/oembed/?{urlencode({'url': settings.BASE_URL + reverse('asset', args=[pk])})}"
        ),
        for_others=True,
    ),
}
#: The tags that other sites read a preview from.
TAGS = (b"og:image", b"twitter:card", b"application/json+oembed")
#: And by a link, whose token takes the place of the id.
WAYS_BY_LINK: Mapping[str, str] = {
    "share_link": "",
    "share_link_file": "original",
    "share_link_download": "",
}


def _in_zip(body: bytes) -> set[str]:
    """The ids of what lies in it, a picture and its facts side by side."""
    if not body.startswith(b"PK"):
        return set()
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        names = archive.namelist()
        facts = [name for name in names if name.endswith(".json")]
        assert {name.removesuffix(".json") for name in facts} == {
            name.removesuffix(".png") for name in names if name.endswith(".png")
        }
        return {json.loads(archive.read(name))["id"] for name in facts}


def _named(body: bytes) -> set[str]:
    """Every id that is written in it, of whatever it is."""
    return set(re.findall(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", body.decode()))


@dataclass(frozen=True)
class Holder:
    """Something that shows many pictures at once: those that whoever asks may see, and no other."""

    url: Callable[[Collection], str]
    #: The ids that are found in its body.
    read: Callable[[bytes], set[str]] = _named
    by_key: bool = False
    posted: bool = False
    for_visitors: bool = True
    for_others: bool = False


def _of(name: str) -> Callable[[Collection], str]:
    return lambda collection: reverse(name, args=[collection.pk])


#: Each is asked about all pictures of `STATES`, by naming them or a public collection of them.
HOLDERS: Mapping[str, Holder] = {
    "zip of a selection": Holder(
        lambda _: reverse("selection_zip"), _in_zip, posted=True, for_visitors=False
    ),
    "zip of a collection": Holder(_of("collection_zip"), _in_zip, for_visitors=False),
    "collection": Holder(_of("collection")),
    "collection, by key": Holder(
        lambda collection: f"/v1/collections/{collection.pk}/items",
        by_key=True,
        for_visitors=False,
    ),
    "feed": Holder(lambda _: reverse("public_feed"), for_others=True),
    "feed of a collection": Holder(_of("collection_feed"), for_others=True),
    "frame of a collection": Holder(_of("collection_embed"), for_others=True),
}


def shown_by(holder: Holder, actor: str) -> set[str]:
    """What the table says: the states whose pictures `actor` finds in it."""
    if not holder.for_visitors and actor == "anonymous":
        return set()
    if holder.for_others:
        return {name for name, state in STATES.items() if state.told_away}
    return {name for name, state in STATES.items() if actor in state.seen_by}


class Theatre:
    """Everybody's browser and program, and the owner's pictures."""

    def __init__(self, owner: User, staff: User) -> None:
        self.people = {actor: make_user() for actor in ACTORS if actor != "anonymous"}
        self.people |= {"owner": owner, "staff": staff}
        self.clients = {actor: Client() for actor in ACTORS}
        self.headers: dict[str, dict[str, str]] = {"anonymous": {}}
        for actor, person in self.people.items():
            self.clients[actor].force_login(person)
            self.headers[actor] = make_key(person)[1]

    def picture(self, name: str) -> Asset:
        """A picture in that state."""
        state, owner = STATES[name], self.people["owner"]
        asset = state.make(owner)
        if state.shared:
            share(asset, self._team(closed="closed" in name))
        if state.in_person:
            for actor in PERSONS:
                Share.objects.give(asset, self.people[actor], may_edit=actor == "may edit")
        if state.binned:
            asset.move_to_bin()
        return asset

    def collection(self, assets: Iterable[Asset]) -> Collection:
        """A public collection of the owner's that names all of them that there are."""
        collection = make_collection(self.people["owner"], public=True)
        there = Asset.objects.filter(pk__in=[asset.pk for asset in assets])
        for number, asset in enumerate(there, 1):
            collection.items.create(asset=asset, position=number)
        return collection

    def find(self, actor: str, holder: Holder, about: Collection, pks: Iterable[str]) -> set[str]:
        """Those of `pks` that `actor` finds in it."""
        client = Client(headers=self.headers[actor]) if holder.by_key else self.clients[actor]
        url = holder.url(about)
        response = client.post(url, {"asset": list(pks)}) if holder.posted else client.get(url)
        body = b"".join(response) if response.streaming else response.content
        return holder.read(body) & set(pks)

    def _team(self, *, closed: bool) -> Team:
        team = make_team(self.people["owner"])
        for role in Role:
            join(team, self.people[f"team's {role}"], role)
        join(team, self.people["who left the team"], Role.EDITOR).end()
        if closed:
            team.close()
        return team

    def ask(self, actor: str, way: Way, pk: uuid.UUID) -> tuple[int, bytes]:
        """The status and the body that `actor` gets."""
        headers = dict(self.headers[actor]) if way.by_key else {}
        if way.range:
            headers["Range"] = "bytes=0-3"
        client = Client() if way.by_key else self.clients[actor]
        response = client.generic(way.method, way.url(pk), headers=headers)
        body = b"".join(response) if response.streaming else response.content
        return response.status_code, body


def expected(state: State, way: Way, actor: str) -> int:
    """What the table says: a status."""
    if way.for_others:
        return 200 if state.told_away else 404
    if not way.for_visitors and actor == "anonymous":
        return 401
    seen = actor in state.seen_by
    if state.binned and way.in_bin and actor == "owner":
        seen = True
    if not seen:
        return 404
    return 206 if way.range else 200
