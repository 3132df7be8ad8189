"""Django's admin behind our own front door."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import admin
from django.contrib.admin.apps import AdminConfig
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, resolve_url
from django.utils.translation import gettext_lazy as _

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


class StaffAdminConfig(AdminConfig):
    """Stands in INSTALLED_APPS for django.contrib.admin."""

    default = False
    default_site = "accounts.admin_site.StaffSite"


class StaffSite(admin.AdminSite):
    """Signs in by the page everybody uses, with its limits; is not there for ordinary people."""

    site_header = site_title = _("Limner administration")
    index_title = _("Everything that is stored")
    site_url = "/"

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
