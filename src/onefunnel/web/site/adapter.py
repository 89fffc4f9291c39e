"""How sign-in behaves here: nobody signs up, people are invited; every sentence is ours."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language

from onefunnel.web.locale import LANGUAGES
from onefunnel.web.locale.translations import N_
from onefunnel.web.site import current
from onefunnel.web.site.language import words_in

SAID = {
    "account/messages/password_changed.txt": N_("The password is changed."),
    "mfa/messages/totp_activated.txt": N_("The second factor is on."),
    "mfa/messages/totp_deactivated.txt": N_("The second factor is off."),
    "mfa/messages/recovery_codes_generated.txt": N_(
        "There are new recovery codes. Keep them where your phone is not."
    ),
}
"""What is said after something was done; of the rest, such as signing in, nothing is said."""

REFUSED = {
    "account_inactive": N_("This account is closed. The director can open it again."),
    "email_password_mismatch": N_("The address or the password is not right."),
    "enter_current_password": N_("This is not the present password."),
    "incorrect_password": N_("This is not the present password."),
    "incorrect_code": N_("This code is not right. Each code works once, for half a minute."),
    "too_many_login_attempts": N_("Too many tries. Wait a few minutes, then try again."),
    "rate_limited": N_("Too many tries. Wait a few minutes, then try again."),
    "cannot_generate_recovery_codes": N_("Turn the second factor on first."),
}
"""Why something is refused, in our words; what is not here is said in allauth's."""


class _InOurWords:
    """Errors of forms as sentences of ours, in the language of the page."""

    def validation_error(self, code: str, *args: Any) -> ValidationError:
        """The error that a code stands for."""
        if code in REFUSED:
            language = get_language() or ""
            words = words_in(language if language in LANGUAGES else "en")
            return ValidationError(words.say(REFUSED[code]), code=code)
        error: ValidationError = super().validation_error(code, *args)  # type: ignore[misc]
        return error


class Adapter(_InOurWords, DefaultAccountAdapter):  # type: ignore[misc]
    """Closed to strangers; mail goes out where a server for it is named."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up: the director invites."""
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """No mail of allauth's own: every link is made and handed over on the page People."""

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        *args: Any,
        **values: Any,
    ) -> None:
        """Say that something was done, where there is anything to say."""
        if message_template in SAID:
            words = request.words  # type: ignore[attr-defined]
            messages.add_message(request, level, words.say(SAID[message_template]))

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """To Today."""
        return reverse(str(settings.LOGIN_REDIRECT_URL))

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """To the account."""
        return reverse("account")


class SecondFactor(_InOurWords, DefaultMFAAdapter):  # type: ignore[misc]
    """The name that an authenticator shows."""

    def get_totp_issuer(self) -> str:
        """The firm's name, so that several firms can be told apart."""
        return f"onefunnel {current.workspace().name}".strip()
