"""The operator's view of the gallery: no private picture and nobody's prompts are shown."""

from __future__ import annotations

from typing import cast

from django.contrib import admin
from django.contrib.auth.models import AnonymousUser
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from accounts.admin.auditing import Audited, Change, why
from accounts.admin_site import StaffPage, StaffSite
from accounts.models import AuditEntry
from gallery import moderating, telling
from gallery.cards import Copies
from gallery.models import Asset, Hold, NoticeKind, Tag, Visibility
from gallery.views.moderation import moderation


@admin.register(Asset)
class AssetAdmin(Audited):
    """Look, find, bin and restore; what people made is not rewritten here."""

    list_display = ("thumbnail", "id", "owner", "visibility", "rating", "created_at", "binned")
    list_display_links = ("id",)
    list_filter = ("visibility", "rating", "machine_source", "held", "media_type", "created_at")
    search_fields = ("=id", "owner__email")
    list_select_related = ("owner",)
    ordering = ("-created_at", "-pk")
    fields = (
        "thumbnail", "owner", "visibility", "rating", "rated_by", "moderator_rating",
        "moderator_kind", "moderator_reason", "owner_sensitive", "machine_rating",
        "machine_reason", "held", "like_count", "media_type", "width",
        "height", "size", "sha256", "file", "source", "created_at", "deleted_at",
    )  # fmt: skip
    readonly_fields = tuple(
        name
        for name in fields
        if name not in {"moderator_rating", "moderator_kind", "moderator_reason"}
    )
    actions = ("unpublish", "move_to_bin", "restore")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Asset]:
        return super().get_queryset(request).prefetch_related("variants")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Asset | None = None) -> bool:
        # Deleting goes through the bin, which also removes the bytes.
        return False

    def audit(
        self, request: HttpRequest, action: str, subject: Model, change: Change | None = None
    ) -> AuditEntry:
        """Its owner learns of a moderator's word, as of one from the queue."""
        entry = super().audit(request, action, subject, change)
        if change and "moderator_rating" in change.after:
            stands = Asset.objects.get(pk=subject.pk)
            kind, words = telling.word_for(stands), stands.moderator_reason
            telling.owner(stands, kind, decision=entry, words=words)
        return entry

    @admin.display(description=_("Picture"))
    def thumbnail(self, asset: Asset) -> SafeString | str:
        if not asset.listed or asset.deleted_at:
            return str(_("private"))
        if asset.is_sensitive:
            return str(_("sensitive"))
        small = Copies(asset, AnonymousUser()).at_least(320)
        return format_html('<img src="{}" width="96" alt="" loading="lazy">', small)

    @admin.display(boolean=True, description=_("In the bin"))
    def binned(self, asset: Asset) -> bool:
        return asset.deleted_at is not None

    @admin.action(description=_("Show to the owner only"), permissions=["change"])
    def unpublish(self, request: HttpRequest, queryset: QuerySet[Asset]) -> None:
        for asset in queryset.exclude(visibility=Visibility.PRIVATE):
            before = {"visibility": asset.visibility, "held": asset.held}
            # Held as well, or its owner publishes it again.
            after = {"visibility": Visibility.PRIVATE, "held": Hold.MODERATOR}
            Asset.objects.filter(pk=asset.pk).update(**after)
            entry = self.audit(
                request, "unpublish", asset, Change(before, dict(after), why(request))
            )
            telling.owner(asset, NoticeKind.REMOVED, decision=entry)

    @admin.action(description=_("Move to the bin"), permissions=["change"])
    def move_to_bin(self, request: HttpRequest, queryset: QuerySet[Asset]) -> None:
        for asset in queryset.filter(deleted_at=None):
            asset.move_to_bin()
            entry = self.audit(request, "bin", asset)
            telling.owner(asset, NoticeKind.BINNED, decision=entry)

    @admin.action(description=_("Restore from the bin"), permissions=["change"])
    def restore(self, request: HttpRequest, queryset: QuerySet[Asset]) -> None:
        for asset in queryset.exclude(deleted_at=None):
            asset.restore()
            entry = self.audit(request, "restore", asset)
            telling.owner(asset, NoticeKind.RESTORED, decision=entry)


cast(StaffSite, admin.site).add_page(
    StaffPage(
        name="moderation",
        title=_("Moderation"),
        about=_("Reported pictures, and those that wait to be public"),
        permission=moderating.PERMISSION,
        view=moderation,
        rank=5,
        waits=moderating.awaited,
    )
)


@admin.register(Tag)
class TagAdmin(Audited):
    """The words people file pictures under."""

    search_fields = ("name",)
