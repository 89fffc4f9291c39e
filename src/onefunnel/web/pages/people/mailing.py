"""Links by mail, where a mail server is named in the secrets."""

import logging
from smtplib import SMTPException

from django.core.mail import send_mail

from onefunnel.web.locale import Words
from onefunnel.web.site import current

log = logging.getLogger("onefunnel.mail")


def has_server() -> bool:
    """Whether mail can be sent at all."""
    return bool(current.secrets().mail)


def send_link(email: str, name: str, link: str, words: Words, *, new: bool) -> bool:
    """Send somebody their link, to join or for a new password; whether a server took it."""
    firm = current.workspace().name
    if new:
        subject = words.say("{firm}: come in to onefunnel", firm=firm)
        first = words.say(
            "Hello {name}, this link lets you in once. It works for a week:", name=name
        )
    else:
        subject = words.say("{firm}: a new password for onefunnel", firm=firm)
        first = words.say("Hello {name}, set a new password here. It works for a week:", name=name)
    text = f"{first.unescape()}\n\n{link}\n"
    try:
        return bool(send_mail(" ".join(subject.unescape().split()), text, None, [email]))
    except (SMTPException, OSError) as error:
        log.warning("mail not sent", exc_info=error)
        return False
