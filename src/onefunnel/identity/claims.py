"""Which party carries which identifier, and which of them tie: the rules of what is shared."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from onefunnel.identity.lists import FREE_MAIL_DOMAINS
from onefunnel.identity.nodes import Codes, Flags, Known
from onefunnel.identity.normalise import is_role_address


@dataclass(frozen=True)
class Claims:
    """Parties and the values of one kind they carry, in distinct pairs; ``texts`` spells them."""

    party: Codes
    value: Codes
    texts: pa.Array

    def where(self, keep: Flags) -> "Claims":
        """The claims that ``keep`` marks."""
        return Claims(self.party[keep], self.value[keep], self.texts)

    def per_value(self, counted: Flags) -> Codes:
        """For each claim, how many claims of its value ``counted`` marks."""
        counts = np.bincount(self.value[counted], minlength=len(self.texts))
        return counts.astype(np.int64)[self.value]

    def distinct_per_value(self, things: Codes) -> Codes:
        """For each claim, how many distinct things (codes, -1: none) the carriers have."""
        known = things >= 0
        width = int(things.max(initial=0)) + 1
        pairs = np.unique(self.value[known] * width + things[known])
        counts = np.bincount(pairs // width, minlength=len(self.texts))
        return counts.astype(np.int64)[self.value]


def claims(party: Codes, values: pa.Array) -> Claims:
    """The distinct pairs of a party and a normalised value; a value that is NULL is none.

    >>> made = claims(np.array([0, 0, 1]), pa.array(["x", "x", None]))
    >>> made.party.tolist(), made.value.tolist(), made.texts.to_pylist()
    ([0], [0], ['x'])
    """
    known = values.is_valid().to_numpy(zero_copy_only=False)
    texts = values.drop_null().dictionary_encode()
    value = texts.indices.to_numpy().astype(np.int64)
    width = int(party.max(initial=0)) + 1
    pairs = np.unique(value * width + party[known])
    return Claims(pairs % width, pairs // width, texts.dictionary)


def tying(kind: str, all_claims: Claims, known: Known, max_carriers: int) -> Claims:
    """The claims that tie their carriers to each other.

    ``max_carriers``: a telephone, a role's address or a visitor with more carriers ties nobody.
    """
    several = all_claims.where(all_claims.per_value(np.ones(len(all_claims.value), bool)) > 1)
    organisations = several.per_value(known.organisation[several.party])
    # What an organisation carries is the organisation's: its people are not one person.
    of_the_house = known.person[several.party] & (organisations > 0)
    if kind == "domain":
        free = np.array([text in FREE_MAIL_DOMAINS for text in several.texts.to_pylist()], bool)
        return several.where(known.organisation[several.party] & ~free[several.value])
    if kind == "external":
        return several.where(~of_the_house)
    if kind == "anonymous":
        doubtful = _doubtful(several, known, max_carriers) | (organisations > 1)
        return several.where(~doubtful & ~of_the_house)
    personal = several.where(organisations == 0)
    if kind == "phone":
        return personal.where(~_doubtful(personal, known, max_carriers))
    role = personal.where(_of_roles(personal))
    certain = personal.where(~_of_roles(personal))
    trusted = role.where(~_doubtful(role, known, max_carriers))
    party = np.concatenate([certain.party, trusted.party])
    return Claims(party, np.concatenate([certain.value, trusted.value]), personal.texts)


def _doubtful(shared: Claims, known: Known, max_carriers: int) -> Flags:
    """Claims of values whose carriers are too many, or contradict each other.

    Carriers are told apart by name, and those without a name by e-mail. One with neither
    contradicts nobody.
    """
    names, emails = known.names(shared.party), known.emails(shared.party)
    by_email_only = (names < 0) & (emails >= 0)
    other_names = shared.distinct_per_value(names) > 1
    other_emails = shared.distinct_per_value(emails) > 1
    contradict = other_names | (other_emails & (shared.per_value(by_email_only) > 0))
    crowd = shared.per_value(np.ones(len(shared.value), bool)) > max_carriers
    doubtful: Flags = contradict | crowd
    return doubtful


def _of_roles(shared: Claims) -> Flags:
    distinct, place = np.unique(shared.value, return_inverse=True)
    texts = shared.texts.take(pa.array(distinct)).to_pylist()
    return np.array([is_role_address(text) for text in texts], bool)[place]


def undone(of_kind: Claims, party: Codes, values: pa.Array) -> Flags:
    """The claims that somebody undid: ``party`` (-1: unknown) no longer carries ``values``.

    >>> made = claims(np.array([0, 1]), pa.array(["x", "x"]))
    >>> undone(made, np.array([1, -1]), pa.array(["x", "x"])).tolist()
    [False, True]
    """
    taken = values.dictionary_encode()
    value = taken.indices.fill_null(-1).to_numpy().astype(np.int64)
    # The few values that were taken away are hashed, not the many that are carried.
    place = pc.index_in(of_kind.texts, value_set=taken.dictionary).fill_null(-1).to_numpy()
    width = int(max(of_kind.party.max(initial=-1), party.max(initial=-1))) + 1
    known = (party >= 0) & (value >= 0)
    claimed = place.astype(np.int64)[of_kind.value] * width + of_kind.party
    return np.isin(claimed, value[known] * width + party[known])
