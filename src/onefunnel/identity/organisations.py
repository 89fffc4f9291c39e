"""To which organisation a person belongs. This never makes two colleagues one."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from onefunnel.identity.evidence import CHANGES, FROZEN, NAMES, Evidence
from onefunnel.identity.keys import each_distinct, plain_keys, text_column
from onefunnel.identity.nodes import Codes, Flags
from onefunnel.identity.normalise import domain_of


def organisations(
    *, parties: pa.Table, aliases: pa.Table, unlinks: pa.Table | None = None
) -> pa.Table:
    """The organisation of each person that has one: party_id, organisation_id (both text).

    The tables are those of :func:`onefunnel.identity.identifiers`. A record's organisation_id
    stands. Without it, the domains of the person's e-mails (the record's and aliases) and the
    aliases that are domains decide, if they lead to one organisation only; of several that have
    one domain, and so are one, the smallest party_id is given. Domains of free mail lead nowhere,
    and so does a name that was taken away. Ordered by party_id; who belongs nowhere is left out.

    >>> import pyarrow as pa
    >>> parties = pa.table({
    ...     "party_id": ["acme", "ana"], "kind": ["organisation", "person"],
    ...     "organisation_id": pa.array([None, None], pa.string()), "name": ["Acme", "Ana"],
    ...     "email": [None, "Ana@Acme.example"], "domain": ["acme.example", None],
    ... })
    >>> aliases = pa.table({"party_id": [], "kind": [], "value": []})
    >>> organisations(parties=parties, aliases=aliases).to_pylist()
    [{'party_id': 'ana', 'organisation_id': 'acme'}]
    """
    evidence = Evidence(
        parties=parties,
        aliases=aliases,
        subjects=parties,
        unlinks=NAMES.empty_table() if unlinks is None else unlinks,
        frozen=FROZEN.empty_table(),
        previous=CHANGES.empty_table(),
        region=None,
        phones={},
    )
    by_domain = _by_domain(evidence)
    named = evidence.ids.take(pa.array(by_domain, mask=by_domain < 0))
    own = evidence.of_record(text_column(parties, "organisation_id"))
    belongs = pc.coalesce(own, named)
    chosen = pa.array(~evidence.known.organisation & belongs.is_valid().to_numpy(False))
    columns = {"party_id": evidence.ids, "organisation_id": belongs}
    return pa.table({name: column.filter(chosen) for name, column in columns.items()})


def _by_domain(evidence: Evidence) -> Codes:
    """The organisation of each party by the domains it carries; -1 for none, or several."""
    party, domain = _domains(evidence)
    of_organisation = evidence.known.organisation[party]
    none = evidence.size
    owner = np.full(int(domain.max(initial=-1)) + 1, none, dtype=np.int64)
    np.minimum.at(owner, domain[of_organisation], party[of_organisation])
    led = owner[domain]
    leads = ~of_organisation & (led < none)
    smallest = np.full(evidence.size, none, dtype=np.int64)
    largest = np.full(evidence.size, -1, dtype=np.int64)
    np.minimum.at(smallest, party[leads], led[leads])
    np.maximum.at(largest, party[leads], led[leads])
    return np.where(smallest == largest, smallest, -1)


def _domains(evidence: Evidence) -> tuple[Codes, Codes]:
    """Parties and the domains they carry, as codes: their own, and for people of their e-mails."""
    names = evidence.claims("domain")
    emails = evidence.claims("email")
    live = ~evidence.undone("domain", names)
    mailing = ~evidence.undone("email", emails) & ~evidence.known.organisation[emails.party]
    texts = pa.concat_arrays(
        [
            _tying_domains(names.texts).take(pa.array(names.value[live])),
            _tying_domains(emails.texts).take(pa.array(emails.value[mailing])),
        ]
    )
    party = np.concatenate([names.party[live], emails.party[mailing]])
    known: Flags = texts.is_valid().to_numpy(zero_copy_only=False)
    domain = texts.drop_null().dictionary_encode().indices.to_numpy().astype(np.int64)
    return party[known], domain


def _tying_domains(texts: pa.Array) -> pa.Array:
    """The domain of each e-mail, or each domain; NULL where anybody can open a mailbox."""
    hosts = pc.replace_substring_regex(texts, "^.*@", "")
    return each_distinct(hosts, lambda distinct: plain_keys(distinct, domain_of))
