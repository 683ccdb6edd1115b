"""Computations and outcomes: what README.md says of them that CDDL cannot ("Computations", "Outcomes")."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Sequence

from . import cbor, text
from .fault import check

Item = dict[str, Any]

QUESTIONS = ("above", "below", "band", "rounded")

DAYS_OF_WORDS = {
    "nsf_count",
    "overdraft_count",
    "bank_fees",
    "days_since_nsf",
    "days_since_overdraft",
    "cash_withdrawal_share",
    "gambling_share",
}
DAYS_OF_BALANCES = {"balance_mean", "balance_min", "balance_volatility", "negative_balance_days"}
DAYS_OF_AMOUNTS = {
    "total_inflow",
    "total_outflow",
    "net_cash_flow",
    "inflow_count",
    "outflow_count",
    "largest_inflow",
}
DAYS = DAYS_OF_WORDS | DAYS_OF_BALANCES | DAYS_OF_AMOUNTS
HISTORY = {"days_of_history", "months_of_history"}
MONTHS_OF_AMOUNTS = {
    "average_monthly_inflow",
    "average_monthly_outflow",
    "average_monthly_net",
    "outflow_variation",
    "positive_months_share",
    "savings_rate",
    "buffer_months",
}
DUE = {"rent_on_time_ratio", "longest_late_rent_streak", "bill_on_time_ratio"}
MAY_HAVE_WORDS = {
    "average_monthly_income",
    "median_monthly_income",
    "income_variation",
    "income_trend",
    "income_months_share",
    "income_sources",
    "largest_income_gap",
    "average_monthly_rent",
    "rent_to_income",
    *DUE,
}


def statistic_of(item: Item) -> Item:
    """What a question is about; a statistic itself."""
    ((kind, parameters),) = item.items()
    return parameters["of"] if kind in QUESTIONS else item


def kinds(item: Item) -> list[str]:
    """Its kind and, of a question, that of its statistic."""
    words = [*item, *statistic_of(item)]
    attribute = statistic_of(item).get("attribute")
    named = [attribute["name"] if attribute and word == "attribute" else word for word in words]
    return list(dict.fromkeys(named))


def rows(item: Item) -> Item:
    """The part of a statistic that may have a filter and groups."""
    ((kind, parameters),) = statistic_of(item).items()
    return parameters["on"] if "on" in parameters else parameters


def in_parts(item: Item) -> bool:
    """Whether it looks at parts of the rows."""
    asked = statistic_of(item).get("attribute")
    if asked:
        due = asked.get("due", {"day": 1, "grace": 5})
        return (
            any(field in asked for field in ("as_of", "words", "currency", "account"))
            or asked.get("days", 30) not in (30, 60, 90)
            or asked.get("months", 3) not in (3, 6, 12)
            or (due["day"], due["grace"]) != (1, 5)
        )
    return "where" in rows(item) or "group" in rows(item)


def columns(item: Item) -> list[str]:
    """Every column that is read, each once, that of the values first."""
    ((_, parameters),) = statistic_of(item).items()
    if "attribute" in statistic_of(item):
        return of_ledger(parameters["name"])
    on = rows(item)
    read = [on["column"]] if "column" in on else []
    read += [parameters["over"]] if "over" in parameters else []
    read += [condition["column"] for condition in [*parameters.get("that", []), *on.get("where", [])]]
    read += [on["group"]["column"]] if "group" in on else []
    return list(dict.fromkeys(read))


def of_ledger(name: str) -> list[str]:
    """The columns that an attribute reads."""
    amounts = DAYS_OF_AMOUNTS | DAYS_OF_BALANCES | MONTHS_OF_AMOUNTS | HISTORY
    words = [] if name in amounts else ["description", "counterparty"]
    balances = ["balance"] if name in DAYS_OF_BALANCES | {"buffer_months"} else []
    return ["date", "amount", "currency", "account", *words, *balances]


def attribute(item: Item, part: str) -> None:
    name, words = item["name"], item.get("words", [])
    check(("days" in item) == (name in DAYS), part, f"has days where {name} has none, or lacks them")
    months = name not in DAYS | HISTORY
    check(("months" in item) == months, part, f"has months where {name} has none, or lacks them")
    check(("due" in item) == (name in DUE), part, f"has a due day where {name} has none, or lacks it")
    check(not words or name in MAY_HAVE_WORDS, part, f"has words, which {name} has not")
    check(bool(words) or name != "bill_on_time_ratio", part, "has no words, which it needs")
    check(len(set(words)) == len(words), part, "has one of its words twice")
    currency = item.get("currency", "EUR")
    check(all("A" <= letter <= "Z" for letter in currency), part, "has a currency that is not three capital letters")


def computation(item: Item, part: str) -> None:
    check(len(cbor.encode(item)) <= 3072, part, "is larger than 3,072 bytes")


def question(item: Item, part: str) -> None:
    check("group" not in rows(item["of"]), f"{part}.of", "has groups, and is not one number")


def threshold(item: Item, part: str) -> None:
    question(item, part)


def bands(item: Item, part: str) -> None:
    question(item, part)
    ascending(item["edges"], f"{part}.edges")


def rounding(item: Item, part: str) -> None:
    question(item, part)
    check(Decimal(item["to"]) > 0, f"{part}.to", "is not above 0")


def quantile(item: Item, part: str) -> None:
    check(0 < Decimal(item["p"]) < 1, f"{part}.p", "is not between 0 and 1")


def histogram(item: Item, part: str) -> None:
    check("group" not in item["on"], f"{part}.on", "has groups, which a histogram has not")
    ascending(item["edges"], f"{part}.edges")


def comparison(item: Item, part: str) -> None:
    ((sign, content),) = item.items()
    values = content if sign == "one_of" else [content["from"], content["to"]] if sign == "between" else [content]
    types = {kind for value in values for kind in value}
    check(len(types) == 1, part, "compares with values of different types")
    check(not types & {"text"} or sign in ("equal", "one_of"), part, "compares words otherwise than as equal")
    check(not types & {"boolean"} or sign in ("equal", "not"), part, "compares yes and no otherwise than as equal")
    if sign == "one_of":
        check(len({tuple(value.items()) for value in values}) == len(values), part, "has a value twice")
    if sign == "between":
        low, high = (next(iter(value.values())) for value in values)
        in_order = Decimal(low) <= Decimal(high) if types == {"number"} else low <= high
        check(in_order, part, "has its first bound above the second")


def in_band(item: Item, part: str) -> None:
    ascending(item["edges"], f"{part}.edges")
    check(item["index"] <= len(item["edges"]), f"{part}.index", "is of a band that there is not")


def bins(item: Item, part: str) -> None:
    ascending(item["edges"], f"{part}.edges")
    check(len(item["counts"]) + 1 == len(item["edges"]), f"{part}.counts", "are not one for each bin")


def outcome(item: Item, part: str) -> None:
    groups = item.get("groups", [])
    keys = [order(group["key"]) for group in groups]
    check(all(a < b for a, b in zip(keys, keys[1:])), part, "has groups that are not in ascending order, each once")


def order(key: Item) -> tuple[Any, ...]:
    """Where a group stands: words, then numbers, then no and yes, then months, quarters and years."""
    ((kind, value),) = key.items()
    if kind == "text":
        return 0, value.encode("utf-8")
    if kind == "number":
        return 1, Decimal(value)
    if kind == "boolean":
        return 2, value
    return 3, {7: "1" if "Q" in value else "0", 4: "2"}[len(value)], value


def ascending(edges: Sequence[str], part: str) -> None:
    numbers = [Decimal(edge) for edge in edges]
    check(all(a < b for a, b in zip(numbers, numbers[1:])), part, "are not in ascending order, each once")


RULES = {
    "computation": computation,
    "attribute": attribute,
    "threshold": threshold,
    "bands": bands,
    "rounding": rounding,
    "quantile": quantile,
    "histogram": histogram,
    "comparison": comparison,
    "in-band": in_band,
    "bins": bins,
    "outcome": outcome,
    "date": text.date,
    "period": text.period,
}
