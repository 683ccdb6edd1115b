"""Checkpoints: a log's head as a signed note (README: "Checkpoint"; C2SP tlog-checkpoint, signed-note)."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from typing import Any, Optional

from . import keys
from .fault import Fault, check

DASH = "\u2014"
ED25519 = b"\x01"


@dataclass(frozen=True)
class Head:
    """Size, root and epoch of a log's tree."""

    size: int
    root: bytes
    epoch: Optional[bytes] = None

    @classmethod
    def of(cls, item: dict[str, Any]) -> Head:
        """A decoded tree-head."""
        return cls(item["size"], item["root"], item.get("epoch"))


def states(text: str, party: bytes, head: Head, part: str = "checkpoint") -> None:
    """Refuses a text that is not, byte for byte, the checkpoint of this head, signed by this party."""
    origin = origin_of(party, head.epoch)
    note = write_note(origin, head)
    before = f"{note}\n{DASH} {origin} "
    check(text.startswith(note), part, "does not state this head")
    check(text.startswith(before) and text.endswith("\n"), part, "is not signed in the name of its origin")
    signature = unbase64(text[len(before) : -1], part)
    check(len(signature) == 68, part, "has a signature that is not 4 + 64 bytes")
    check(signature[:4] == key_id(origin, party), part, "names another key than the party's")
    keys.acceptable(party, part)
    keys.verify(party, signature[4:], note.encode(), f"{part}: signature")


def origin_of(party: bytes, epoch: Optional[bytes]) -> str:
    return f"halfdoor/{party.hex()}" + (f"/{epoch.hex()[:16]}" if epoch is not None else "")


def key_id(origin: str, party: bytes) -> bytes:
    return hashlib.sha256(origin.encode() + b"\n" + ED25519 + party).digest()[:4]


def write_note(origin: str, head: Head) -> str:
    """What is signed."""
    return f"{origin}\n{head.size}\n{base64.b64encode(head.root).decode()}\n"


def unbase64(text: str, part: str) -> bytes:
    """RFC 4648 with padding; refuses other encodings of the same bytes."""
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError:
        raise Fault(part, "has text that is not base64") from None
    check(base64.b64encode(data).decode() == text, part, "has base64 that is not in its one form")
    return data
