"""Erase a person: in every table, every version, the quarantine, the journal and the caches."""

from onefunnel.errors import UsageError
from onefunnel.ledger.engines.duckdb import Reader
from onefunnel.ledger.store import erase, journal
from onefunnel.ledger.store.register import Register, read_register, write_register
from onefunnel.ledger.store.rewrite import fold, rewrite
from onefunnel.workflows.kept import forget, forget_history
from onefunnel.workflows.workspace import Workspace


def erase_party(workspace: Workspace, party: str) -> int:
    """Overwrite everything that identifies the person behind a party; returns how many parties.

    All parties held to be the same person are erased, and who was the same is frozen first, so
    that the totals of every version hold. Killed in the middle, it is finished by the next writer.
    The journal must have been drained. Raises UsageError where nobody knows the party.
    """
    if not workspace.reading(lambda reader: _is_known(reader, party)):
        raise UsageError(f"No party {party!r} is in the ledger.")
    parties = workspace.reading(lambda reader: erase.members(reader, party))
    register = read_register(workspace.path) or Register()
    group = register.pseudonym(min(parties), party=True)
    for member in sorted(parties):
        register.groups[register.pseudonym(member, party=True)] = group
    register.pending = sorted({*register.pending, *map(register.hash, parties)})
    write_register(workspace.path, register)
    finish_erasures(workspace)
    return len(parties)


def finish_erasures(workspace: Workspace) -> None:
    """Complete an erasure that has begun; does nothing where there is none."""
    register = read_register(workspace.path)
    if register is None or not register.pending:
        return
    with workspace.writing() as batch:
        fold(batch)
    with workspace.writing() as batch:
        parties = _pending_parties(batch.reader, register)
        if parties:
            who = erase.person(batch.reader, parties, workspace.settings.country)
            changes = erase.plan(batch.reader, who, register)
            write_register(workspace.path, register)
            rewrite(batch, changes)
    with workspace.writing() as batch:
        journal.trim(workspace.journal, batch.head.journal)
    forget(workspace.path)
    forget_history(workspace.path)
    register.pending = []
    write_register(workspace.path, register)


def replay_erasures(workspace: Workspace, register: Register) -> None:
    """Erase again everybody a register names: for a workspace restored from a backup."""
    known = read_register(workspace.path)
    merged = register.merged(known) if known else register
    merged.pending = sorted(merged.parties)
    write_register(workspace.path, merged)
    finish_erasures(workspace)


def _is_known(reader: Reader, party: str) -> bool:
    entity = reader.rows("entity")
    return len(reader.fetch(entity.filter(entity.party_id == party).limit(1))) > 0


def _pending_parties(reader: Reader, register: Register) -> frozenset[str]:
    entity = reader.rows("entity")
    known = reader.fetch(entity.select("party_id").distinct())["party_id"].to_pylist()
    pending = set(register.pending)
    return frozenset(party for party in known if register.hash(party) in pending)
