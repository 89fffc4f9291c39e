"""One way to write each identifier, so that two spellings of one name are equal. Plain functions.

Every function returns None for what identifies nobody: NULL, blanks, a text that is no address.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping

import phonenumbers

from onefunnel.errors import UnknownName
from onefunnel.identity.lists import FREE_MAIL_DOMAINS, ROLE_ADDRESSES

BLANKS = " \t\n\r\v\f"
"""What is trimmed. Fixed here, since Python, Arrow and the engines each trim another set."""

_ADDRESS = re.compile(f"[^@{BLANKS}]+@[^@{BLANKS}]+")
_SCHEME = re.compile(r"^[a-z][a-z0-9+.-]*://")

# Two code points for one letter, each common in what keyboards and old systems write; and the
# Russian letter that most people write without its dots.
_ONE_LETTER = str.maketrans("şţيىكё", "șțییکе")


def _folded(text: str) -> str:
    """Compatibility-composed, without case and without invisible characters."""
    if text.isascii():
        return text.lower().strip(BLANKS)
    composed = unicodedata.normalize("NFKC", text).casefold()
    visible = "".join(char for char in composed if unicodedata.category(char) != "Cf")
    return unicodedata.normalize("NFKC", visible).strip(BLANKS)


def normalise_email(text: str | None) -> str | None:
    """An e-mail address trimmed, in compatibility form (NFKC) and without case; None if none.

    Dots and +tags stay: whether ``a.b@`` is ``ab@`` is the provider's affair, most say no, and a
    false merge spoils two histories.

    >>> normalise_email(" Ana.Pop+Web@Example.COM ")
    'ana.pop+web@example.com'
    >>> normalise_email("n/a") is None
    True
    """
    if text is None:
        return None
    folded = _folded(text)
    return folded if _ADDRESS.fullmatch(folded) else None


def normalise_name(text: str | None) -> str | None:
    """A name without case, punctuation and the order of its parts; None if nothing is left.

    Names never tie anybody: they only tell whether those who share a telephone are one person.
    So the order, which differs between languages and forms, does not count; accents do.

    >>> normalise_name("Nguyễn, Văn-An") == normalise_name("văn an NGUYỄN")
    True
    >>> normalise_name("Ion Popa") == normalise_name("Ion Pop")
    False
    >>> normalise_name(" - ") is None
    True
    """
    if text is None:
        return None
    folded = _folded(text).translate(_ONE_LETTER)
    spaced = "".join(" " if unicodedata.category(char)[0] in "PZ" else char for char in folded)
    return " ".join(sorted(spaced.split())) or None


def normalise_domain(text: str | None) -> str | None:
    """An internet domain, without scheme, ``www.``, port and path; None if it is none.

    >>> normalise_domain("https://www.Example.com/contact")
    'example.com'
    >>> normalise_domain("example") is None
    True
    """
    if text is None:
        return None
    host = re.split(r"[/?#:]", _SCHEME.sub("", _folded(text)), maxsplit=1)[0]
    domain = host.removeprefix("www.").rstrip(".")
    known = "." in domain and not domain.startswith(".") and not set(domain) & {*BLANKS, "@"}
    return domain if known else None


def normalise_number(text: str | None) -> str | None:
    """A number in another system or a cookie: trimmed, else as it is, since case can matter.

    >>> normalise_number(" S-17a "), normalise_number(" ")
    ('S-17a', None)
    """
    return text.strip(BLANKS) or None if text is not None else None


def domain_of(email: str) -> str | None:
    """The domain of an e-mail address, or a domain itself; None where anybody can open a mailbox.

    >>> domain_of("ana@example.com"), domain_of("ana@gmail.com")
    ('example.com', None)
    """
    domain = normalise_domain(email.rpartition("@")[2])
    return None if domain in FREE_MAIL_DOMAINS else domain


def is_role_address(email: str) -> bool:
    """Whether a normalised e-mail address belongs to a role rather than to a person.

    >>> is_role_address("info@example.com"), is_role_address("ana@example.com")
    (True, False)
    """
    return email.partition("@")[0] in ROLE_ADDRESSES


def phone_keys(values: Iterable[str], region: str | None) -> dict[str, str | None]:
    """Each distinct telephone number in E.164, None where it can't be a number in use.

    ``region`` (ISO 3166 alpha-2) reads the numbers written without a country; None: only numbers
    with ``+`` are read. An extension stays with the number, as RFC 3966 writes it: two desks
    behind one switchboard are two numbers. An unknown region is an UnknownName. Costs some 20
    microseconds a number; ask once and keep the answer.

    >>> phone_keys(["0721 234 567", "+40 21 312 3456 ext. 7", "12"], "RO")
    {'0721 234 567': '+40721234567', '+40 21 312 3456 ext. 7': '+40213123456;ext=7', '12': None}
    """
    if region is not None and region not in phonenumbers.SUPPORTED_REGIONS:
        raise UnknownName("country", region, phonenumbers.SUPPORTED_REGIONS)
    return {value: _phone_key(value, region) for value in dict.fromkeys(values)}


def normalise(
    kind: str, value: str | None, region: str | None, phones: Mapping[str, str | None]
) -> str | None:
    """The normalised form of an identifier of any kind; ``phones`` holds numbers already known.

    >>> normalise("phone", "0721 234 567", "RO", {}), normalise("external", " S-17a", None, {})
    ('+40721234567', 'S-17a')
    """
    if kind == "email":
        return normalise_email(value)
    if kind == "domain":
        return normalise_domain(value)
    if kind == "phone" and value is not None:
        return phones[value] if value in phones else phone_keys([value], region)[value]
    return normalise_number(value)


def _phone_key(text: str, region: str | None) -> str | None:
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    key = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return f"{key};ext={number.extension}" if number.extension else key
