"""The addresses. Each room of ``pages`` has its own; the API is beside them."""

from allauth.account import views as account
from allauth.mfa.base import views as factor
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from django.urls import include, path
from django.views.generic import RedirectView

from onefunnel.web.api.calls import api
from onefunnel.web.site import health
from onefunnel.web.site.access import open_page

_closed = open_page(RedirectView.as_view(pattern_name="account_login"))

urlpatterns = [
    path("health", health.health, name="health"),
    path("metrics", health.metrics, name="metrics"),
    path("api/v1/", api.urls),
    path("enter/login/", account.login, name="account_login"),
    path("enter/logout/", account.logout, name="account_logout"),
    path("enter/inactive/", account.account_inactive, name="account_inactive"),
    path("enter/again/", account.reauthenticate, name="account_reauthenticate"),
    path("enter/code/", factor.authenticate, name="mfa_authenticate"),
    path("enter/again/code/", factor.reauthenticate, name="mfa_reauthenticate"),
    # Names that allauth asks for; nobody signs up or resets a password without a link.
    path("enter/closed/", _closed, name="account_signup"),
    path("enter/closed/", _closed, name="account_reset_password"),
    path("enter/closed/", _closed, name="account_email"),
    path("enter/closed/", _closed, name="account_set_password"),
    path("enter/closed/", _closed, name="mfa_list_webauthn"),
    path("account/password/", account.password_change, name="account_change_password"),
    path("account/second-factor/", factor.index, name="mfa_index"),
    path("account/second-factor/activate/", totp.activate_totp, name="mfa_activate_totp"),
    path("account/second-factor/deactivate/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("account/recovery-codes/", recovery.view_recovery_codes, name="mfa_view_recovery_codes"),
    path(
        "account/recovery-codes/new/",
        recovery.generate_recovery_codes,
        name="mfa_generate_recovery_codes",
    ),
    path(
        "account/recovery-codes/download/",
        recovery.download_recovery_codes,
        name="mfa_download_recovery_codes",
    ),
    path("", include("onefunnel.web.pages.urls")),
]

handler400 = "onefunnel.web.site.errors.bad_request"
handler403 = "onefunnel.web.site.errors.not_allowed"
handler404 = "onefunnel.web.site.errors.not_found"
handler429 = "onefunnel.web.site.errors.too_many"
handler500 = "onefunnel.web.site.errors.failed"
