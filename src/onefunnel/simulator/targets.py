"""What the departments are asked for each month.

As firms do it, targets follow from what a department has come to do (the ratchet: Weitzman 1980,
Bell Journal of Economics 11:302): marketing is asked for its number of leads at its cost, sales for
the revenue of those whom it works. So an ordinary month meets them, in a company with a quarrel as
in one without.
"""

import numpy as np
import pyarrow as pa

from onefunnel.simulator.columns import coded, identifiers, ratios, rows
from onefunnel.simulator.delays import DAY, Floats
from onefunnel.simulator.prices import prospects
from onefunnel.simulator.quarrel import usual
from onefunnel.simulator.setting import Setting
from onefunnel.simulator.spending import bookings
from onefunnel.simulator.truth import Ordinary

MEASURES = (("marketing", "leads"), ("marketing", "cost_per_lead"), ("sales", "revenue"))


def ordinary(setting: Setting) -> Ordinary:
    """An ordinary day: no journey is only beginning, and chance is left aside.

    Salespeople choose as in :func:`onefunnel.simulator.quarrel.usual`. Repeat orders, and of those
    whom nobody called, are not counted.
    """
    scenario = setting.scenario
    persons = scenario.persons / scenario.days
    leads = persons * float(setting.moves[:2].prod(axis=0) @ setting.channel_shares)
    cost = np.asarray([each.cost for each in scenario.channels]) @ setting.channel_shares
    brings = prospects(scenario).revenue * (1.0 - scenario.conflicts.junk)
    revenue = float(usual(scenario, setting.leads_a_day) @ brings)
    per_lead = float(cost) * persons * scenario.euro / leads if leads else 0.0
    return Ordinary(leads, per_lead, revenue * scenario.euro)


def targets(setting: Setting) -> Floats:
    """By month and measure; a month that is cut short is asked for as many days.

    Where spending is booked by the week, a lead may cost more in a month of five bookings.
    """
    usually, share = ordinary(setting), setting.scenario.target_share
    starts = np.append(np.maximum(setting.month_starts, 0), setting.end)
    days = np.diff(starts) / DAY
    booked, every = bookings(setting)
    paid = every * np.histogram(booked * DAY, starts)[0] / days
    found = np.empty((len(days), len(MEASURES)))
    found[:, 0] = np.rint(days * usually.leads * share)
    found[:, 1] = np.round(paid * usually.cost_per_lead / share, 2)
    found[:, 2] = np.rint(days * usually.revenue * share)
    return found


def target_table(setting: Setting) -> pa.Table:
    """The rows of ``target``, by the months of the company's calendar."""
    labels = [month.label for month in setting.months]
    which = np.tile(np.arange(len(MEASURES)), len(labels))
    month = np.repeat(np.arange(len(labels)), len(MEASURES))
    return rows(
        "target",
        {
            "target_id": identifiers("z", np.arange(1, len(month) + 1)),
            "period": coded(labels, month),
            "department": coded([department for department, _ in MEASURES], which),
            "measure": coded([measure for _, measure in MEASURES], which),
            "value": ratios(targets(setting).ravel()),
        },
    )
