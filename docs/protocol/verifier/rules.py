"""What README.md says about the items of wire.cddl that CDDL cannot: one function per rule of that name."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Sequence

from . import computation, text
from .cddl import Extra, Schema
from .fault import check

Item = dict[str, Any]

DAY = 86_400
MAX_VOUCHER = 512


def payload(item: Item, part: str) -> None:
    lifetime = item["expires"] - item["created"]
    check(1 <= lifetime <= 30 * DAY, part, "its lifetime is not 1 second to 30 days")


def presence_payload(item: Item, part: str) -> None:
    payload(item, part)
    lasts = item["body"]["not_after"] - item["created"]
    check(1 <= lasts <= 7 * DAY, f"{part}.body.not_after", "is not 1 second to 7 days after it was made")


def catalog_ask(item: Item, part: str) -> None:
    text.plain(item["search"], f"{part}.search")


def catalog_answer(item: Item, part: str) -> None:
    datasets = [pointer["dataset"] for pointer in item["pointers"]]
    for before, after in zip(datasets, datasets[1:]):
        check(before < after, f"{part}.pointers", "are not in ascending order of dataset, each once")


def pointer(item: Item, part: str) -> None:
    different([column["name"] for column in item["columns"]], f"{part}.columns")
    if isinstance(item["vouched"], dict):
        opens(item["vouched"]["signed"], f"{part}.vouched")


def voucher(item: Item, part: str) -> None:
    check(item["rows"] >= 1, f"{part}.rows", "is of no rows")


def opens(data: bytes, part: str) -> None:
    """Refuses what is not a voucher that its issuer signed."""
    from .envelope import open_as  # which needs the rules of this file

    check(len(data) <= MAX_VOUCHER, part, f"is longer than {MAX_VOUCHER} bytes")
    open_as("voucher", data, part)


def request(item: Item, part: str) -> None:
    check(not ("counter" in item and "grant" in item), part, "has both a counter-offer and a grant")


def once(item: Item, part: str) -> None:
    check(item["from"] < item["until"], part, "ends before it begins")


def standing(item: Item, part: str) -> None:
    once(item, part)
    different(item["kinds"], f"{part}.kinds")
    different(item["columns"], f"{part}.columns")


def mock_answer(item: Item, part: str) -> None:
    if "nothing" in item["came"]:
        text.plain(item["came"]["nothing"], f"{part}.came")


def receipt(item: Item, part: str) -> None:
    text.plain(item["engine"], f"{part}.engine")
    if "voucher" in item:
        check("released" in item["answer"], f"{part}.voucher", "is there, although nothing was released")
        alone = "self_asserted" not in item["answer"]["released"]["notes"]
        check(alone, f"{part}.notes", "say that it is self-asserted, and there is a voucher")
        opens(item["voucher"], f"{part}.voucher")


def released(item: Item, part: str) -> None:
    different(item["notes"], f"{part}.notes")


def run_entry(item: Item, part: str) -> None:
    check(item["index"] < item["head"]["size"], f"{part}.index", "is not below the size of the head")


def offer(item: Item, part: str) -> None:
    different(item["receipts"], f"{part}.receipts")
    told = len(item["reasons"])
    if item["kind"] == "offer":
        check(told == 0, f"{part}.reasons", "are given for an offer")
    else:
        check(1 <= told <= 4, f"{part}.reasons", "of a refusal are not 1 to 4")
    for reason in item["reasons"]:
        check(reason["receipt"] in item["receipts"], f"{part}.reasons", "name a receipt that the offer does not")


def head_ask(item: Item, part: str) -> None:
    check(item["since"] <= item["size"], f"{part}.since", "is above the size asked for")


def log_head(item: Item, part: str) -> None:
    size, since, consistency = item["head"]["size"], item["since"], item["consistency"]
    check(size >= 1, f"{part}.head.size", "is 0")
    check(since <= size, f"{part}.since", "is above the size of the head")
    if since in (0, size):
        check(not consistency, f"{part}.consistency", "is not empty, although there is nothing to prove")
    check("now" not in item or item["now"] > size, f"{part}.now", "is not beyond the head")
    check(("restored" in item) == ("epoch" in item["head"]), f"{part}.restored", "is not with the epoch it tells of")
    if "restored" in item:
        check(item["restored"]["head"]["size"] < size, f"{part}.restored", "is not smaller than the head")
    for line in item["checkpoint"].split("\n"):
        text.plain(line, f"{part}.checkpoint")


def address(item: str, part: str) -> None:
    check(item.startswith("/"), part, "does not begin with /")
    check(all("!" <= character <= "~" for character in item), part, "is not visible ASCII")


def different(items: Sequence[Any], part: str) -> None:
    check(len(set(items)) == len(items), part, "has one of them twice")


KINDS = [
    "join",
    "welcome",
    "presence",
    "catalog-ask",
    "catalog-answer",
    "request",
    "decision",
    "run",
    "receipt",
    "revoke",
    "offer",
    "offer-reply",
    "head-ask",
    "log-head",
    "cosign",
    "mock-ask",
    "mock-answer",
]

EXTRA: dict[str, Extra] = {
    **{f"{kind}-payload": payload for kind in KINDS},
    "presence-payload": presence_payload,
    "catalog-ask": catalog_ask,
    "catalog-answer": catalog_answer,
    "pointer": pointer,
    "request": request,
    "once": once,
    "standing": standing,
    "receipt": receipt,
    "voucher": voucher,
    "mock-answer": mock_answer,
    "released": released,
    "run-entry": run_entry,
    "offer": offer,
    "head-ask": head_ask,
    "log-head": log_head,
    "address": address,
    "name": text.name,
    "decimal": text.decimal,
    **computation.RULES,
}

SCHEMA = Schema.read(Path(__file__).resolve().parent.parent / "wire.cddl", EXTRA)
