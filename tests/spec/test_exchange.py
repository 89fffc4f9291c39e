"""Converted amounts are the exact ones, rounded once, on every engine."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import Any

from onefunnel.funnel.exchange import PRODUCT, WIDE, with_amounts
from onefunnel.funnel.reference.money import rounded
from tests.spec.engines import Loader, rows_behind
from tests.spec.tables import instant

DAYS = [date(2024, 3, 1) + timedelta(days=n) for n in range(4)]
MOST, LEAST = "9999999.99999999999", "0.00000000001"
"""The largest rate a ledger holds, and the smallest."""
UNEVEN = ("0.92", "1.00000000001", "27123.45", "0.00003687", "1234567.00000000007")
RATES = ("3", "7", "8", *UNEVEN, MOST, LEAST)
AT_EDGES = (MOST, LEAST, "0.00003687", "0.33333333333")
SIZES = {
    "largest": ("9999999999999.9999", "99999.9999"),
    "large": ("99999999999.9999", "99999.9999"),
    "generated": ("200000", "100000"),
    "billion": ("1000000000", "1"),
    "smallest": ("0.0001", "0.0001"),
}


def amounts(random: Random) -> list[dict[str, Any]]:
    """Order lines of every size, many of them exactly half a unit off when divided by 8."""
    rows = []
    for number in range(1500):
        price = Decimal(random.randrange(10 ** random.randint(1, 14))).scaleb(-4)
        quantity = Decimal(random.choice(["1", "0.5", "-3", "0.0001", "7.7777", "2000"]))
        hours = random.choice([0, 12, 23.9999999])
        rows.append(
            {
                "order_line_id": str(number),
                "ordered_at": instant(str(random.choice(DAYS))) + timedelta(hours=hours),
                "quantity": quantity,
                "net_price": price,
                "currency": random.choice(["DIR", "INV", "EUR", None, "XXX"]),
            }
        )
    return rows


def rates(random: Random) -> list[dict[str, Any]]:
    """Of one currency the rate into euros, of the other the rate of the euro into it."""
    pairs = [("DIR", "EUR"), ("EUR", "INV"), ("INV", "DIR")]
    return [
        {
            "rate_id": f"{day}{number}",
            "day": day,
            "currency": currency,
            "base": base,
            "rate": Decimal(random.choice(RATES)),
        }
        for number in range(2)
        for day in DAYS[1:]
        for currency, base in pairs
        if random.random() < 0.8
    ]


def halves() -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Lines whose quotient is half a unit, or misses it by less than a float can tell; rates.

    With a rate of R units of 1e-11 and an odd m such that m R = ±1 modulo 2e7, the size
    (m R ∓ 1) / 2e7 units of 1e-8 over the rate is m halves of a unit, less or more a trifle.
    """
    units = 123456700000000007
    inverse = pow(units, -1, 20_000_000)
    sizes = {
        "below": (inverse * units - 1) // 20_000_000,
        "above": ((20_000_000 - inverse) * units + 1) // 20_000_000,
        "half": 40_000,
        "odd half": 120_000,
        "large half": 8_000_000_000_000_040_000,
    }
    lines = [
        {
            "order_line_id": f"{name} {sign}",
            "ordered_at": instant(str(DAYS[1])),
            "quantity": Decimal(sign).scaleb(-4),
            "net_price": Decimal(size).scaleb(-4),
            "currency": "8" if "half" in name else "R",
        }
        for name, size in sizes.items()
        for sign in (1, -1)
    ]
    per_euro = {"8": Decimal(8), "R": Decimal(units).scaleb(-11)}
    known = [
        {"rate_id": name, "day": DAYS[0], "currency": "EUR", "base": name, "rate": rate}
        for name, rate in per_euro.items()
    ]
    return lines, known


def edges() -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The largest lines that are converted, by the largest and smallest rates, both ways; rates.

    Lines are as large as 10^18, and their quotients as 10^27.
    """
    known = [
        {"rate_id": f"{of} {to}", "day": DAYS[0], "currency": of, "base": to, "rate": Decimal(r)}
        for r in AT_EDGES
        for of, to in ((f"times {r}", "EUR"), ("EUR", f"over {r}"))
    ]
    lines = [
        {
            "order_line_id": f"{name} {size} {sign}",
            "ordered_at": instant(str(DAYS[1])),
            "quantity": Decimal(quantity) * sign,
            "net_price": Decimal(price),
            "currency": name,
        }
        for r in AT_EDGES
        for name in (f"times {r}", f"over {r}")
        for size, (quantity, price) in SIZES.items()
        for sign in (1, -1)
        if not (name == f"over {LEAST}" and size == "largest")
    ]
    return lines, known


def exact(line: dict[str, Any], known: list[dict[str, Any]]) -> Decimal | None:
    """The amount of a line in euros; of an unconverted one, all its decimals."""
    amount = Fraction(line["quantity"]) * Fraction(line["net_price"])
    if line["currency"] in (None, "EUR"):
        return line["quantity"] * line["net_price"]
    direct = _latest(known, line["currency"], "EUR", line["ordered_at"])
    inverse = _latest(known, "EUR", line["currency"], line["ordered_at"])
    if direct:
        return rounded(amount * direct)
    return rounded(amount / inverse) if inverse else None


def _latest(known: list[dict[str, Any]], currency: str, base: str, at: datetime) -> Fraction | None:
    past = [
        (row["day"], row["rate_id"], row["rate"])
        for row in known
        if (row["currency"], row["base"]) == (currency, base) and row["day"] <= at.date()
    ]
    return Fraction(max(past)[2]) if past else None


def test_amounts_are_converted_exactly(load: Loader) -> None:
    random = Random(20240301)
    parts = (amounts(random), rates(random)), halves(), edges()
    lines, known = ([row for part in parts for row in part[which]] for which in (0, 1))
    facts = load({"order_line": lines, "rate": known})
    rows = facts["order_line"]
    priced = rows.select(
        "order_line_id",
        "currency",
        at=rows.ordered_at,
        amount=(rows.quantity * rows.net_price).cast(PRODUCT).cast(WIDE),
    )
    converted = with_amounts(priced, facts["rate"], "EUR", ("amount",))
    found = {row["order_line_id"]: row["amount"] for row in rows_behind(converted)}
    wanted = {line["order_line_id"]: exact(line, known) for line in lines}
    wrong = {key: (found[key], value) for key, value in wanted.items() if found[key] != value}
    assert wrong == {}
    assert sum(value is not None for value in wanted.values()) > 900
