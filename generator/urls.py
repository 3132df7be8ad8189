"""Addresses of the web pages that make pictures."""

from __future__ import annotations

from django.urls import path

from generator.views import api_pages, code, create, home, importing, jobs, webhooks

urlpatterns = [
    path("", home.home, name="home"),
    path("account/api/", api_pages.services, name="account_api"),
    path("account/api/usage/", api_pages.usage, name="account_api_usage"),
    path("account/api/usage/export/", api_pages.usage_export, name="account_api_usage_export"),
    path("create/", create.create, name="create"),
    path("create/code/", code.create_code, name="create_code"),
    path("create/code/<uuid:asset_id>/", code.asset_code, name="asset_code"),
    path("create/guides/", create.guides, name="create_guides"),
    path("create/price/", create.price, name="price"),
    path("gallery/import/", importing.bring_in, name="import"),
    path("account/webhooks/", webhooks.webhooks, name="webhooks"),
    path("account/webhooks/bucket/removal/", webhooks.bucket_removal, name="bucket_removal"),
    path("account/webhooks/keeping/", webhooks.keeping, name="keeping"),
    path("account/webhooks/<int:pk>/", webhooks.webhook, name="webhook"),
    path("account/webhooks/<int:pk>/deletion/", webhooks.deletion, name="webhook_deletion"),
    path("account/webhooks/<int:pk>/rotation/", webhooks.rotation, name="webhook_rotation"),
    path("account/webhooks/<int:pk>/switch/", webhooks.switch, name="webhook_switch"),
    path("account/webhooks/<int:pk>/test/", webhooks.test, name="webhook_test"),
    path(
        "account/webhooks/<int:pk>/deliveries/<uuid:delivery_id>/redelivery/",
        webhooks.redelivery,
        name="webhook_redelivery",
    ),
    path("jobs/", jobs.jobs, name="jobs"),
    path("jobs/<uuid:generation_id>/", jobs.job, name="job"),
    path("jobs/<uuid:generation_id>/cancel/", jobs.cancel, name="job_cancel"),
    path("jobs/<uuid:generation_id>/retry/", jobs.retry, name="job_retry"),
]
