"""Django's admin behind our own front door, with pages of our own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar, cast
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import admin
from django.contrib.admin.apps import AdminConfig
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, resolve_url
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.functional import Promise, SimpleLazyObject
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User

#: How the index groups what this app and the libraries below it keep; the rest by its app.
SECTIONS: tuple[tuple[str | Promise, tuple[str, ...]], ...] = (
    (_("Credits"), ("wallet", "creditentry", "allowanceplan")),
    (_("People"), ("user", "apikey", "invitation", "authenticator", "socialaccount")),
    (_("Teams"), ("team", "teaminvitation")),
    (_("Staff"), ("auditentry",)),
)

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


class StaffAdminConfig(AdminConfig):
    """Stands in INSTALLED_APPS for django.contrib.admin."""

    default = False
    default_site = "accounts.admin_site.StaffSite"


@dataclass(frozen=True)
class StaffPage:
    """A page of the administration that shows no model.

    `name` is its address below /admin/ and the name of its URL. Its view checks `permission`
    itself; the index shows it to those who hold that.
    """

    name: str
    title: str | Promise
    about: str | Promise
    permission: str
    view: Callable[[HttpRequest], HttpResponseBase]
    #: The lowest stands first on the index.
    rank: int = 10
    #: How much waits there for somebody to do it; None where nothing ever does.
    waits: Callable[[], int] | None = None


class StaffSite(admin.AdminSite):
    """Signs in by the page everybody uses, with its limits; is not there for ordinary people."""

    site_header = site_title = _("Limner administration")
    index_title = _("Administration")
    site_url = "/"
    index_template = "accounts/admin/index.html"
    enable_nav_sidebar = False

    def __init__(self, name: str = "admin") -> None:
        super().__init__(name)
        self.pages: list[StaffPage] = []
        # Rows are deleted one by one, each with its line in the audit log.
        self.disable_action("delete_selected")

    def add_page(self, page: StaffPage) -> None:
        """Serve `page`; apps call this in their `admin` module."""
        self.pages = sorted([*self.pages, page], key=lambda each: each.rank)

    def get_urls(self) -> list[Any]:
        # "-" is in no app's label, so that no model's address is hidden.
        ours = [
            path(f"{page.name.replace('_', '-')}/", self.admin_view(page.view), name=page.name)
            for page in self.pages
        ]
        return [*ours, *super().get_urls()]

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """On the index by what it is about, not by which app keeps it."""
        apps = super().get_app_list(request, app_label)
        if app_label:
            return apps
        rows = {row["object_name"].lower(): (row, app) for app in apps for row in app["models"]}
        groups = []
        for title, names in SECTIONS:
            found = [rows.pop(name) for name in names if name in rows]
            if found:
                home = found[0][1]
                groups.append({**home, "name": title, "models": [row for row, _app in found]})
        others = {id(app): app for _row, app in rows.values()}
        return [*groups, *others.values()]

    def waiting(self, user: User | AnonymousUser) -> list[tuple[StaffPage, int]]:
        """The pages on which something waits for `user`, and how much."""
        theirs = [page for page in self.pages if page.waits and user.has_perm(page.permission)]
        counted = [(page, page.waits()) for page in theirs if page.waits]
        return [(page, count) for page, count in counted if count]

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """As Django's, and `waiting`: read when a template first uses it."""
        waiting = SimpleLazyObject(lambda: self.waiting(request.user))
        return {**super().each_context(request), "waiting": waiting}

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        pages = [page for page in self.pages if request.user.has_perm(page.permission)]
        return super().index(request, {**(extra_context or {}), "pages": pages})

    def admin_view(self, view: View, cacheable: bool = False) -> View:  # noqa: FBT001, FBT002  Django's signature
        inner = super().admin_view(view, cacheable)

        @wraps(inner)
        def staff_only(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            if request.user.is_authenticated and not self.has_permission(request):
                raise Http404
            return inner(request, *args, **kwargs)

        return cast(View, staff_only)

    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not request.user.is_authenticated:
            page = request.GET.get("next") or resolve_url("admin:index")
            return redirect(f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': page})}")
        if not self.has_permission(request):
            raise Http404
        return redirect("admin:index")

    def logout(  # type: ignore[override]  # the stubs know Django's own answer only
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        # As it came, so that the button signs out without asking twice.
        return redirect("account_logout", preserve_request=True)
