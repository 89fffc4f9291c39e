"""The tables of the ledger. ARCHITECTURE.md says how to add one."""

from collections.abc import Mapping
from typing import TypeAlias

import ibis.expr.types as ir

from onefunnel.errors import UnknownName
from onefunnel.ledger.schema.kinds import Kind
from onefunnel.ledger.schema.tables import Column, Table

SCHEMA_VERSION = 1

Facts: TypeAlias = Mapping[str, ir.Table]
"""The ledger as a measure sees it: a table expression per name, current rows only, and
``entity`` (party_id, entity_code) beside the fact tables."""

TEXT, INSTANT, DAY, MONEY = Kind.TEXT, Kind.INSTANT, Kind.DAY, Kind.MONEY
QUANTITY, RATE, COUNT, RATIO = Kind.QUANTITY, Kind.RATE, Kind.COUNT, Kind.RATIO
FLAG, JSON = Kind.FLAG, Kind.JSON

DEPARTMENTS = ("marketing", "sales", "support", "management", "other")
SOURCES_OF_REASON = ("salesperson", "customer", "system")
STATUSES = ("open", "won", "lost")
INTENTS = ("price", "quote", "date", "meeting", "callback", "trial")


def _key(name: str) -> Column:
    return Column(name, TEXT, "identifies the record")


def _party(name: str = "party_id", about: str = "who it was") -> Column:
    return Column(name, TEXT, about, references="party")


def _department(name: str = "department") -> Column:
    return Column(name, TEXT, "whose it is", choices=DEPARTMENTS)


def _origin() -> tuple[Column, ...]:
    return (
        Column("channel", TEXT, "marketing channel"),
        Column("source", TEXT, "utm_source"),
        Column("medium", TEXT, "utm_medium"),
        Column("campaign", TEXT, "campaign"),
    )


def _currency() -> Column:
    return Column("currency", TEXT, "ISO 4217 code; the workspace's currency where it is missing")


PARTY = Table(
    "party",
    "party_id",
    "a person or an organisation",
    (
        _key("party_id"),
        Column("kind", TEXT, "what it is", choices=("person", "organisation")),
        _party("organisation_id", "the organisation a person belongs to"),
        Column("name", TEXT, "name", identifying=True),
        Column("email", TEXT, "e-mail address", identifying=True),
        Column("phone", TEXT, "telephone number", identifying=True),
        Column("domain", TEXT, "internet domain of an organisation", identifying=True),
        Column("country", TEXT, "ISO 3166 code"),
        Column("segment", TEXT, "segment"),
        Column("created_at", INSTANT, "when the record was made"),
        Column("attributes", JSON, "anything else", identifying=True),
    ),
)

ALIAS = Table(
    "alias",
    "alias_id",
    "another name of the same party: a visitor's cookie, a number in another system",
    (
        _key("alias_id"),
        _party(),
        Column(
            "kind",
            TEXT,
            "what kind of name",
            choices=("email", "phone", "domain", "anonymous", "external"),
        ),
        Column("value", TEXT, "the name itself", identifying=True),
        Column("occurred_at", INSTANT, "since when it is known"),
    ),
)

UNLINK = Table(
    "unlink",
    "unlink_id",
    "a link that somebody undid: this name does not belong to this party",
    (
        _key("unlink_id"),
        _party(),
        Column(
            "kind",
            TEXT,
            "what kind of name",
            choices=("email", "phone", "domain", "anonymous", "external"),
        ),
        Column("value", TEXT, "the name that is not theirs", identifying=True),
        Column("occurred_at", INSTANT, "when it was undone"),
        Column("actor", TEXT, "who undid it"),
    ),
)

TOUCH = Table(
    "touch",
    "touch_id",
    "one contact of a party with the company",
    (
        _key("touch_id"),
        _party(),
        Column("occurred_at", INSTANT, "when"),
        _department(),
        Column("channel", TEXT, "marketing channel"),
        Column(
            "kind",
            TEXT,
            "what happened",
            choices=(
                "impression",
                "click",
                "visit",
                "form",
                "call",
                "chat",
                "email",
                "event",
                "meeting",
                "collateral",
                "self_report",
            ),
        ),
        Column("intent", TEXT, "what the buyer asked for", choices=INTENTS),
        Column("source", TEXT, "utm_source"),
        Column("medium", TEXT, "utm_medium"),
        Column("campaign", TEXT, "campaign"),
        Column("content", TEXT, "utm_content"),
        Column("term", TEXT, "utm_term"),
        Column("page", TEXT, "page"),
        Column(
            "click_id",
            TEXT,
            "the advertising platform's click, best with its parameter: `gclid:…`",
            identifying=True,
        ),
    ),
    instant="occurred_at",
)

SPEND = Table(
    "spend",
    "spend_id",
    "money spent on a day to win attention",
    (
        _key("spend_id"),
        Column("day", DAY, "local day"),
        Column("channel", TEXT, "marketing channel"),
        Column("campaign", TEXT, "campaign"),
        Column("segment", TEXT, "segment"),
        Column("page", TEXT, "page"),
        Column("amount", MONEY, "amount"),
        _currency(),
        Column("impressions", COUNT, "impressions"),
        Column("clicks", COUNT, "clicks"),
    ),
    instant="day",
)

LEAD = Table(
    "lead",
    "lead_id",
    "somebody who left a way to be reached",
    (
        _key("lead_id"),
        _party(),
        Column("created_at", INSTANT, "when"),
        *_origin(),
        Column("page", TEXT, "page it came from"),
        Column("segment", TEXT, "segment"),
        Column("attributes", JSON, "anything else", identifying=True),
    ),
    instant="created_at",
)

HANDOFF = Table(
    "handoff",
    "handoff_id",
    "a step of a lead between the departments",
    (
        _key("handoff_id"),
        Column("lead_id", TEXT, "which lead", references="lead"),
        Column("occurred_at", INSTANT, "when"),
        Column(
            "kind",
            TEXT,
            "which step",
            choices=(
                "offered",
                "assigned",
                "accepted",
                "rejected",
                "attempted",
                "connected",
                "qualified",
                "disqualified",
                "recycled",
                "returned",
            ),
        ),
        Column("actor", TEXT, "employee who did it"),
        _department(),
        Column("reason", TEXT, "reason given"),
        Column("reason_source", TEXT, "whose reason", choices=SOURCES_OF_REASON),
        Column("minutes", RATIO, "minutes of work"),
    ),
    instant="occurred_at",
)

DEAL = Table(
    "deal",
    "deal_id",
    "an opportunity to sell",
    (
        _key("deal_id"),
        _party(),
        Column("lead_id", TEXT, "the lead it grew from", references="lead"),
        Column("owner", TEXT, "employee who owns it"),
        Column("segment", TEXT, "segment"),
    ),
)

DEAL_EVENT = Table(
    "deal_event",
    "deal_event_id",
    "a change of a deal",
    (
        _key("deal_event_id"),
        Column("deal_id", TEXT, "which deal", references="deal"),
        Column("occurred_at", INSTANT, "when"),
        Column("stage", TEXT, "stage as the source calls it"),
        Column("status", TEXT, "open, won or lost", choices=STATUSES),
        Column("amount", MONEY, "amount of the deal"),
        _currency(),
        Column("probability", RATIO, "chance of winning, 0 to 1, as the owner says"),
        Column("expected_close", DAY, "when it should close, as the owner says"),
        Column("forecast_category", TEXT, "forecast category as the source calls it"),
        Column("lost_reason", TEXT, "why it was lost"),
        Column("lost_reason_source", TEXT, "whose reason", choices=SOURCES_OF_REASON),
    ),
    instant="occurred_at",
)

QUOTE = Table(
    "quote",
    "quote_id",
    "a price offered",
    (
        _key("quote_id"),
        Column("deal_id", TEXT, "which deal", references="deal"),
        _party(),
        Column("quoted_at", INSTANT, "when"),
        Column("sku", TEXT, "product", references="product"),
        Column("quantity", QUANTITY, "quantity"),
        Column("list_price", MONEY, "list price of a unit"),
        Column("offered_price", MONEY, "offered price of a unit"),
        Column("unit_cost", MONEY, "cost of a unit"),
        _currency(),
        Column("outcome", TEXT, "what came of it"),
    ),
    instant="quoted_at",
)

COMMITMENT = Table(
    "commitment",
    "commitment_id",
    "what sales promised a customer beyond the offer",
    (
        _key("commitment_id"),
        Column("deal_id", TEXT, "which deal", references="deal"),
        Column("made_at", INSTANT, "when"),
        Column("promise", TEXT, "what was promised", identifying=True),
        Column("due_at", INSTANT, "when it is due"),
        Column("kept_at", INSTANT, "when it was kept"),
        Column("off_message", FLAG, "whether it contradicts what the company says"),
    ),
    instant="made_at",
)

ORDER_LINE = Table(
    "order_line",
    "order_line_id",
    "a line of an order; a return has a negative quantity",
    (
        _key("order_line_id"),
        Column("order_id", TEXT, "which order"),
        _party(),
        Column("deal_id", TEXT, "the deal it came from", references="deal"),
        Column("ordered_at", INSTANT, "when"),
        Column("sku", TEXT, "product", references="product"),
        Column("quantity", QUANTITY, "quantity; negative for a return"),
        Column("list_price", MONEY, "list price of a unit"),
        Column("net_price", MONEY, "price of a unit after discount, without tax"),
        Column("unit_cost", MONEY, "cost of a unit"),
        _currency(),
        Column("seller", TEXT, "employee who sold it"),
        Column("returns", TEXT, "the line that a return takes back", references="order_line"),
    ),
    instant="ordered_at",
)

CREDIT = Table(
    "credit",
    "credit_id",
    "who is credited of a sale, beside or instead of its seller",
    (
        _key("credit_id"),
        Column("order_line_id", TEXT, "which order line", references="order_line"),
        Column(
            "deal_id",
            TEXT,
            "which deal, and those of its order lines that no other credit names",
            references="deal",
        ),
        Column("employee_id", TEXT, "who is credited", references="employee"),
        Column("share", RATE, "share of the sale, 0 to 1; the whole where it is missing"),
        Column("overlay", FLAG, "whether it comes on top of the shares of others"),
    ),
)

PRODUCT = Table(
    "product",
    "sku",
    "what is sold",
    (
        _key("sku"),
        Column("name", TEXT, "name"),
        Column("segment", TEXT, "segment"),
        Column("list_price", MONEY, "list price of a unit"),
        Column("unit_cost", MONEY, "cost of a unit"),
    ),
)

ADVOCACY = Table(
    "advocacy",
    "advocacy_id",
    "what somebody says of the company, or whom they bring",
    (
        _key("advocacy_id"),
        _party(),
        Column("occurred_at", INSTANT, "when"),
        Column(
            "kind",
            TEXT,
            "what it is",
            choices=("review", "referral", "recommendation", "testimonial"),
        ),
        Column("score", RATIO, "stars of a review (1 to 5), answer to a recommendation (0 to 10)"),
        _party("referred_party_id", "whom they brought"),
    ),
    instant="occurred_at",
)

PROMOTION = Table(
    "promotion",
    "promotion_id",
    "a promotion together with a partner",
    (
        _key("promotion_id"),
        Column("partner", TEXT, "partner"),
        Column("name", TEXT, "name"),
        Column("starts_on", DAY, "first day"),
        Column("ends_on", DAY, "last day"),
        Column("campaign", TEXT, "campaign"),
        Column("segment", TEXT, "segment"),
        Column("cost", MONEY, "cost"),
        _currency(),
    ),
)

INDICATOR = Table(
    "indicator",
    "indicator_id",
    "a measurement of a population, for the upper stages: a survey, a share of search",
    (
        _key("indicator_id"),
        Column("day", DAY, "local day"),
        Column("stage", TEXT, "stage it measures"),
        Column("measure", TEXT, "what was measured"),
        Column("segment", TEXT, "segment"),
        Column("value", RATIO, "share from 0 to 1, or a count"),
        Column("respondents", COUNT, "how many answered"),
    ),
    instant="day",
)

EMPLOYEE = Table(
    "employee",
    "employee_id",
    "somebody who works in the company",
    (
        _key("employee_id"),
        Column("name", TEXT, "name"),
        _department(),
        Column("role", TEXT, "role"),
        Column("manager", TEXT, "the employee they report to", references="employee"),
        Column("active_from", DAY, "first day"),
        Column("active_to", DAY, "last day"),
        Column("weekly_hours", RATIO, "hours a week"),
    ),
)

ACTIVITY = Table(
    "activity",
    "activity_id",
    "a piece of work",
    (
        _key("activity_id"),
        Column("occurred_at", INSTANT, "when"),
        Column("actor", TEXT, "employee who did it", references="employee"),
        _department(),
        Column("task", TEXT, "which task"),
        Column("subject_kind", TEXT, "what it was about: party, lead, deal, campaign"),
        Column("subject_id", TEXT, "which one"),
        Column("minutes", RATIO, "minutes of work"),
    ),
    instant="occurred_at",
)

MEETING = Table(
    "meeting",
    "meeting_id",
    "a meeting",
    (
        _key("meeting_id"),
        Column("occurred_at", INSTANT, "when"),
        Column("kind", TEXT, "what kind of meeting"),
        Column("departments", TEXT, "departments present, separated by a semicolon"),
        Column("heads_present", COUNT, "heads of department present"),
        Column("participants", COUNT, "participants"),
        Column("minutes", RATIO, "minutes"),
    ),
    instant="occurred_at",
)

MESSAGE_FLOW = Table(
    "message_flow",
    "message_flow_id",
    "how many messages went from one department to another in a period",
    (
        _key("message_flow_id"),
        Column("period", DAY, "first day of the period"),
        _department("from_department"),
        _department("to_department"),
        Column("via_manager", FLAG, "whether they went through a manager"),
        Column("messages", COUNT, "messages"),
    ),
    instant="period",
)

APPROVAL = Table(
    "approval",
    "decision_id",
    "a decision and the approvals it needed",
    (
        _key("decision_id"),
        Column("opened_at", INSTANT, "when it was asked for"),
        Column("closed_at", INSTANT, "when it was decided"),
        Column("kind", TEXT, "what kind of decision"),
        _department("requested_by_department"),
        Column("approvals", COUNT, "approvals it took"),
        Column("refused", COUNT, "approvals refused"),
        Column("participants", COUNT, "people involved"),
        Column("amount", MONEY, "amount at stake"),
    ),
    instant="opened_at",
)

CONTRIBUTION = Table(
    "contribution",
    "contribution_id",
    "money earned or saved by any function",
    (
        _key("contribution_id"),
        Column("day", DAY, "local day"),
        Column("department", TEXT, "which function"),
        Column("kind", TEXT, "what kind"),
        Column("amount", MONEY, "amount"),
        _currency(),
        Column("evidence", TEXT, "where it can be checked"),
    ),
    instant="day",
)

TARGET = Table(
    "target",
    "target_id",
    "what a department is to reach",
    (
        _key("target_id"),
        Column("period", TEXT, "period, such as 2024-03"),
        _department(),
        Column("measure", TEXT, "which measure"),
        Column("value", RATIO, "target"),
    ),
)

EXCHANGE_RATE = Table(
    "rate",
    "rate_id",
    "what one unit of a currency cost on a day: one ``currency`` = ``rate`` ``base``",
    (
        _key("rate_id"),
        Column("day", DAY, "local day"),
        Column("currency", TEXT, "ISO 4217 code"),
        Column("base", TEXT, "ISO 4217 code"),
        Column("rate", RATE, "units of base for one of currency"),
    ),
)

TABLES: dict[str, Table] = {
    each.name: each
    for each in (
        PARTY,
        ALIAS,
        UNLINK,
        TOUCH,
        SPEND,
        LEAD,
        HANDOFF,
        DEAL,
        DEAL_EVENT,
        QUOTE,
        COMMITMENT,
        ORDER_LINE,
        CREDIT,
        PRODUCT,
        ADVOCACY,
        PROMOTION,
        INDICATOR,
        EMPLOYEE,
        ACTIVITY,
        MEETING,
        MESSAGE_FLOW,
        APPROVAL,
        CONTRIBUTION,
        TARGET,
        EXCHANGE_RATE,
    )
}


def table(name: str) -> Table:
    """The fact table of that name; UnknownName says which there are.

    >>> table("touch").key
    'touch_id'
    """
    if name not in TABLES:
        raise UnknownName("table", name, TABLES)
    return TABLES[name]
