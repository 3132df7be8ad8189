"""Pages of the administration that show no model."""

from __future__ import annotations

from typing import cast

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from accounts.admin_site import StaffPage, StaffSite
from accounts.views.bulk_grant import bulk_grant

cast(StaffSite, admin.site).add_page(
    StaffPage(
        name="bulk_grant",
        title=_("Grant to many"),
        about=_("Credits for a list of people and teams, after a dry run"),
        permission="accounts.change_wallet",
        view=bulk_grant,
    )
)
