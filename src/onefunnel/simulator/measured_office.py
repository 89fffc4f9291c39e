"""The truth of the office, gathered."""

import numpy as np

from onefunnel.simulator import decisions, meetings, offers, work
from onefunnel.simulator.deals import biases, has_deal, offered_at
from onefunnel.simulator.orders import FIRST_SELLER
from onefunnel.simulator.prices import catalogue, exact
from onefunnel.simulator.selling import Selling
from onefunnel.simulator.setting import Setting
from onefunnel.simulator.truth_office import (
    ApprovalTruth,
    HeadsTruth,
    MessageTruth,
    OfficeTruth,
    PriceTruth,
    PromiseTruth,
    TaskTruth,
)
from onefunnel.vocabulary import STAGES

DEPARTMENTS = ("marketing", "sales")


def office(setting: Setting, sold: Selling, promised: "Promised") -> OfficeTruth:
    """What was set about the office, and what came of it."""
    scenario = setting.scenario
    _, which, amount = decisions.brought_by_others(setting)
    return OfficeTruth(
        _tasks(setting, sold),
        _heads(setting),
        _messages(setting),
        _approvals(setting),
        promised.truth(),
        PriceTruth(
            scenario.elasticity,
            scenario.tested_discount,
            scenario.conflicts.discount_slope,
            exact(int(catalogue(scenario).list_price.min())),
        ),
        {f"e{FIRST_SELLER + k}": float(bias) for k, bias in enumerate(biases(setting))},
        {
            name: exact(int(amount[which == k].sum()))
            for k, (name, *_) in enumerate(decisions.OTHERS)
        },
        {STAGES[position].value: share for position, share in decisions.RECALL},
    )


class Promised:
    """Running counts of offers and promises, over all atoms."""

    def __init__(self) -> None:
        self.counts = np.zeros(4, np.int64)

    def add(self, setting: Setting, leads: Selling, number: int) -> None:
        """Count an atom."""
        offer = has_deal(setting, leads) & (offered_at(leads) < setting.end)
        here, kept, off = offers.promises(setting, leads, number)
        kept = kept & (offers.kept_at(leads, here) < setting.end)
        self.counts += [int(offer.sum()), len(here), int(kept.sum()), int(off.sum())]

    def truth(self) -> PromiseTruth:
        """The counts with what was set."""
        made, promises, kept, off = map(int, self.counts)
        return PromiseTruth(made, promises, offers.KEPT, offers.OFF_MESSAGE, kept, off)


def _tasks(setting: Setting, sold: Selling) -> tuple[TaskTruth, ...]:
    done, words = work.work(setting, sold), setting.scenario.words.tasks
    shares = work.drift(setting)
    by_month = {m.label: float(s) for m, s in zip(setting.months, shares, strict=True)}
    return tuple(
        TaskTruth(
            words[name],
            DEPARTMENTS[responsible],
            int((done.task == position).sum()),
            int((done.wrong & (done.task == position)).sum()),
            by_month,
        )
        for position, (name, responsible, _) in enumerate(work.TASKS)
    )


def _heads(setting: Setting) -> HeadsTruth:
    held = meetings.meetings(setting)
    joint = held.kind < meetings.BOTH
    both = held.marketing & held.sales & joint
    return HeadsTruth(
        int(joint.sum()),
        int((held.marketing & joint).sum()),
        int((held.sales & joint).sum()),
        int(both.sum()),
        setting.scenario.conflicts.heads_apart,
    )


def _messages(setting: Setting) -> tuple[MessageTruth, ...]:
    _, flow, via, count = meetings.message_counts(setting)
    return tuple(
        MessageTruth(
            DEPARTMENTS[sender],
            DEPARTMENTS[receiver],
            a_week,
            meetings.VIA_MANAGER if sender != receiver else 0.0,
            int(count[flow == position].sum()),
            int(count[(flow == position) & via].sum()),
        )
        for position, (sender, receiver, a_week) in enumerate(meetings.WEEKLY)
    )


def _approvals(setting: Setting) -> ApprovalTruth:
    made = decisions.decisions(setting)
    return ApprovalTruth(
        decisions.APPROVALS,
        setting.scenario.conflicts.approvals_growth,
        decisions.REFUSED,
        len(made.kind),
        int(made.approvals.sum()),
        int(made.refused.sum()),
    )
