"""Identity keys and signatures (README: "Parties and keys").

The signature equation is left to `cryptography`. What is here is what RFC 8032 leaves open and the protocol does not:
which encodings are a key at all, and that neither key nor R is of small order.
"""

from __future__ import annotations

from typing import Optional

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from .fault import Fault, check

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P

Point = tuple[int, int]


def acceptable(key: bytes, part: str) -> None:
    """Refuses an identity key that is not the canonical encoding of a point of large order."""
    point = decompress(key)
    check(point is not None and not is_small(point), part, "is not a valid Ed25519 key, or a weak one")


def verify(key: bytes, signature: bytes, signed: bytes, part: str) -> None:
    """Refuses a signature that is not strictly valid: canonical scalar, R and key of large order."""
    check(len(signature) == 64, part, f"has {len(signature)} bytes, not 64")
    r = decompress(signature[:32])
    check(r is not None and not is_small(r), part, "has a point that is not valid, or a weak one")
    check(int.from_bytes(signature[32:], "little") < ORDER, part, "has a scalar that is not below the group order")
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, signed)
    except (InvalidSignature, ValueError):
        raise Fault(part, "does not match the key and what was signed") from None


def public(secret: Ed25519PrivateKey) -> bytes:
    """The id of the party that holds this key."""
    return secret.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def decompress(encoded: bytes) -> Optional[Point]:
    """RFC 8032 §5.1.3, with none of the leniency it was once read with."""
    if len(encoded) != 32:
        return None
    sign, y = encoded[31] >> 7, int.from_bytes(encoded, "little") & (2**255 - 1)
    if y >= P:
        return None
    squared = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(squared, (P + 3) // 8, P)
    if x * x % P != squared:
        x = x * pow(2, (P - 1) // 4, P) % P
    if x * x % P != squared or (x == 0 and sign == 1):
        return None
    return (x if x & 1 == sign else P - x), y


def is_small(point: Point) -> bool:
    """Whether eight times the point is the neutral element."""
    for _ in range(3):
        x, y = point
        product = D * x * x * y * y % P
        point = (
            2 * x * y * pow(1 + product, P - 2, P) % P,
            (y * y + x * x) * pow(1 - product, P - 2, P) % P,
        )
    return point == (0, 1)
