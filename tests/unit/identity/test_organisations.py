"""To which organisation a person belongs."""

from __future__ import annotations

from collections.abc import Sequence

from onefunnel.identity import organisations
from tests.unit.identity.cases import NAME, PARTY, Record, name, organisation, person, table

ACME = organisation("acme", domain="www.Acme.example")
OTHER = organisation("other", domain="other.example")


def belongs(
    parties: Sequence[Record], aliases: Sequence[Record] = (), unlinks: Sequence[Record] = ()
) -> dict[str, str]:
    """The organisation of each person that has one."""
    answer = organisations(
        parties=table(PARTY, parties), aliases=table(NAME, aliases), unlinks=table(NAME, unlinks)
    )
    assert answer.column_names == ["party_id", "organisation_id"]
    return dict(zip(*answer.to_pydict().values(), strict=True))


def test_nobody_belongs_nowhere() -> None:
    assert belongs([]) == {}


def test_the_record_says_it_even_where_the_email_says_otherwise() -> None:
    ana = person("ana", organisation_id="missing", email="ana@acme.example")
    assert belongs([ACME, ana]) == {"ana": "missing"}


def test_two_colleagues_belong_by_the_domain_of_their_emails() -> None:
    people = [person("ana", email="Ana@ACME.example"), person("ion", email="ion@acme.example")]
    assert belongs([ACME, *people]) == {"ana": "acme", "ion": "acme"}


def test_an_alias_tells_the_organisation_too() -> None:
    aliases = [name("ana", "email", "ana@acme.example"), name("ion", "domain", "acme.example")]
    people = [person("ana"), person("ion")]
    assert belongs([ACME, *people], aliases) == {"ana": "acme", "ion": "acme"}


def test_a_domain_that_is_an_alias_of_the_organisation_leads_to_it() -> None:
    ana = person("ana", email="ana@acme.test")
    assert belongs([ACME, ana], [name("acme", "domain", "acme.test")]) == {"ana": "acme"}


def test_free_mail_leads_nowhere() -> None:
    provider = organisation("provider", domain="gmail.com")
    assert belongs([provider, person("ana", email="ana@gmail.com")]) == {}


def test_emails_of_two_organisations_lead_nowhere() -> None:
    ana = person("ana", email="ana@acme.example")
    assert belongs([ACME, OTHER, ana], [name("ana", "email", "ana@other.example")]) == {}


def test_an_undone_email_leads_nowhere() -> None:
    ana = person("ana", email="ana@acme.example")
    assert belongs([ACME, ana], unlinks=[name("ana", "email", "ANA@acme.example")]) == {}


def test_of_organisations_with_one_domain_the_smallest_is_given() -> None:
    twin = organisation("a-twin", domain="acme.example")
    ana = person("ana", email="ana@acme.example")
    assert belongs([ACME, twin, ana]) == {"ana": "a-twin"}


def test_an_email_of_an_organisation_makes_it_belong_nowhere() -> None:
    partner = organisation("partner", email="sales@acme.example")
    assert belongs([ACME, partner]) == {}
