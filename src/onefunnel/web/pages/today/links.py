"""Where the figures of Today lead: the rows behind them, what they mean, the month's funnel."""

from urllib.parse import urlencode

from django.urls import reverse

from onefunnel.web.jobs.questions import as_json
from onefunnel.web.locale import Words
from onefunnel.workflows.asked import Asked


def rows(measure: str, figure: str, asked: Asked, **where: str) -> str:
    """The address of the rows behind a figure of an answer."""
    figures = urlencode({"measure": measure, "figure": figure, **where})
    return f"{reverse('rows')}?{figures}&{_asked(asked)}"


def definition(key: str) -> str:
    """The address of what a figure means."""
    return f"{reverse('definitions')}#{key}"


def funnel(asked: Asked) -> str:
    """The address of the funnel that was asked."""
    return f"{reverse('funnel')}?{_asked(asked)}"


def bridge(asked: Asked, words: Words) -> str:
    """The address of the bridge to the month that was asked."""
    assert asked.since is not None
    return f"{reverse('bridge')}?{urlencode({'month': words.calendar.month_of(asked.since).label})}"


def _asked(asked: Asked) -> str:
    plain = as_json(asked)
    named = {
        "from": plain["since"],
        "to": plain["until"],
        "horizon": plain["horizon_days"],
        "now": plain["now"],
    }
    return urlencode({name: value for name, value in named.items() if value is not None})
