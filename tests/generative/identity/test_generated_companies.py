"""Identity over generated companies: the solve against the reference, and what must always hold."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onefunnel.identity import reference
from onefunnel.identity.keys import KINDS, keys
from onefunnel.identity.normalise import normalise
from tests.unit.identity.cases import Company, groups_of

# Few values, in several spellings: what is shared, contradicted and chained is then common.
IDS = ["p1", "p2", "p3", "p4", "p5", "o1", "o2", "c1", "c2", "S-1", "lead:1"]
VALUES = {
    "email": ["ana@x.ro", " ANA@x.ro", "ion@x.ro", "info@x.ro", "Info@X.ro", "ＩＯＮ@x.ro", "n/a"],
    "phone": ["0721 234 567", "+40721234567", "+40 21 312 3456", "021 312 3456 ext. 7", "12"],
    "domain": ["x.ro", "www.X.ro", "gmail.com", "y.ro"],
    "anonymous": ["c1", "c2", " c1 ", "p2", "c3"],
    "external": ["S-1", "S-2", "p1", "o1", "o2", "lead:1"],
}
KINDS_OF_PARTY = ["person", "person", "person", "organisation", None]


def maybe(values: Sequence[str]) -> st.SearchStrategy[str | None]:
    """One of the values, or unknown."""
    return st.none() | st.sampled_from(values)


def names_of(party_ids: Sequence[str]) -> st.SearchStrategy[dict[str, str]]:
    """An alias, or the undoing of a link."""
    return st.sampled_from(sorted(VALUES)).flatmap(
        lambda kind: st.fixed_dictionaries(
            {
                "party_id": st.sampled_from(party_ids),
                "kind": st.just(kind),
                "value": st.sampled_from(VALUES[kind]),
            }
        )
    )


RECORDS = st.lists(
    st.fixed_dictionaries(
        {
            "party_id": st.sampled_from(IDS),
            "kind": st.sampled_from(KINDS_OF_PARTY),
            "name": maybe(["Ana Pop", "pop, ANA", "Ion", " "]),
            "email": maybe(VALUES["email"]),
            "phone": maybe(VALUES["phone"]),
            "domain": maybe(VALUES["domain"]),
        }
    ),
    unique_by=lambda row: row["party_id"],
    max_size=len(IDS),
)
COMPANIES = st.builds(
    Company,
    parties=RECORDS,
    aliases=st.lists(names_of(IDS), max_size=10),
    subjects=st.lists(st.sampled_from(IDS), max_size=8),
    unlinks=st.lists(names_of(IDS), max_size=4),
    frozen=st.just({}) | st.dictionaries(st.sampled_from(IDS), st.sampled_from("gh"), max_size=4),
)
PREVIOUS = st.dictionaries(st.sampled_from([*IDS, "gone"]), st.integers(0, 6), max_size=8)
LIMITS = st.sampled_from([1, 2, 3, 10])


def same_groups(codes: dict[str, int]) -> set[frozenset[str]]:
    """The groups of codes, as sets."""
    return {frozenset(group.split()) for group in groups_of(codes)}


def check_against_reference(company: Company, previous: dict[str, int], limit: int) -> None:
    """The same changes, in the same order."""
    solved = company.resolved(previous, max_carriers=limit)
    assert list(solved.items()) == list(company.by_reference(previous, max_carriers=limit).items())


@given(COMPANIES, PREVIOUS, LIMITS)
@settings(max_examples=max(300, settings.default.max_examples))
def test_the_solve_agrees_with_the_reference(
    company: Company, previous: dict[str, int], limit: int
) -> None:
    check_against_reference(company, previous, limit)


@pytest.mark.long
@settings(max_examples=5_000)
@given(COMPANIES, PREVIOUS, LIMITS)
def test_the_solve_agrees_with_the_reference_over_many_companies(
    company: Company, previous: dict[str, int], limit: int
) -> None:
    check_against_reference(company, previous, limit)


@given(COMPANIES, PREVIOUS, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(
    company: Company, previous: dict[str, int], random: object
) -> None:
    def shuffled(rows: Sequence[object]) -> list[object]:
        return random.sample(list(rows), len(rows))  # type: ignore[attr-defined]

    other = Company(
        parties=shuffled(company.parties),
        aliases=shuffled([*company.aliases, *company.aliases]),
        subjects=shuffled(company.subjects),
        unlinks=shuffled(company.unlinks),
        frozen=dict(shuffled(list(company.frozen.items()))),
    )
    before = dict(shuffled(list(previous.items())))
    assert list(other.resolved(before).items()) == list(company.resolved(previous).items())


@given(COMPANIES, names_of(IDS))
@settings(max_examples=max(100, settings.default.max_examples))
def test_undoing_a_link_never_merges(company: Company, unlink: dict[str, str]) -> None:
    undone = dataclasses.replace(company, unlinks=[*company.unlinks, unlink])
    before = same_groups(company.resolved())
    for group in same_groups(undone.resolved()):
        assert any(group <= earlier for earlier in before)


@given(COMPANIES)
def test_new_codes_are_dense(company: Company) -> None:
    codes = company.resolved()
    assert set(codes.values()) == set(range(len(set(codes.values()))))


@given(COMPANIES, PREVIOUS)
def test_resolving_again_changes_nothing(company: Company, previous: dict[str, int]) -> None:
    after = previous | company.resolved(previous)
    assert company.resolved(after) == {}


@given(COMPANIES, COMPANIES)
def test_a_code_once_given_stays_with_somebody_who_had_it(first: Company, then: Company) -> None:
    before = first.resolved()
    after = before | then.resolved(before)
    for code in set(before.values()) & set(after.values()):
        had = {party for party, given in before.items() if given == code}
        assert had & {party for party, given in after.items() if given == code}


@given(COMPANIES)
def test_a_person_and_an_organisation_are_never_one(company: Company) -> None:
    unfrozen = dataclasses.replace(company, frozen={})
    kind = {row["party_id"]: row["kind"] for row in company.parties}
    for group in same_groups(unfrozen.resolved()):
        assert not {"person", "organisation"} <= {kind.get(party) for party in group}


@given(COMPANIES)
def test_frozen_groups_stay_one(company: Company) -> None:
    codes = company.resolved()
    for group in company.frozen.values():
        assert len({codes[p] for p, its in company.frozen.items() if its == group}) == 1


@given(st.sampled_from(KINDS), st.lists(st.none() | st.text(max_size=12) | st.emails()))
def test_columns_are_normalised_as_single_values_are(kind: str, texts: list[str | None]) -> None:
    plain = [normalise(kind, text, "RO", {}) for text in texts]
    column = keys(kind, pa.array(texts, pa.string()), region="RO", phones={})
    assert column.to_pylist() == plain
    again = keys(kind, column, region="RO", phones={})
    assert again.to_pylist() == plain or kind == "phone"


@given(st.lists(st.sets(st.sampled_from(IDS), min_size=1), max_size=6))
def test_the_reference_parts_everybody_once(ties: list[set[str]]) -> None:
    groups = reference.connected(IDS, ties)
    assert sorted(party for group in groups for party in group) == sorted(IDS)
    assert all(any(tie <= group for group in groups) for tie in ties)
