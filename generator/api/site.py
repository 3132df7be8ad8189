"""The native API as a whole: every router under /v1, and its description."""

from __future__ import annotations

from ninja import NinjaAPI
from ninja.operation import Operation

from accounts.api import billing, credits, keys, me, staff, team_invitations, teams
from accounts.api.answers import install
from gallery import api as gallery_api
from gallery import (
    bulk_api,
    collection_api,
    publication_api,
    safety_api,
    search_api,
    share_api,
    tag_api,
    upload_api,
)
from generator.api import choices, imports, tasks, webhooks

DESCRIPTION = """Make pictures and manage them from a program. Send an API key as
`Authorization: Bearer …`. Errors are `{"message": "…"}`, with `errors` by field for 422."""


class NativeAPI(NinjaAPI):
    """Names operations as their functions are named: `list_tasks`, not the module's path."""

    def get_openapi_operation_id(self, operation: Operation) -> str:
        return operation.view_func.__name__


api = NativeAPI(
    title="Limner",
    version="1",
    description=DESCRIPTION,
    urls_namespace="v1",
    # Ninja's own page needs inline scripts; ours is generator.api.reference.
    docs_url=None,
)
install(api)
api.add_router("/tasks", tasks.router)
api.add_router("", gallery_api.router)
api.add_router("", bulk_api.router)
api.add_router("", upload_api.router)
api.add_router("", collection_api.router)
api.add_router("", tag_api.router)
api.add_router("", search_api.router)
api.add_router("", safety_api.router)
api.add_router("", share_api.router)
api.add_router("", publication_api.router)
api.add_router("", choices.router)
api.add_router("", webhooks.router)
api.add_router("", imports.router)
for accounts_part in (me, teams, team_invitations, credits, keys, billing, staff):
    api.add_router("", accounts_part.router)
