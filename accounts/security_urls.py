"""The addresses of second steps, passkeys, sessions and single sign-on.

django-allauth redirects to these by name, so its names stay.
"""

from __future__ import annotations

from allauth.account import views as allauth
from allauth.mfa.recovery_codes import views as recovery
from django.urls import path, re_path

from accounts.views import email, impersonation, security, single_sign_on

doors = [
    path("accounts/second-step/", security.SecondStep.as_view(), name="mfa_authenticate"),
    path("accounts/passkey/", security.SignInByPasskey.as_view(), name="mfa_login_webauthn"),
    path(
        "accounts/email/sent/",
        allauth.email_verification_sent,
        name="account_email_verification_sent",
    ),
    re_path(
        r"^accounts/email/(?P<key>[-:\w]+)/$",
        email.ConfirmAddress.as_view(),
        name="account_confirm_email",
    ),
    path("accounts/<slug:provider_id>/login/", single_sign_on.leave, name="openid_connect_login"),
    path(
        "accounts/<slug:provider_id>/login/callback/",
        single_sign_on.arrive,
        name="openid_connect_callback",
    ),
    path("accounts/impersonation/end/", impersonation.end, name="impersonation_end"),
    path("accounts/turned-back/", single_sign_on.turned_back, name="socialaccount_login_cancelled"),
]
confirming = [
    path("account/confirm/", security.Confirm.as_view(), name="account_reauthenticate"),
    path("account/confirm/code/", security.ConfirmByCode.as_view(), name="mfa_reauthenticate"),
    path(
        "account/confirm/passkey/",
        security.ConfirmByPasskey.as_view(),
        name="mfa_reauthenticate_webauthn",
    ),
]
own_pages = [
    path("account/security/", security.security, name="mfa_index"),
    path("account/security/app/", security.AddApp.as_view(), name="mfa_activate_totp"),
    path("account/security/app/removal/", security.RemoveApp.as_view(), name="mfa_deactivate_totp"),
    path("account/security/codes/", security.Codes.as_view(), name="mfa_view_recovery_codes"),
    path(
        "account/security/codes/new/",
        security.NewCodes.as_view(),
        name="mfa_generate_recovery_codes",
    ),
    path(
        "account/security/codes/file/",
        recovery.download_recovery_codes,
        name="mfa_download_recovery_codes",
    ),
    path("account/security/passkeys/", security.AddPasskey.as_view(), name="mfa_add_webauthn"),
    path(
        "account/security/passkeys/<int:pk>/",
        security.RenamePasskey.as_view(),
        name="mfa_edit_webauthn",
    ),
    path(
        "account/security/passkeys/<int:pk>/removal/",
        security.RemovePasskey.as_view(),
        name="mfa_remove_webauthn",
    ),
    path("account/sessions/end/", security.sessions_end, name="sessions_end"),
    path("account/sessions/<int:pk>/end/", security.session_end, name="session_end"),
    path("account/provider/removal/", single_sign_on.disconnect, name="socialaccount_connections"),
    path("account/email/proof/", email.send_proof, name="account_send_proof"),
]
urlpatterns = [*doors, *confirming, *own_pages]
