"""Places at a relay's mailbox, and what lies sealed there (README: "Mailbox")."""

from __future__ import annotations

import hashlib
import hmac
from typing import NamedTuple

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from . import cbor
from .pairing import derive, exchange_key

# RFC 9180: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, ChaCha20-Poly1305
KEM = b"KEM" + (0x0020).to_bytes(2, "big")
SUITE = b"HPKE" + b"".join(n.to_bytes(2, "big") for n in (0x0020, 0x0001, 0x0003))
MODE_PSK = b"\x01"


class Place(NamedTuple):
    """One direction of one pair at one relay on one day."""

    sender: bytes
    reader: bytes
    relay_peer: bytes
    day: int

    def info(self) -> bytes:
        return cbor.encode(list(self))

    def capability(self, pairing_secret: bytes) -> bytes:
        return derive(b"halfdoor/mailbox/1", pairing_secret, self.info())

    def key(self, pairing_secret: bytes) -> bytes:
        return derive(b"halfdoor/mailbox-key/1", pairing_secret, self.info())


def tag(capability: bytes) -> bytes:
    """What items lie under."""
    return hashlib.sha256(b"halfdoor/mailbox-tag/1" + capability).digest()


def open_item(item: bytes, place: Place, pairing_secret: bytes, mailbox_secret: bytes) -> bytes:
    """The letter in an item. Raises InvalidTag for whatever was altered, moved, or made by somebody else."""
    their, sealed = item[:32], item[32:]
    agreed = X25519PrivateKey.from_private_bytes(mailbox_secret).exchange(X25519PublicKey.from_public_bytes(their))
    eae = labelled_extract(KEM, b"", b"eae_prk", agreed)
    shared = labelled_expand(KEM, eae, b"shared_secret", their + exchange_key(mailbox_secret), 32)
    psk, psk_id = place.key(pairing_secret), tag(place.capability(pairing_secret))
    context = (
        MODE_PSK
        + labelled_extract(SUITE, b"", b"psk_id_hash", psk_id)
        + labelled_extract(SUITE, b"", b"info_hash", place.info())
    )
    secret = labelled_extract(SUITE, shared, b"secret", psk)
    key = labelled_expand(SUITE, secret, b"key", context, 32)
    nonce = labelled_expand(SUITE, secret, b"base_nonce", context, 12)
    return ChaCha20Poly1305(key).decrypt(nonce, sealed, b"")


def labelled_extract(suite: bytes, salt: bytes, label: bytes, material: bytes) -> bytes:
    return hmac.new(salt or bytes(32), b"HPKE-v1" + suite + label + material, hashlib.sha256).digest()


def labelled_expand(suite: bytes, key: bytes, label: bytes, context: bytes, length: int) -> bytes:
    """HKDF-Expand; 32 bytes at most, which is one block."""
    info = length.to_bytes(2, "big") + b"HPKE-v1" + suite + label + context
    return hmac.new(key, info + b"\x01", hashlib.sha256).digest()[:length]
