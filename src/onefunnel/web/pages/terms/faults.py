"""What is wrong with a file of terms, in the language of the page.

The readers of plans, ranges and scorecards say it in English and know of no translations: what they
can say stands here once more, and a test holds both lists to each other.
"""

import re
from collections.abc import Iterator
from functools import cache

from onefunnel.errors import InputError
from onefunnel.web.locale import Words
from onefunnel.web.locale.translations import N_

SENTENCES = (
    # Keys and values.
    N_("This is not TOML: {error}."),
    N_("It is no text ({error})."),
    N_("There is no such key."),
    N_("There is no such component."),
    N_("There is no such {what}."),
    N_("The key has no such value."),
    N_("{key} is missing."),
    N_("A list of tables was expected."),
    N_("A list was expected."),
    N_("A table was expected."),
    N_("Text was expected."),
    N_("A name was expected."),
    N_("A number was expected."),
    N_("An amount was expected."),
    N_("A finite number was expected."),
    N_("A whole number was expected."),
    N_("A whole number of days was expected."),
    N_("Three numbers were expected."),
    N_("A day was expected."),
    N_("true or false was expected."),
    # Plans.
    N_("The plan ends before it begins."),
    N_("Days are below 0."),
    N_("A share is from 0 to 1."),
    N_("A hurdle is 0 or more."),
    N_("A pool needs parts above 0."),
    N_("An employee has two parts."),
    N_("The member leaves before the first day."),
    N_("A quota is above 0."),
    N_("Nobody reports to themselves."),
    N_("The row has days that the plan has not."),
    N_("Two rows of one member share days."),
    N_("An amount is 0 or more."),
    N_("A holdback needs one end."),
    N_("A day or more is held."),
    N_("The first tier begins at 0."),
    N_("A tier begins above the one before."),
    N_("A rate is 0 or more."),
    N_("The component ends before it begins."),
    N_("The value is 0 or more."),
    N_("A weight is 0 or more."),
    N_("A share of the target is paid on attainment."),
    N_("A gate leaves a share from 0 to 1."),
    N_("The weights of the shares of the target sum to {sum}, not to 1."),
    N_("Two have the name {name}."),
    # Ranges.
    N_("The range is out of order."),
    N_("It can't be."),
    # Scorecards.
    N_("A scorecard needs a measure."),
    N_("It ends before it begins."),
    N_("{threshold}, {target} and {cap} do not go one way."),
    N_("The payouts {payouts} fall, are negative, or all 0."),
    N_("{name} is no file of terms."),
    N_("The gate on {source} needs either a floor or a ceiling."),
    N_("A shut gate can't multiply pay by {number}."),
    # Experiments.
    N_("A group needs people."),
    N_("More converted than there are people."),
    N_("More were reached than were treated."),
    N_("In each group all or none converted."),
    N_("In each group all brought the same."),
    N_("Wait until some brought more."),
    N_("Two regions with it and two without are needed."),
    N_("All regions changed alike."),
    N_("It was planned after it began."),
    # What to do.
    N_("Count each person once."),
    N_("Wait until there are some of each."),
    N_("Add some."),
    N_("Add regions or periods."),
    N_("Leave it out."),
    N_("Leave it out for all of them."),
    N_("Mend the line."),
    N_("Save it as UTF-8."),
    N_("Did you mean {name}?"),
    N_("Valid: {names}."),
    N_("Swap from and to."),
    N_("Swap the days."),
    N_("Leave it out for none."),
    N_("Leave the table out for none."),
    N_("Leave otherwise out."),
    N_("Leave from and to out for all of the plan's days."),
    N_("Name each employee with a part above 0."),
    N_("Name another."),
    N_("Name it {places}."),
    N_("Add the parts up."),
    N_("End the earlier row the day before."),
    N_("Put them in order."),
    N_("Let them sum to 1."),
    N_("Give each a name of its own."),
    N_("Give a day after that of from."),
    N_("Give a number from 0 to below 1."),
    N_("Give one of the two."),
    N_("Give 1 to {most}."),
    N_("Let threshold, target and cap rise, or fall where less is better."),
    N_("Pay no less for more, and something in the end."),
    N_("Low, best, high."),
    N_("It is above 0."),
    N_("It is from {least} to {most}."),
    N_("It is from {least}."),
    N_("Write a number, or {range}."),
    N_("Write until or after_days, one of the two."),
    N_("Write 0 for none."),
    N_("Write 0 for no pay."),
    N_("Write 0.5 for a half."),
    N_("Write {n} or more."),
    N_("Write {this} for {that}."),
    N_("Write it as {example}."),
    N_("Write {example}."),
)
"""Each sentence; of two that fit a text the earlier holds."""

ISOLATED = "\u2068{}\u2069"
"""A value held apart from letters of another direction."""


def said_wrong(error: InputError, words: Words) -> str:
    """What is wrong with a file, with its key, and what to do; its line is not in it."""
    place = error.place
    message = error.message.removeprefix(f"{place}: ")
    said = [translated(part, words) for part in (message, error.remedy) if part]
    return " ".join([f"{_apart(place.column, words)}:", *said] if place.column else said)


def translated(text: str, words: Words) -> str:
    """A text of one or two such sentences in the language; as it is where it is none.

    >>> translated("Two have the name 'gates'.", Words("en"))
    "Two have the name 'gates'."
    """
    if words.language == "en":
        return text
    found = tuple(_parts(text))
    return text if None in found else " ".join(_said(*each, words) for each in found if each)


def _parts(text: str) -> Iterator[tuple[str, dict[str, str]] | None]:
    """The sentences with their values, None for a text that is no sentence of ours."""
    question, mark, rest = text.partition("? ")
    if mark and (asked := _matched(question + "?")):
        yield asked
        yield _matched(rest)
    else:
        yield _matched(text)


def _matched(text: str) -> tuple[str, dict[str, str]] | None:
    for sentence in SENTENCES:
        if found := _pattern(sentence).fullmatch(text):
            return sentence, found.groupdict()
    return None


@cache
def _pattern(sentence: str) -> re.Pattern[str]:
    escaped = re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>.+?)", re.escape(sentence))
    return re.compile(escaped, re.DOTALL)


def _said(sentence: str, values: dict[str, str], words: Words) -> str:
    """The sentence with its values."""
    shown = {name: _apart(each, words) for name, each in values.items()}
    return str(words.say(sentence, **shown).unescape())


def _apart(value: str, words: Words) -> str:
    return ISOLATED.format(value) if words.direction == "rtl" else value
