"""The log's tree and its proofs (README: "Log"; RFC 6962 §2, and RFC 9162 §2.1 for how proofs are followed)."""

from __future__ import annotations

import hashlib
from typing import Sequence

from .fault import check


def leaf_hash(item: bytes) -> bytes:
    """The tree's hash of a log entry's item, which is the SHA-256 of the entry."""
    return hashlib.sha256(b"\x00" + item).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


class Tree:
    """A tree that grows by one leaf at a time and keeps only the roots of its complete subtrees."""

    def __init__(self) -> None:
        self.size = 0
        self.peaks: list[bytes] = []

    def append(self, item: bytes) -> None:
        """Adds an entry's item."""
        node, size = leaf_hash(item), self.size
        while size & 1:
            node = node_hash(self.peaks.pop(), node)
            size >>= 1
        self.peaks.append(node)
        self.size += 1

    def root(self) -> bytes:
        if not self.peaks:
            return hashlib.sha256(b"").digest()
        root = self.peaks[-1]
        for peak in reversed(self.peaks[:-1]):
            root = node_hash(peak, root)
        return root


def verify_inclusion(item: bytes, index: int, size: int, root: bytes, proof: Sequence[bytes], part: str) -> None:
    """Refuses, unless the proof leads from the entry at this index to the root of the tree of this size."""
    check(index < size, part, "is for an entry beyond the end of the tree")
    node, last = leaf_hash(item), size - 1
    for sibling in proof:
        check(last > 0, part, "has more hashes than the tree has levels")
        if index & 1 or index == last:
            node = node_hash(sibling, node)
            while not index & 1 and index > 0:
                index, last = index >> 1, last >> 1
        else:
            node = node_hash(node, sibling)
        index, last = index >> 1, last >> 1
    check(last == 0, part, "has fewer hashes than the tree has levels")
    check(node == root, part, "does not lead to the root of the head")


def verify_consistency(
    first: int, first_root: bytes, second: int, second_root: bytes, proof: Sequence[bytes], part: str
) -> None:
    """Refuses, unless the proof shows that the larger tree begins with the smaller one."""
    check(first <= second, part, "is from a larger tree to a smaller one")
    if first in (0, second):
        check(not proof, part, "is not empty, although there is nothing to prove")
        check(first == 0 or first_root == second_root, part, "is between two trees of one size with different roots")
        return
    path = list(proof) if first & (first - 1) else [first_root, *proof]
    check(bool(path), part, "has fewer hashes than it needs")
    node, last = first - 1, second - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    old = new = path[0]
    for sibling in path[1:]:
        check(last > 0, part, "has more hashes than it needs")
        if node & 1 or node == last:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
            while not node & 1 and node > 0:
                node, last = node >> 1, last >> 1
        else:
            new = node_hash(new, sibling)
        node, last = node >> 1, last >> 1
    check(last == 0, part, "has fewer hashes than it needs")
    check(old == first_root, part, "does not begin at the earlier head")
    check(new == second_root, part, "does not lead to the later head")
