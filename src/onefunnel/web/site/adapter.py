"""How sign-in behaves here: nobody signs up, people are invited."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.http import HttpRequest

from onefunnel.web.site import current


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Closed to strangers; mail goes out where a server for it is named."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up: the director invites."""
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """No mail of allauth's own: every link is made and handed over on the page People."""

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """To Today."""
        return str(settings.LOGIN_REDIRECT_URL)


class SecondFactor(DefaultMFAAdapter):  # type: ignore[misc]
    """The name that an authenticator shows."""

    def get_totp_issuer(self) -> str:
        """The firm's name, so that several firms can be told apart."""
        return f"onefunnel {current.workspace().name}".strip()
