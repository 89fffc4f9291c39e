"""The steps of paths: two of the queries of attribution, of order 1."""

from dataclasses import replace
from functools import partial

from onefunnel.errors import UsageError
from onefunnel.funnel.rules import Rules
from onefunnel.ledger.schema import Facts, Lazily
from onefunnel.measures.attribution import query
from onefunnel.measures.attribution.asked import Asked, asked_of
from onefunnel.vocabulary import Question

NAMES = ("players", "transitions")
ORDER = 1


def queries(facts: Facts, rules: Rules, question: Question) -> Lazily:
    """Those of :func:`onefunnel.measures.attribution.query.queries` that steps need."""
    found = query.queries(facts, rules, question, asked(question))
    return Lazily({name: partial(found.__getitem__, name) for name in NAMES})


def asked(question: Question) -> Asked:
    """What is asked, by the conventions of attribution. UsageError where models are named.

    >>> from datetime import UTC, datetime
    >>> asked(Question(now=datetime(2024, 1, 1, tzinfo=UTC))).orders
    (1,)
    """
    if question.crediting.models:
        raise UsageError("Transitions are the same for all models.", remedy="Ask without a model.")
    return replace(asked_of(question), orders=(ORDER,))
