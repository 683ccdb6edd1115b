"""Deterministic CBOR (README: "Deterministic CBOR"): walk, decode, encode again and compare."""

from __future__ import annotations

from typing import Any, Optional

import cbor2

from .fault import Fault, check

MAX_DEPTH = 16
MAX_ITEMS = 16_384

UNSIGNED, NEGATIVE, BYTES, TEXT, ARRAY, MAP, TAG, SIMPLE = range(8)


def decode(data: bytes, part: str = "", longest_text: Optional[int] = None) -> Any:
    """What these bytes hold, if they are one item in deterministic form: refuses everything else."""
    end = Walk(data, part, longest_text).item(0, 0)
    check(end == len(data), part, f"bytes after the end: {len(data) - end} of them")
    value = cbor2.loads(data)
    # The rule. The walk before it is economy, and gives the reasons.
    check(encode(value) == data, part, "not in deterministic form")
    return value


def first_of(data: bytes, part: str = "") -> tuple[Any, int]:
    """The first item of a CBOR sequence (RFC 8742), and where the next begins."""
    end = Walk(data, part).item(0, 0)
    return decode(data[:end], part), end


def encode(value: Any) -> bytes:
    """The core deterministic encoding. cbor2 sorts keys by length first, which is the same for keys of one kind."""
    return bytes(cbor2.dumps(value, canonical=True))


class Walk:
    """Follows the bytes without building anything, and refuses all that is not in the deterministic form."""

    def __init__(self, data: bytes, part: str, longest_text: Optional[int] = None) -> None:
        self.data = data
        self.part = part
        self.longest_text = longest_text
        self.items = 0

    def item(self, at: int, depth: int) -> int:
        """Walks the item at this offset; returns the offset after it. Keys, values and containers count as items."""
        self.items += 1
        check(self.items <= MAX_ITEMS, self.part, f"more than {MAX_ITEMS} items")
        major, argument, at = self.head(at)
        if major in (BYTES, TEXT):
            return self.string(major, argument, at)
        if major in (ARRAY, MAP, TAG):
            check(depth < MAX_DEPTH, self.part, f"nested deeper than {MAX_DEPTH} levels")
        if major == ARRAY:
            for _ in range(argument):
                at = self.item(at, depth + 1)
        elif major == MAP:
            at = self.pairs(argument, at, depth + 1)
        elif major == TAG:
            raise Fault(self.part, f"a tag, {argument}")
        elif major == SIMPLE:
            check(argument in (20, 21), self.part, "a simple value that is neither true nor false")
        return at

    def pairs(self, count: int, at: int, depth: int) -> int:
        before = None
        for _ in range(count):
            start = at
            at = self.item(at, depth)
            key = self.data[start:at]
            check(before is None or before != key, self.part, "a key given twice")
            check(before is None or before < key, self.part, "keys out of order")
            before = key
            at = self.item(at, depth)
        return at

    def string(self, major: int, length: int, at: int) -> int:
        end = at + length
        check(end <= len(self.data), self.part, "not well-formed: it ends inside a string")
        if major == TEXT:
            try:
                self.data[at:end].decode("utf-8")
            except UnicodeDecodeError:
                raise Fault(self.part, "a text that is not UTF-8") from None
            self.text(self.data[at:end])
        return end

    def text(self, text: bytes) -> None:
        if self.longest_text is not None:
            check(len(text) <= self.longest_text, self.part, f"a text longer than {self.longest_text} bytes")
            control = any(byte == 0x7F or byte < 0x20 and byte != 0x0A for byte in text)
            check(not control, self.part, "a text with a control character")

    def head(self, at: int) -> tuple[int, int, int]:
        """Major type, argument and the offset after the head, whose argument is as short as can be."""
        check(at < len(self.data), self.part, "not well-formed: it ends where an item should begin")
        major, low = self.data[at] >> 5, self.data[at] & 0x1F
        at += 1
        if low < 24:
            return major, low, at
        check(low != 31, self.part, "of indefinite length")
        check(low < 28, self.part, "not well-formed: a reserved initial byte")
        check(major != SIMPLE, self.part, "a float, or a simple value that is neither true nor false")
        width = 1 << (low - 24)
        argument = self.data[at : at + width]
        check(len(argument) == width, self.part, "not well-formed: it ends inside a head")
        value = int.from_bytes(argument, "big")
        least = 24 if width == 1 else 1 << (4 * width)
        check(value >= least, self.part, "an integer or length longer than needed")
        return major, value, at + width
