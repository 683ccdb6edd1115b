"""Files as people hand them over: one by one, then against each other (README: "Files")."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path
from typing import Optional

from . import cbor, computation, log_file, receipt_file, voucher
from .checkpoint import Head
from .fault import Fault, check
from .rules import SCHEMA
from .statement import Statement, contradiction, open_statement

MAX_FILE = 262_144


@dataclass
class Verified:
    """A file that holds by itself: whose log it speaks of, the heads it vouches for, what it states, and in words."""

    path: Path
    party: bytes
    heads: list[Head]
    says: str
    statements: list[Statement] = field(default_factory=list)
    is_log: bool = False


def report(paths: list[Path], against_each_other: bool = True) -> int:
    """Verifies files and prints what each is; 1 where one is refused or two tell of a fork."""
    verified, refused = [], False
    for path in paths:
        try:
            verified.append(verify(path))
            print(f"{path}: {verified[-1].says}")
        except Fault as fault:
            refused = True
            print(f"{path}: refused: {fault}", file=sys.stderr)
        except OSError as error:
            refused = True
            print(f"{path}: cannot be read: {error.strerror}", file=sys.stderr)
    for one, other in combinations(verified, 2) if against_each_other else ():
        fork = compare(one, other)
        if fork:
            refused = True
            print(f"{one.path}, {other.path}: fork: {fork}", file=sys.stderr)
    return int(refused)


def verify(path: Path) -> Verified:
    """What a file is, if all of it holds."""
    kind = kind_of(path)
    if kind == "halfdoor-log-1":
        log = log_file.verify(path)
        says = f"log of {log.party.hex()}, {log.head.size} entries, {log.cosignatures} cosignatures"
        return Verified(path, log.party, log.heads, says, is_log=True)
    check(path.stat().st_size <= MAX_FILE, "file", f"is longer than {MAX_FILE} bytes")
    whole = cbor.decode(path.read_bytes(), "file")
    if kind == "halfdoor-receipt-1":
        SCHEMA.check("receipt-file", whole, "file")
        receipt = receipt_file.verify(whole[kind])
        return Verified(path, receipt.message.signer, receipt.heads, describe(receipt), [receipt.statement])
    if kind == "halfdoor-voucher-1":
        SCHEMA.check("voucher-file", whole, "file")
        found = voucher.verify(whole[kind])
        return Verified(path, found.voucher.signer, [], found.says)
    SCHEMA.check("evidence-file", whole, "file")
    first, second = (open_statement(whole[kind][name], name) for name in ("first", "second"))
    check(first.party == second.party, "second", "is of another party than the first")
    name = contradiction(first, second)
    if name is None:
        raise Fault("evidence", "the two do not contradict each other")
    says = f"evidence against {first.party.hex()}: {name}"
    return Verified(path, first.party, [first.head, second.head], says, [first, second])


def kind_of(path: Path) -> str:
    """The key of the first item's one pair: which kind of file this is."""
    with path.open("rb") as file:
        start = file.read(32)
    for kind in ("halfdoor-receipt-1", "halfdoor-log-1", "halfdoor-evidence-1", "halfdoor-voucher-1"):
        if start.startswith(b"\xa1" + cbor.encode(kind)):
            return kind
    raise Fault("file", "is not a receipt, a log, evidence or a voucher of Halfdoor's")


def describe(receipt: receipt_file.Receipt) -> str:
    body = receipt.message.body
    answer = body["answer"]
    kind = " of ".join(computation.kinds(body["computation"]))
    columns = ", ".join(computation.columns(body["computation"]))
    outcome = f"not released ({answer['not_released']['reason']})" if "not_released" in answer else ""
    if "released" in answer:
        ((_, number),) = answer["released"]["outcome"].items()
        outcome = str(number)
    held = "cosigned" if len(receipt.heads) > 1 else "not cosigned yet"
    signed = f", over rows signed by {voucher.describe(receipt.issuer)}" if receipt.issuer else ""
    by = receipt.message.signer.hex()
    return f"receipt of run {body['number']}, {kind}({columns}) = {outcome}{signed}, by {by}, {held}"


def compare(one: Verified, other: Verified) -> Optional[str]:
    """How two files of one party's log exclude each other; None where they do not."""
    if one.party != other.party:
        return None
    for a in one.heads:
        for b in other.heads:
            if a.size == b.size and a.epoch == b.epoch and a.root != b.root:
                return f"two roots for size {a.size}"
    for log, file in ((one, other), (other, one)):
        size = has_another(log, file.heads) if log.is_log else None
        if size is not None:
            return f"{log.path} has another root at size {size}"
    for first in one.statements:
        for second in other.statements:
            name = contradiction(first, second)
            if name:
                return name
    return None


def has_another(log: Verified, heads: list[Head]) -> Optional[int]:
    """The first size at which a log has another root than one of these heads of the same epoch."""
    seen = log_file.verify(log.path, frozenset(head.size for head in heads)).seen
    for head in sorted(heads, key=lambda head: head.size):
        here = seen.get(head.size)
        if here is not None and here.epoch == head.epoch and here.root != head.root:
            return head.size
    return None
