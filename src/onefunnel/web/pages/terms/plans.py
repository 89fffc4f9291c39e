"""What a pay plan says, in words: a sentence for each of its codes."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal

from markupsafe import Markup, escape

from onefunnel.pay.describe import describe
from onefunnel.pay.lines import Reason
from onefunnel.pay.plan import Base, Component, Member, Pays, Plan, TiersOn
from onefunnel.web.locale import Words
from onefunnel.web.locale.translations import N_
from onefunnel.web.pages.statements.amounts import BASE_NAMES, GAUGE_NAMES, Amounts

SENTENCES: Mapping[str, str] = {
    "crediting_booking": N_("A sale counts when the deal is won."),
    "crediting_invoice": N_("A sale counts when the order line is dated."),
    "crediting_cash": N_("A sale counts when the money is there."),
    "tiers_year_to_date": N_("Tiers run on through the year; amounts are stated for a {period}."),
    "tiers_reset": N_("Tiers begin anew with each {period}."),
    "version_resets": N_("Tiers begin anew with this version."),
    "component": N_("{name}: pays for {base}."),
    "override": N_("{name}: pays for the {base} of those who report to one."),
    "spiff": N_("{name}: a fixed amount for {base}, for a time."),
    "window": N_("Only sales {days}."),
    "tier_first": N_("{rate} from the first unit on."),
    "tier_accelerator": N_("More than {from}: {rate} on what lies above."),
    "tier_decelerator": N_("More than {from}: only {rate} on what lies above."),
    "tier_retroactive": N_("More than {from}: {rate} on everything, from the first unit."),
    "threshold": N_("Nothing below {at}; from there on everything is paid."),
    "cap": N_("At most {cap}."),
    "weight": N_("Counts with a weight of {weight}."),
    "gate": N_("In full only with {measure} of at least {at_least}; else {otherwise} of it."),
    "pool": N_("{name}: {share} of the margin above {hurdle} a {period}, shared by {people}."),
    "draw_recoverable": N_("At least {amount} a month; what that adds is taken from later months."),
    "draw_kept": N_("At least {amount} a month; what that adds is kept."),
    "guarantee": N_("At least {amount} a {period}, never taken back."),
    "holdback_until": N_("{share} of it is held until {until}."),
    "holdback_days": N_("{share} of it is held for {days} after the month it was earned in."),
    "clawback": N_("A return within {days} of its sale takes back what the sale was paid."),
}
"""By code of :func:`onefunnel.pay.describe.describe`."""

PERIODS = {"month": N_("month"), "quarter": N_("quarter"), "year": N_("year")}


def plan_in_words(plan: Plan, words: Words) -> tuple[Markup, ...]:
    """What a plan says, in the order of its file; amounts in its currency."""
    return tuple(_Sentences(plan, words).lines())


class _Sentences:
    """A plan while it is said: a tier is said in the unit of its component."""

    def __init__(self, plan: Plan, words: Words) -> None:
        self.plan, self.words = plan, words
        self.amounts = Amounts.of(words, plan.currency)
        self.parts = iter(plan.components)
        self.component: Component | None = None

    def lines(self) -> Iterator[Markup]:
        for reason in describe(self.plan):
            if reason.code in ("component", "override", "spiff"):
                self.component = next(self.parts)
            yield self.line(reason)

    def line(self, reason: Reason) -> Markup:
        if reason.code == "effective":
            days = days_in_words(self.plan.first, self.plan.last, self.words)
            name = held(self.plan.name)
            return self.words.say("{name}: in force {days}.", name=name, days=days)
        if reason.code == "only":
            return self.only()
        return self.words.say(SENTENCES[reason.code], **self.values(reason))

    def only(self) -> Markup:
        """Which products and segments count."""
        component = self.component
        assert component is not None
        parts = []
        if component.products:
            listed = self.words.listed(held(each) for each in component.products)
            parts.append(self.words.say("products: {list}", list=listed))
        if component.segments:
            listed = self.words.listed(held(each) for each in component.segments)
            parts.append(self.words.say("segments: {list}", list=listed))
        return self.words.say("Only {what}.", what=self.words.clauses(parts))

    def values(self, reason: Reason) -> dict[str, object]:
        """The figures of a sentence as the language writes them."""
        found = {name: self.value(name, value, reason) for name, value in reason.params.items()}
        if reason.code == "window" and self.component is not None:
            found["days"] = days_in_words(self.component.first, self.component.last, self.words)
        return found

    def value(self, name: str, value: object, reason: Reason) -> object:
        words = self.words
        if isinstance(value, Decimal):
            return self.figure(name, value, reason)
        if name == "base":
            return words.say(BASE_NAMES[Base(str(value))])
        if name == "measure":
            return words.say(next(said for each, said in GAUGE_NAMES.items() if each == value))
        if name == "period":
            return words.say(PERIODS[str(value)])
        if name == "until":
            return words.day(date.fromisoformat(str(value)))
        if name == "days":
            return words.figures.days(float(str(value)))
        if name == "people":
            return words.count("{n} person", "{n} people", int(str(value)))
        return held(str(value))

    def figure(self, name: str, value: Decimal, reason: Reason) -> Markup | str:
        amounts, component = self.amounts, self.component
        base = component.base if component else None
        if name in ("share", "otherwise"):
            return amounts.figures.rate(value)
        if name == "weight":
            return amounts.figures.rate(value)
        if name == "at_least":
            return amounts.gauge(value, str(reason.params["measure"]))
        if name in ("from", "at"):
            return start_in_words(component, value, amounts)
        if name == "rate":
            return self.rate(value, base, reason)
        return amounts.money(value)

    def rate(self, value: Decimal, base: Base | None, reason: Reason) -> Markup | str:
        if reason.params["pays"] == Pays.TARGET:
            shown = self.amounts.figures.rate(value)
            return self.words.say("{rate} of the target pay per full quota", rate=shown)
        return self.amounts.rate(value, base)


def start_in_words(component: Component | None, value: Decimal, amounts: Amounts) -> Markup | str:
    """A point of the base: an amount, a number, or a share of the quota."""
    if component is not None and component.tiers_on is TiersOn.ATTAINMENT:
        return amounts.words.say("{share} of the quota", share=amounts.figures.rate(value))
    return amounts.base(value, component.base if component else None)


def days_in_words(first: date | None, last: date | None, words: Words) -> Markup:
    """From a day, to a day that is in it, or between the two."""
    if first is not None and last is not None:
        return words.say("from {first} to {last}", first=words.day(first), last=words.day(last))
    if first is not None:
        return words.say("from {day} on", day=words.day(first))
    return words.say("until {day}", day=words.day(last)) if last else Markup("")


def member_in_words(member: Member, plan: Plan, name: str, words: Words) -> Markup:
    """Whom a plan pays, with quota and target."""
    amounts = Amounts.of(words, plan.currency)
    said = [held(name)]
    for component, quota in member.quotas:
        about = next((each for each in plan.components if each.name == component), None)
        base = (about or plan.components[0]).base if plan.components else None
        shown = amounts.base(quota, base)
        said.append(
            words.say("quota of {name}: {amount}", name=held(component), amount=shown)
            if component
            else words.say("quota {amount}", amount=shown)
        )
    if member.target is not None:
        said.append(words.say("target pay {amount}", amount=amounts.money(member.target)))
    if (member.first, member.last) != (plan.first, plan.last):
        said.append(days_in_words(member.first, member.last, words))
    return words.listed(said)


def held(text: str) -> Markup:
    """A name, held apart from the sentence around it."""
    return Markup("<bdi>{}</bdi>").format(escape(text))
