"""Finding each other, the handshake, and the safety code (README: chapters of these names)."""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import Optional

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from . import cbor
from .rules import DAY

Reply = Optional[list[bytes]]


def namespace(secret: bytes, relay_peer: bytes, time: int) -> str:
    """Where the holders of a secret meet at this relay on this day."""
    context = cbor.encode([relay_peer, time // DAY])
    key = derive(b"halfdoor/namespace/1", secret, context)
    return base64.b32encode(key).decode().rstrip("=").lower()


def transcript(
    role: str,
    inviter_peer: bytes,
    joiner_peer: bytes,
    inviter: bytes,
    joiner: bytes,
    joiner_key: bytes,
    joiner_nonce: bytes,
    reply: Reply,
) -> bytes:
    """What both sides of a handshake have seen of each other."""
    return cbor.encode([role, inviter_peer, joiner_peer, inviter, joiner, joiner_key, joiner_nonce, reply])


def proof(invite_secret: bytes, transcript: bytes) -> bytes:
    """Shows knowledge of the invite's secret over a transcript."""
    return hmac.new(invite_secret, transcript, hashlib.sha256).digest()


def pairing_secret(own: bytes, other: bytes, invite_secret: bytes, transcript: bytes) -> bytes:
    """What both sides share after the handshake. Raises ValueError for a key of small order."""
    agreed = X25519PrivateKey.from_private_bytes(own).exchange(X25519PublicKey.from_public_bytes(other))
    return derive(b"halfdoor/pairing/1", agreed + invite_secret, hashlib.sha256(transcript).digest())


def exchange_key(secret: bytes) -> bytes:
    """The public exchange key of a secret one."""
    public = X25519PrivateKey.from_private_bytes(secret).public_key()
    return public.public_bytes(Encoding.Raw, PublicFormat.Raw)


def safety_code(a: bytes, b: bytes) -> str:
    """Twelve groups of five digits for two people to compare."""
    digest = hashlib.sha512(b"halfdoor/safety/1" + min(a, b) + max(a, b)).digest()
    groups = (int.from_bytes(digest[at : at + 5], "big") % 100_000 for at in range(0, 60, 5))
    return " ".join(f"{group:05}" for group in groups)


def derive(salt: bytes, secret: bytes, context: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=salt, info=context).derive(secret)
