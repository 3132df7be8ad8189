"""Addresses of sharing: people, links and what they open, and what editors let become public."""

from __future__ import annotations

from django.urls import path

from gallery.views import approvals, links, shares

urlpatterns = [
    path("gallery/<uuid:asset_id>/sharing/", shares.contents, name="asset_sharing"),
    path("gallery/<uuid:asset_id>/sharing/people/", shares.add_person, name="asset_people"),
    path("gallery/<uuid:asset_id>/sharing/links/", shares.add_link, name="asset_links"),
    path("gallery/shares/<uuid:share_id>/right/", shares.change, name="share_right"),
    path("gallery/shares/<uuid:share_id>/end/", shares.end, name="share_end"),
    path("gallery/invitation/<slug:token>/", shares.invitation, name="share_invitation"),
    path("gallery/approvals/", approvals.queue, name="approvals"),
    path("gallery/approvals/<int:pk>/", approvals.decide, name="approval"),
    path("s/<slug:token>/", links.page, name="share_link"),
    path("s/<slug:token>/files/<str:name>", links.serve, name="share_link_file"),
    path("s/<slug:token>/report/", links.report, name="share_link_report"),
    path("s/<slug:token>/download/", links.download, name="share_link_download"),
]
