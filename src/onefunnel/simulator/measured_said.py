"""The truth of what leads say brought them, gathered."""

import numpy as np

from onefunnel.simulator.market import Market
from onefunnel.simulator.said import names, said
from onefunnel.simulator.setting import Setting
from onefunnel.simulator.touches import NONE
from onefunnel.simulator.truth_said import RecallTruth, SaidTruth, SelfReportTruth


class Answered:
    """Running counts of leads and of answers, over all atoms."""

    def __init__(self, setting: Setting) -> None:
        self.setting = setting
        self.names = names(setting)
        channels = len(setting.scenario.channels)
        self.leads = np.zeros(channels, np.int64)
        # The last column is of those who name nothing.
        self.pairs = np.zeros((channels, len(self.names) + 1), np.int64)

    def add(self, atom: Market) -> None:
        """Count an atom."""
        left = atom.entered[2] < self.setting.end
        self.leads += np.bincount(atom.channel[left], minlength=len(self.leads))
        made = said(self.setting, atom)
        np.add.at(self.pairs, (made.tracked, made.said), 1)

    def truth(self) -> SelfReportTruth | None:
        """What was set and what came of it; None where nobody was asked."""
        asked = self.setting.scenario.self_reports
        if asked is None:
            return None
        channels = tuple(self._channel(place) for place in range(len(self.leads)))
        usable = sum(each.usable for each in channels)
        expected = sum(each.usable * each.agreement for each in channels)
        return SelfReportTruth(
            asked.share,
            asked.unusable,
            dict(asked.unseen),
            expected / usable if usable else None,
            channels,
            self._pairs(),
        )

    def _channel(self, place: int) -> RecallTruth:
        scenario = self.setting.scenario
        asked, channel, row = scenario.self_reports, scenario.channels[place], self.pairs[place]
        seen = 1.0 - asked.brought_unseen if asked else 1.0
        return RecallTruth(
            channel.name,
            int(self.leads[place]),
            int(row.sum()),
            int(row[:NONE].sum()),
            int(row[place]),
            seen * channel.recalled,
        )

    def _pairs(self) -> tuple[SaidTruth, ...]:
        spelled = (*self.names, None)
        found = [
            SaidTruth(self.names[one], spelled[other], int(self.pairs[one, other]))
            for one, other in np.argwhere(self.pairs)
        ]
        return tuple(sorted(found, key=lambda p: (p.tracked, p.said is None, p.said or "")))
