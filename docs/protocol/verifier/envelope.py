"""The signed envelope, and the id of what it says (README: "Envelope", "Payload")."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from . import cbor, keys
from .fault import Fault, check
from .rules import KINDS, SCHEMA

MAX_ENVELOPE = 65_536
MAX_PAYLOAD_TEXT = 512
ALGORITHM = -19
# Kinds that are to nobody in particular: their payload says its version, and who signed by this name.
VERSIONED = {"invite": "inviter", "voucher": "issuer"}


@dataclass(frozen=True)
class Opened:
    """A message whose signature holds: who said it, its id, and the payload."""

    kind: str
    signer: bytes
    id: bytes
    payload: Any

    @property
    def body(self) -> Any:
        return self.payload["1" if self.kind == "voucher" else "body"]


def open_as(kind: str, data: bytes, part: str = "message") -> Opened:
    """Opens an envelope as a message of this kind, or as an invite; refuses it with the step that failed."""
    try:
        return opened(kind, data)
    except Fault as fault:
        raise fault.inside(part) if part else fault


def opened(kind: str, data: bytes) -> Opened:
    check(len(data) <= MAX_ENVELOPE, "envelope", f"longer than {MAX_ENVELOPE} bytes")
    envelope = cbor.decode(data, "envelope")
    parts = isinstance(envelope, list) and len(envelope) == 4
    check(parts and isinstance(envelope[0], bytes), "envelope", "not a COSE_Sign1")
    protected, unprotected, payload, signature = envelope
    check(unprotected == {}, "envelope", "not a COSE_Sign1 with an empty unprotected header")
    check(isinstance(payload, bytes) and isinstance(signature, bytes), "envelope", "not a COSE_Sign1")
    header = cbor.decode(protected, "envelope: protected header")
    signer = header.get(4) if isinstance(header, dict) else None
    if not isinstance(signer, bytes) or len(signer) != 32:
        raise Fault("envelope: protected header", "names no key of 32 bytes")
    check(protected == protected_header(kind, signer), "envelope: protected header", f"is not the one of a {kind}")
    keys.acceptable(signer, "envelope: key")
    signed = sig_structure(kind, protected, payload)
    keys.verify(signer, signature, signed, "envelope: signature")
    return Opened(kind, signer, hashlib.sha256(signed).digest(), open_payload(kind, signer, payload))


def open_payload(kind: str, signer: bytes, payload: bytes) -> Any:
    """The payload of a verified envelope, if it is of its kind's form and names its signer."""
    value = cbor.decode(payload, "payload", MAX_PAYLOAD_TEXT)
    form = "ticket" if kind == "invite" else f"{kind}-payload"
    try:
        SCHEMA.check(form, value)
        named = value["1"][VERSIONED[kind]] if kind in VERSIONED else value["sender"]
        check(named == signer, "", "does not name its signer")
    except Fault as fault:
        raise fault.inside("payload")
    return value


def kind_of(data: bytes) -> str:
    """The kind an envelope says it has. Nothing of it is verified."""
    envelope = cbor.decode(data, "envelope")
    well = isinstance(envelope, list) and len(envelope) == 4 and isinstance(envelope[0], bytes)
    header = cbor.decode(envelope[0], "envelope: protected header") if well else None
    kinds = {content_type(kind): kind for kind in [*KINDS, *VERSIONED]}
    named = header.get(3) if isinstance(header, dict) else None
    if not isinstance(named, str) or named not in kinds:
        raise Fault("envelope", "not a message of a kind that is known")
    return kinds[named]


def content_type(kind: str) -> str:
    return f"application/halfdoor-{kind}+cbor"


def protected_header(kind: str, signer: bytes) -> bytes:
    """The one protected header that a kind and a signer have."""
    return cbor.encode({1: ALGORITHM, 3: content_type(kind), 4: signer})


def sig_structure(kind: str, protected: bytes, payload: bytes) -> bytes:
    """What is signed, and what the id is the hash of."""
    return cbor.encode(["Signature1", protected, f"halfdoor/{kind}/1".encode(), payload])


def seal(kind: str, key: Ed25519PrivateKey, payload: bytes) -> bytes:
    """The envelope this key makes of a payload."""
    protected = protected_header(kind, keys.public(key))
    signature = key.sign(sig_structure(kind, protected, payload))
    return cbor.encode([protected, {}, payload, signature])
