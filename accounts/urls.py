"""Where people come in, and their own pages. Mounted at the root."""

from __future__ import annotations

from allauth.account import views as allauth
from django.urls import path, re_path

from accounts import security_urls, team_urls
from accounts.views import data, entrance, profile, statement

entrances = [
    path("accounts/login/", entrance.SignIn.as_view(), name="account_login"),
    path("accounts/logout/", entrance.SignOut.as_view(), name="account_logout"),
    path("accounts/signup/", entrance.SignUp.as_view(), name="account_signup"),
    path("accounts/inactive/", allauth.account_inactive, name="account_inactive"),
    path("accounts/invitation/<slug:token>/", entrance.invitation, name="account_invitation"),
    path(
        "accounts/password/change/",
        entrance.ChangePassword.as_view(),
        name="account_change_password",
    ),
    path("accounts/password/set/", entrance.SetPassword.as_view(), name="account_set_password"),
    path(
        "accounts/password/reset/", entrance.ResetPassword.as_view(), name="account_reset_password"
    ),
    path(
        "accounts/password/reset/done/",
        allauth.password_reset_done,
        name="account_reset_password_done",
    ),
    re_path(
        r"^accounts/password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        entrance.ResetPasswordFromKey.as_view(),
        name="account_reset_password_from_key",
    ),
    path(
        "accounts/password/reset/key/done/",
        allauth.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
]
own_pages = [
    path("account/", profile.account, name="account"),
    path("account/theme/", profile.theme, name="account_theme"),
    path(
        "account/sensitive-pictures/", profile.sensitive_pictures, name="account_sensitive_pictures"
    ),
    path("account/keys/", profile.keys, name="account_keys"),
    path(
        "account/keys/<int:pk>/revocation/", profile.key_revocation, name="account_key_revocation"
    ),
    path("account/data/", data.data, name="account_data"),
    path("account/data/copy/", data.copy, name="account_data_copy"),
    path("account/data/copy/<uuid:pk>/", data.copy_file, name="account_data_file"),
    path("account/deletion/", data.deletion, name="account_deletion"),
]
statements = [
    path("account/credits/", statement.credits, name="account_credits"),
    path("account/credits/totals/", statement.totals, name="account_credit_totals"),
    path("account/credits/export/", statement.export, name="account_credit_export"),
    path("account/credits/warning/", statement.warning, name="account_credit_warning"),
    path("account/credits/teams/<int:pk>/", statement.credits, name="team_credits"),
    path("account/credits/teams/<int:pk>/totals/", statement.totals, name="team_credit_totals"),
    path("account/credits/teams/<int:pk>/export/", statement.export, name="team_credit_export"),
    path("account/credits/teams/<int:pk>/warning/", statement.warning, name="team_credit_warning"),
]
urlpatterns = [
    *entrances,
    *own_pages,
    *statements,
    *security_urls.urlpatterns,
    *team_urls.urlpatterns,
]
