"""Vouchers: an issuer's signed word for a table (README: "Voucher", "Voucher file")."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from typing import Any, Optional, Sequence

from . import cbor
from .envelope import Opened, open_as
from .fault import check


@dataclass(frozen=True)
class VoucherFile:
    """A voucher file that holds: the voucher, and the words on what it is about."""

    voucher: Opened
    subject: Optional[str]

    @property
    def says(self) -> str:
        about = f", about “{self.subject}”" if self.subject is not None else ""
        return f"voucher of {describe(self.voucher)}{about}"


def verify(parts: dict[str, Any]) -> VoucherFile:
    """Opens the voucher of a file, and holds the words beside it against it."""
    voucher = open_as("voucher", parts["voucher"], "voucher")
    subject = None
    for text in parts["texts"]:
        made = hashlib.sha256(b"halfdoor/text/1" + text["salt"] + text["text"].encode()).digest()
        check(made == voucher.body.get("subject"), "texts", "are not the words of the voucher")
        subject = text["text"]
    return VoucherFile(voucher, subject)


def of_receipt(receipt: Opened) -> Optional[Opened]:
    """The voucher in a receipt, if there is one, and if it is somebody else's word for data of this owner."""
    if "voucher" not in receipt.body:
        return None
    voucher = open_as("voucher", receipt.body["voucher"], "issuer")
    check(voucher.signer != receipt.signer, "issuer", "is the owner: nobody else vouches")
    holder = voucher.body.get("holder", receipt.signer)
    check(holder == receipt.signer, "holder", "is not the owner: the voucher is for somebody else's data")
    return voucher


def describe(voucher: Opened) -> str:
    return f"{voucher.signer.hex()} for {voucher.body['rows']} rows"


def schema(columns: Sequence[Sequence[str]]) -> bytes:
    """Hash of the columns, each as name and type."""
    return hashlib.sha256(cbor.encode([list(column) for column in columns])).digest()


def column(cells: Sequence[Any]) -> bytes:
    """Hash of a column: of its cells, one after the other."""
    return hashlib.sha256(b"".join(cbor.encode(cell) for cell in cells)).digest()


def content(key: bytes, schema_hash: bytes, rows: int, columns: Sequence[bytes]) -> bytes:
    """Keyed hash of a table."""
    bound = cbor.encode([schema_hash, rows, list(columns)])
    return hmac.new(key, b"halfdoor/content/1" + bound, hashlib.sha256).digest()
