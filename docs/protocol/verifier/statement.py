"""What a party says of its own log, and when two such statements contradict each other (README: "Heads between two
parties"): signed log-heads and receipts."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any, Optional

from . import cbor, checkpoint, envelope, merkle
from .checkpoint import Head
from .fault import Fault

SKEW = 120


@dataclass(frozen=True)
class Statement:
    """A log-head or a receipt, opened: its sender says that its log has this head and this many entries."""

    message: envelope.Opened
    head: Head
    length: int

    @classmethod
    def of(cls, message: envelope.Opened) -> Statement:
        body = message.body
        if message.kind == "receipt":
            head = Head.of(body["entry"]["head"])
            return cls(message, head, head.size)
        head = Head.of(body["head"])
        return cls(message, head, body.get("now", head.size))

    @property
    def party(self) -> bytes:
        return self.message.signer

    @property
    def created(self) -> int:
        return int(self.message.payload["created"])

    @property
    def restored(self) -> Optional[dict[str, Any]]:
        """The entry by which the head's epoch began, where the statement tells it."""
        return self.message.body.get("restored") if self.message.kind == "log-head" else None


def open_statement(data: bytes, part: str) -> Statement:
    """Opens a log-head, with what it holds about itself, or a receipt."""
    kind = envelope.kind_of(data)
    if kind not in ("log-head", "receipt"):
        raise Fault(part, f"is a {kind}, not a log-head or a receipt")
    statement = Statement.of(envelope.open_as(kind, data, part))
    if kind == "log-head":
        text = statement.message.body["checkpoint"]
        checkpoint.states(text, statement.party, statement.head, f"{part}: checkpoint")
        opens_its_epoch(statement, f"{part}: restored")
    return statement


def opens_its_epoch(statement: Statement, part: str) -> None:
    """Refuses a log-head whose `restored` is not the entry that its head's epoch is named after."""
    restored, head = statement.restored, statement.head
    if restored is None:
        return
    what = {"restored": {"head": restored["head"]}}
    item = hashlib.sha256(cbor.encode({"salt": restored["salt"], "time": restored["time"], "what": what})).digest()
    if item != head.epoch:
        raise Fault(part, "is not the entry that the epoch is named after")
    index = restored["head"]["size"]
    merkle.verify_inclusion(item, index, head.size, head.root, restored["inclusion"], part)


def contradiction(a: Statement, b: Statement) -> Optional[str]:
    """How two statements of one party contradict each other, by its name; None where they do not."""
    if a.head.size == b.head.size and a.head.epoch == b.head.epoch and a.head.root != b.head.root:
        return "two roots"
    for name, holds in (("cut back", is_cut_back), ("no continuation", is_torn), ("an epoch that was over", is_over)):
        if holds(a, b) or holds(b, a):
            return name
    return None


def is_cut_back(later: Statement, earlier: Statement) -> bool:
    same_epoch = later.head.epoch == earlier.head.epoch
    return same_epoch and later.created > earlier.created and later.length < earlier.head.size


def is_torn(one: Statement, other: Statement) -> bool:
    """Whether one says that it continues a head of the other's size, and does not continue the other's head."""
    body = one.message.body
    if one.message.kind != "log-head" or body["since"] == 0 or body["since"] != other.head.size:
        return False
    before = Head.of(one.restored["head"]) if one.restored else None
    kept = before is not None and other.head.epoch == before.epoch and other.head.size <= before.size
    if other.head.epoch != one.head.epoch and not kept:
        return False
    old, new = other.head, one.head
    try:
        merkle.verify_consistency(old.size, old.root, new.size, new.root, body["consistency"], "consistency")
    except Fault:
        return True
    return False


def is_over(one: Statement, other: Statement) -> bool:
    """Whether one was said in an epoch after that was over, by what the other tells."""
    if one.head.epoch == other.head.epoch or other.restored is None:
        return False
    if one.head.epoch is not None and one.restored is None:
        return False
    began = one.restored["time"] if one.restored else 0
    ended = other.restored["time"]
    return bool(began < ended and one.created > ended + SKEW)
