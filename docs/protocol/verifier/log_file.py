"""Log files: every entry of a party's log, followed item by item up to its signed head (README: "Log file")."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any, Iterator, Optional

from . import cbor, checkpoint, merkle
from .checkpoint import Head
from .envelope import open_as
from .fault import Fault, check
from .rules import SCHEMA

MAX_ITEM = 16_384
MAX_COSIGNED = 65_536


class Log:
    """A log file on its way through its items. `heads` is what it vouches for, `seen` what it had at `watched` sizes."""

    def __init__(self, party: bytes, head: Head, watched: frozenset[int]) -> None:
        self.party, self.head, self.watched = party, head, watched
        self.tree = merkle.Tree()
        self.epoch: Optional[bytes] = None
        self.time = 0
        self.heads = [head]
        self.seen: dict[int, Head] = {}
        self.cosigned: dict[int, list[Head]] = {}
        self.cosignatures = 0
        # the largest size at which a signed head agrees, and the first at which one does not, with its check
        self.agrees = 0
        self.differs: Optional[tuple[int, str]] = None

    def here(self) -> Head:
        """The head of what was read so far."""
        return Head(self.tree.size, self.tree.root(), self.epoch)

    def add_cosigned(self, data: bytes) -> None:
        part = f"cosigned: {self.cosignatures}"
        self.cosignatures += 1
        check(self.cosignatures <= MAX_COSIGNED, part, f"is one of more than {MAX_COSIGNED}")
        check(self.tree.size == 0, part, "is not before the entries")
        cosign = open_as("cosign", data, part)
        check(cosign.payload["audience"] == self.party, part, "is addressed to somebody else")
        head = Head.of(cosign.body["head"])
        check(1 <= head.size <= self.head.size, part, "is of a size that this log does not have")
        self.cosigned.setdefault(head.size, []).append(head)

    def add_entry(self, entry: dict[str, Any]) -> None:
        self.expect_more()
        index, part = self.tree.size, f"entry {self.tree.size}"
        ((what, told),) = entry["what"].items()
        if index == 0:
            check(what == "begun" and told["party"] == self.party, "begins", "not with the party whose log it is")
        if entry["time"] < self.time:
            self.check_root()
            raise Fault("times", f"go back at {part}")
        self.time = entry["time"]
        item = hashlib.sha256(cbor.encode(entry)).digest()
        if what == "restored":
            head = Head.of(told["head"])
            self.heads.append(head)
            self.compare(head, "epochs", index)
            self.epoch = item
        self.add_item(item)

    def add_item(self, item: bytes) -> None:
        self.expect_more()
        self.tree.append(item)
        size = self.tree.size
        for head in self.cosigned.get(size, []):
            self.compare(head, "cosigned", size)
        if size in self.watched:
            self.seen[size] = self.here()

    def expect_more(self) -> None:
        if self.tree.size == self.head.size:
            self.check_root()
            raise Fault("complete", f"not: it goes on after entry {self.head.size - 1}")

    def compare(self, signed: Head, name: str, size: int) -> None:
        """Holds a signed head against what was read so far."""
        if signed == self.here():
            self.agrees = max(self.agrees, size) if self.differs is None else self.agrees
        elif self.differs is None:
            self.differs = (size, name)

    def finish(self) -> None:
        """What can be said only at the end of the file."""
        size = self.tree.size
        self.check_root()
        check(size == self.head.size, "complete", f"not: it ends after {size} of {self.head.size} entries")
        if self.differs is not None:
            size, name = self.differs
            raise Fault(name, f"the head of size {size} that was signed is not the one that this log has")

    def check_root(self) -> None:
        """Refuses entries that are not those signed over: at the end by the root, before it by the heads in between."""
        at_end = self.tree.size == self.head.size
        if self.here() == self.head or not (at_end or self.differs):
            return
        until = self.differs[0] if self.differs else self.tree.size
        raise Fault("root", f"an entry from {self.agrees} to {until - 1} is not the one that was signed over")


def verify(path: Path, watched: frozenset[int] = frozenset()) -> Log:
    """Follows a log file to its end, in bounded memory."""
    items = read_items(path)
    first = next(items, None)
    if first is None or "halfdoor-log-1" not in first:
        raise Fault("item 0", "is not the beginning of a log")
    beginning = first["halfdoor-log-1"]
    head = Head.of(beginning["head"])
    check(head.size > 0, "begins", "not: it has no entry")
    checkpoint.states(beginning["checkpoint"], beginning["party"], head)
    log = Log(beginning["party"], head, watched)
    for item in items:
        ((kind, content),) = item.items()
        if kind == "cosigned":
            log.add_cosigned(content)
        elif kind == "entry":
            log.add_entry(content)
        elif kind == "pruned":
            check(log.tree.size > 0, "begins", "not: the entry is pruned")
            log.add_item(content)
        else:
            raise Fault("complete", "not: a second log begins in it")
    log.finish()
    return log


def read_items(path: Path) -> Iterator[Any]:
    """The items of a file, at most one of them in memory."""
    number, buffer = 0, b""
    with path.open("rb") as file:
        while True:
            buffer += file.read(MAX_ITEM - len(buffer))
            if not buffer:
                return
            part = f"item {number}"
            item, end = cbor.first_of(buffer, part)
            SCHEMA.check("log-item", item, part)
            yield item
            buffer, number = buffer[end:], number + 1
