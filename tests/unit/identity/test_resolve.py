"""Who is one, and who is not: one test per rule, each held to by the reference too."""

from __future__ import annotations

import pytest

from onefunnel.errors import UnknownName
from tests.unit.identity.cases import Company, groups_of, name, organisation, person

SWITCHBOARD = "+40 21 312 3456"
MOBILE = "+40 721 234 567"


def test_nothing_known_gives_nobody() -> None:
    assert Company().groups() == set()


def test_each_subject_is_somebody_stand_ins_included() -> None:
    assert Company(subjects=["lead:7", "cookie", "p"]).groups() == {"lead:7", "cookie", "p"}


def test_an_alias_makes_its_party_known_without_a_record() -> None:
    assert Company(aliases=[name("p", "email", "a@x.ro")]).groups() == {"p"}


def test_one_email_in_two_spellings_is_one_person() -> None:
    company = Company(
        [person("a", email=" Ana@Example.com"), person("b", email="ana@EXAMPLE.com ")]
    )
    assert company.groups() == {"a b"}


def test_one_email_is_one_person_whatever_the_names() -> None:
    company = Company(
        [person("a", "Ana Pop", email="ana@x.ro"), person("b", "Ana Ionescu", email="ana@x.ro")]
    )
    assert company.groups() == {"a b"}


def test_letters_of_full_width_and_another_case_are_one_email() -> None:
    company = Company([person("a", email="ＡＮＡ@x.ro"), person("b", email="ana@x.ro")])
    assert company.groups() == {"a b"}
    company = Company([person("a", email="ЁЖ@почта.рф"), person("b", email="ёж@ПОЧТА.рф")])
    assert company.groups() == {"a b"}


def test_dots_and_tags_in_an_email_tell_people_apart() -> None:
    emails = ["anapop@gmail.com", "ana.pop@gmail.com", "anapop+web@gmail.com"]
    company = Company([person(f"p{i}", email=email) for i, email in enumerate(emails)])
    assert company.groups() == {"p0", "p1", "p2"}


def test_what_is_no_email_ties_nobody() -> None:
    for text in ("n/a", "-", "", "@", "ana@", "ana pop@x.ro"):
        assert Company([person("a", email=text), person("b", email=text)]).groups() == {"a", "b"}


def test_one_phone_written_two_ways_is_one_person() -> None:
    company = Company([person("a", "Ana", phone="0721 234 567"), person("b", phone=MOBILE)])
    assert company.groups() == {"a b"}


def test_a_phone_without_a_country_is_read_in_the_region_only() -> None:
    company = Company([person("a", phone="0721 234 567"), person("b", phone=MOBILE)])
    assert groups_of(company.resolved(region=None)) == {"a", "b"}
    assert groups_of(company.by_reference(region=None)) == {"a", "b"}


def test_a_region_that_does_not_exist_is_named() -> None:
    with pytest.raises(UnknownName, match="'ROU'"):
        Company([person("a", phone="0721 234 567")]).resolved(region="ROU")


def test_an_invalid_phone_ties_nobody() -> None:
    company = Company([person("a", phone="0000"), person("b", phone="0000")])
    assert company.groups() == {"a", "b"}


def test_two_colleagues_on_one_switchboard_stay_two() -> None:
    company = Company(
        [person("a", "Ana Pop", phone=SWITCHBOARD), person("b", "Ion Rusu", phone=SWITCHBOARD)]
    )
    assert company.groups() == {"a", "b"}


def test_two_desks_behind_one_switchboard_stay_two() -> None:
    company = Company(
        [person("a", phone=f"{SWITCHBOARD} ext. 7"), person("b", phone=f"{SWITCHBOARD} ext. 8")]
    )
    assert company.groups() == {"a", "b"}


def test_two_nameless_colleagues_with_other_emails_stay_two() -> None:
    company = Company(
        [
            person("a", email="ana@x.ro", phone=SWITCHBOARD),
            person("b", email="ion@x.ro", phone=SWITCHBOARD),
        ]
    )
    assert company.groups() == {"a", "b"}


def test_two_nameless_colleagues_with_other_emails_in_aliases_stay_two() -> None:
    company = Company(
        [person("a", phone=SWITCHBOARD), person("b", phone=SWITCHBOARD)],
        [name("a", "email", "ana@x.ro"), name("b", "email", "ion@x.ro")],
    )
    assert company.groups() == {"a", "b"}


def test_one_name_on_one_phone_is_one_person_with_two_emails() -> None:
    company = Company(
        [
            person("a", "Ana Pop", email="ana@work.ro", phone=MOBILE),
            person("b", "POP, Ana", email="ana@home.ro", phone=MOBILE),
            person("c", phone=MOBILE),
        ]
    )
    assert company.groups() == {"a b c"}


def test_the_phone_of_an_organisation_ties_nobody() -> None:
    company = Company(
        [
            organisation("o", phone=SWITCHBOARD),
            person("a", phone=SWITCHBOARD),
            person("b", phone=SWITCHBOARD),
        ]
    )
    assert company.groups() == {"o", "a", "b"}


def test_a_phone_with_more_carriers_than_the_limit_ties_nobody() -> None:
    company = Company([person(f"p{i}", phone=MOBILE) for i in range(4)])
    assert company.groups(max_carriers=4) == {"p0 p1 p2 p3"}
    assert company.groups(max_carriers=3) == {"p0", "p1", "p2", "p3"}


def test_an_email_with_many_carriers_is_one_person_still() -> None:
    company = Company([person(f"p{i}", email="ana@x.ro") for i in range(4)])
    assert company.groups(max_carriers=3) == {"p0 p1 p2 p3"}


def test_colleagues_who_share_a_role_address_stay_two() -> None:
    company = Company(
        [person("a", "Ana", email="Office@x.ro"), person("b", "Ion", email="office@x.ro")]
    )
    assert company.groups() == {"a", "b"}


def test_one_name_at_a_role_address_is_one_person() -> None:
    company = Company(
        [person("a", "Ana", email="office@x.ro"), person("b", "ANA", email="office@x.ro")]
    )
    assert company.groups() == {"a b"}


def test_the_email_of_an_organisation_ties_no_persons() -> None:
    company = Company(
        [
            organisation("o", email="gates@x.ro"),
            person("a", email="gates@x.ro"),
            person("b", email="gates@x.ro"),
        ]
    )
    assert company.groups() == {"o", "a", "b"}


def test_colleagues_with_one_domain_stay_two() -> None:
    company = Company(
        [
            organisation("o", domain="x.ro"),
            person("a", email="ana@x.ro", domain="x.ro"),
            person("b", email="ion@x.ro", domain="x.ro"),
        ]
    )
    assert company.groups() == {"o", "a", "b"}


def test_organisations_with_one_domain_are_one() -> None:
    company = Company(
        [organisation("o", "X SRL", domain="https://www.x.ro/"), organisation("q", "X Group")],
        [name("q", "domain", "X.ro")],
    )
    assert company.groups() == {"o q"}


def test_organisations_with_a_free_mail_domain_stay_two() -> None:
    for domain in ("gmail.com", "mail.ru", "yahoo.ro", "chmail.ir", "yahoo.com.vn"):
        company = Company([organisation("o", domain=domain), organisation("q", domain=domain)])
        assert company.groups() == {"o", "q"}


def test_organisations_are_not_tied_by_phone_email_or_visitor() -> None:
    company = Company(
        [
            organisation("o", phone=SWITCHBOARD, email="office@x.ro"),
            organisation("q", phone=SWITCHBOARD, email="office@x.ro"),
        ],
        [name("o", "anonymous", "c"), name("q", "anonymous", "c")],
        subjects=["c"],
    )
    assert company.groups() == {"o", "q", "c"}


def test_an_external_number_ties_organisations() -> None:
    company = Company(
        [organisation("o"), organisation("q")],
        [name("o", "external", "C-1"), name("q", "external", " C-1")],
    )
    assert company.groups() == {"o q"}


def test_a_customer_number_of_the_organisation_ties_none_of_its_people() -> None:
    company = Company(
        [organisation("o"), person("a"), person("b")],
        [name(party, "external", "C-1") for party in ("o", "a", "b")],
        subjects=["C-1"],
    )
    assert company.groups() == {"C-1 o", "a", "b"}


def test_a_seller_known_by_another_number_is_the_same() -> None:
    company = Company([person("mql")], [name("mql", "external", "seller-9")], ["seller-9"])
    assert company.groups() == {"mql seller-9"}


def test_external_numbers_keep_their_case() -> None:
    company = Company([], [name("a", "external", "x"), name("b", "external", "X")])
    assert company.groups() == {"a", "b"}


def test_a_cookie_that_becomes_known_is_the_same_person() -> None:
    company = Company([person("p")], [name("p", "anonymous", "cookie")], ["cookie", "other"])
    assert company.groups() == {"cookie p", "other"}


def test_a_name_of_another_kind_is_no_identifier_of_a_party() -> None:
    company = Company([person("p")], [name("p", "email", "a@x.ro")], ["a@x.ro"])
    assert company.groups() == {"p", "a@x.ro"}


def test_a_kiosk_visited_by_two_known_persons_ties_nobody() -> None:
    company = Company(
        [person("a", email="ana@x.ro"), person("b", email="ion@x.ro")],
        [name("a", "anonymous", "kiosk"), name("b", "anonymous", "kiosk")],
        ["kiosk"],
    )
    assert company.groups() == {"a", "b", "kiosk"}


def test_identifiers_link_at_any_distance() -> None:
    company = Company(
        [
            person("a", "Ana", email="ana@x.ro", phone=MOBILE),
            person("b", "Ana", phone=MOBILE),
            person("c", "Ana Pop", email="ANA@x.ro"),
        ],
        [name("b", "anonymous", "cookie"), name("c", "external", "order:9")],
        ["cookie", "order:9"],
    )
    assert company.groups() == {"a b c cookie order:9"}


def test_a_person_and_an_organisation_never_become_one() -> None:
    company = Company(
        [person("p"), organisation("o")],
        [name("p", "external", "x"), name("x", "external", "o"), name("x", "anonymous", "c")],
        ["x", "c"],
    )
    assert company.groups() == {"p", "o", "x", "c"}


def test_an_organisation_called_by_a_persons_number_stays_apart() -> None:
    company = Company([person("p"), organisation("o")], [name("o", "external", "p")])
    assert company.groups() == {"p", "o"}


def test_an_undone_link_parts_the_two() -> None:
    parties = [person("a", email="ana@x.ro"), person("b", email="ana@x.ro")]
    assert Company(parties, unlinks=[name("b", "email", " ANA@x.ro")]).groups() == {"a", "b"}
    assert Company(parties, unlinks=[name("b", "phone", "ana@x.ro")]).groups() == {"a b"}
    assert Company(parties, unlinks=[name("z", "email", "ana@x.ro")]).groups() == {"a b"}


def test_an_undone_phone_is_compared_as_a_number() -> None:
    parties = [person("a", phone=MOBILE), person("b", phone=MOBILE)]
    assert Company(parties, unlinks=[name("a", "phone", "0721234567")]).groups() == {"a", "b"}


def test_an_undone_cookie_is_a_visitor_again() -> None:
    company = Company(
        [person("p")],
        [name("p", "anonymous", "cookie")],
        ["cookie"],
        unlinks=[name("p", "anonymous", "cookie")],
    )
    assert company.groups() == {"p", "cookie"}


def test_an_undone_link_of_one_does_not_join_the_others() -> None:
    """The switchboard stays one: two of the same name are not joined by taking the third away."""
    company = Company(
        [
            person("a", "Ana", phone=SWITCHBOARD),
            person("b", "Ion", phone=SWITCHBOARD),
            person("c", "Ana", phone=SWITCHBOARD),
        ],
        unlinks=[name("b", "phone", SWITCHBOARD)],
    )
    assert company.groups() == {"a", "b", "c"}


def test_a_frozen_group_stays_one_without_identifiers() -> None:
    company = Company(
        [person("a", email="3f9c"), person("b")],
        subjects=["c", "d"],
        frozen={"a": "g1", "b": "g1", "c": "g2", "d": "g2"},
    )
    assert company.groups() == {"a b", "c d"}


def test_new_codes_are_dense_in_order_of_code_points() -> None:
    company = Company(subjects=["b", "Z", "ș", "a", "𝔸", "ﬁ"])
    assert list(company.resolved().items()) == [
        ("Z", 0), ("a", 1), ("b", 2), ("ș", 3), ("ﬁ", 4), ("𝔸", 5)
    ]  # fmt: skip


def test_those_who_merge_take_the_smallest_code_before() -> None:
    company = Company([person("a", email="x@x.ro"), person("b", email="x@x.ro")])
    assert company.resolved({"a": 4, "b": 2}) == {"a": 2}
    assert company.by_reference({"a": 4, "b": 2}) == {"a": 2}


def test_of_those_who_part_the_smallest_keeps_the_code() -> None:
    company = Company(subjects=["b", "a", "c"])
    before = {"c": 3, "a": 3, "b": 3}
    assert company.resolved(before) == {"b": 4, "c": 5} == company.by_reference(before)


def test_a_newcomer_does_not_decide_who_keeps_a_code() -> None:
    company = Company([person("a", email="x@x.ro"), person("c", email="x@x.ro")], subjects=["b"])
    before = {"b": 0, "c": 0}
    assert company.resolved(before) == {"a": 1, "c": 1} == company.by_reference(before)


def test_codes_of_those_who_are_gone_are_not_given_again() -> None:
    company = Company(subjects=["a"])
    assert company.resolved({"gone": 8}) == {"a": 9}
    assert company.resolved({"gone": 8}, next_code=20) == {"a": 20}


def test_nothing_new_changes_nothing() -> None:
    company = Company([person("a", email="x@x.ro"), person("b", email="x@x.ro")], subjects=["s"])
    assert company.resolved(company.resolved()) == {}
