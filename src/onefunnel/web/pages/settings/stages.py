"""The stages as the page shows them: owner, rules in words, and a form."""

from dataclasses import dataclass

from markupsafe import Markup

from onefunnel.funnel.rules import Rules, default_rules
from onefunnel.vocabulary import Stage
from onefunnel.web.locale import Words
from onefunnel.web.pages.settings.forms import StageForm
from onefunnel.web.pages.settings.sentences import owner_in_words, rule_in_words
from onefunnel.web.report.cells import Mark, mark


@dataclass(frozen=True, slots=True)
class StageView:
    """A stage; ``own`` where its rules are not the default ones, ``open`` where its form is."""

    stage: Stage
    name: Markup
    owner: Mark
    owners: Markup
    rules: tuple[Markup, ...]
    own: bool
    form: StageForm
    open: bool


def stage_views(rules: Rules, words: Words, sent: StageForm | None = None) -> tuple[StageView, ...]:
    """The stages in order; a form that was ``sent`` and refused stands at its stage, open."""
    views = []
    for each in rules.stages:
        mine = sent if sent is not None and sent.stage.stage is each.stage else None
        views.append(
            StageView(
                each.stage,
                words.stage(each.stage),
                mark(each.owners[-1].department, words),
                owner_in_words(each.owners, words),
                tuple(rule_in_words(rule, words, each) for rule in each.rules),
                each != default_rules().of(each.stage),
                mine or StageForm(words=words, stage=each),
                mine is not None,
            )
        )
    return tuple(views)
