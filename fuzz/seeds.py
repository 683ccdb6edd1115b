#!/usr/bin/env python3
"""Writes corpus/ anew: what each target begins with, mostly from the vectors of the protocol. Needs no package."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
VECTORS = HERE.parent / "docs" / "protocol" / "vectors"
# as KINDS in src/lib.rs
KINDS = """join welcome presence catalog-ask catalog-answer request decision run receipt revoke offer offer-reply
head-ask log-head cosign mock-ask mock-answer""".split()

TABLES = {
    "csv": [
        b"\x00month,amount\n2025-01,12.50\n2025-02,13.75\n",
        b"\x01datum;betrag\n31.12.2024;1.234,50\n1.2.2025;-3,00\nx;y\n",
        b"\x06\xef\xbb\xbf\"a\"\"b\",c\r\n\"1\n2\",\t3 \r\n",
        b"\x28day,n,ok\n03/04/2021,1,true\n13/04/2021,2,no\n",
        b"\x181 234,5\n1'234.5\n1e5\n\xc2\xa012,5\n",
    ],
    "json": [
        b"[1, 2.50, -3e2, 12345678901234567890]",
        b'[{"month": "2025-01-31", "amount": 12.50, "paid": true}, {"month": "2025-02-28", "amount": null}]',
        b'{"a": 1}\n{"a": 2}\n',
        b'[{"a": "\\u202e", "b": [1]}, {}]',
        b"month\tamount\n2025-01\t12\n",
    ],
    # the first byte is the position in Format::ALL
    "statement": [
        b"\x00date;amount\n31.12.24;1.234,50\n1.2.25;-3,00\n",
        # one column of two doubles, as pyarrow writes it
        b"\x02" + bytes.fromhex(
            "504152311500151c15202c15041500150615061c0000000e34020000000301000000000000f83f1504192c35001806736368"
            "656d61150200150a2502180161001604191c191c26001c150a192506001918016115021604164216462608491c1500150015"
            "02003c2906192602020000001642160426081646002820706172717565742d6370702d6172726f772076657273696f6e2032"
            "362e302e31191c1c0000007a00000050415231"
        ),
        b"\x03OFXHEADER:100\nCHARSET:1252\n\n<OFX><BANKMSGSRSV1><STMTTRNRS><STMTRS><CURDEF>EUR<BANKACCTFROM><ACCTID>1"
        b"</BANKACCTFROM><BANKTRANLIST><STMTTRN><DTPOSTED>20250131120000[-5:EST]<TRNAMT>-1,50<FITID>1<NAME>a &amp; b"
        b"</STMTTRN></BANKTRANLIST></STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>",
        b"\x04!Account\nNa\n^\n!Type:Bank\nD1/31'25\nT-1,061.40\nPa\nMb\n^\nD2/ 3'25\nT2\n^\n",
        b'\x05<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt><Stmt><Bal><Tp><CdOrPrtry><Cd>OPBD'
        b'</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">1</Amt><CdtDbtInd>CRDT</CdtDbtInd></Bal><Ntry><Amt Ccy="EUR">1.50</Amt>'
        b"<CdtDbtInd>DBIT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>2025-01-31</Dt></BookgDt></Ntry></Stmt></BkToCstmrStmt></Document>",
        b"\x06:20:x\n:25:1\n:60F:C250130EUR2,00\n:61:2501310131DR1,50N024NONREF\n:86:005?00a?20b?32c\n:62F:C250131EUR0,50\n-\n",
        b'\x07<feed xmlns:e="http://naesb.org/espi"><entry><content><e:ReadingType><e:uom>72</e:uom></e:ReadingType></content></entry>'
        b"<entry><content><e:IntervalBlock><e:IntervalReading><e:timePeriod><e:start>1738364400</e:start></e:timePeriod>"
        b"<e:value>5</e:value></e:IntervalReading></e:IntervalBlock></content></entry></feed>",
        b'\x08{"transactions": [{"date": "2025-01-31", "amount": 1.5, "pending": false, "iso_currency_code": "EUR"}]}',
        b'\x09{"transactions": [{"depositTransaction": {"postedTimestamp": "2025-01-31", "debitCreditMemo": "DEBIT", "amount": 1}}]}',
    ],
}


def main() -> None:
    shutil.rmtree(HERE / "corpus", ignore_errors=True)
    for kind in KINDS:
        for vector in load(f"message-{kind}"):
            put("message", bytes.fromhex(vector["envelope"]))
            put("payload", bytes([KINDS.index(kind)]) + bytes.fromhex(vector["payload"]))
            if kind == "presence":
                put("presence", bytes.fromhex(vector["payload"]))
    frames = load("frames")
    put("frame", bytes.fromhex(frames["frame"]["cbor"]))
    for ack in frames["acks"]:
        put("ack", bytes.fromhex(ack["cbor"]))
    invite = load("invite")
    put("invite", invite["text"].encode())
    put("ticket", bytes.fromhex(invite["payload"]))
    voucher = load("voucher")
    put("voucher", bytes.fromhex(voucher["envelope"]))
    put("voucher", bytes.fromhex(voucher["file"]))
    for target, name in (("receipt_file", "receipt-file"), ("evidence_file", "evidence-file"), ("log_file", "log-file")):
        for data in files(load(name)) if (VECTORS / f"{name}.json").exists() else []:
            put(target, data)
    for target, tables in TABLES.items():
        for table in tables:
            put(target, table)
    for seed in backups():
        put("backup", seed)
    put("rendezvous", bytes([8, 3, 42, 7, 10, 3]) + b"abc" + bytes([16, 16]))
    put("rendezvous", bytes([8, 4, 50, 11, 10, 7, 10, 1, 97, 18, 2, 1, 2, 18, 0]))


def backups() -> list[bytes]:
    """What crates/store/src/backup.rs describes. The first byte is the target's: what of the file follows."""
    dataset = bytes([0xD5]) * 16
    manifest = {
        "id": dataset,
        "rows": 2,
        "columns": [{"name": "month", "type": "date"}, {"name": "amount", "type": {"decimal": 2}}],
        "chunks": [bytes(32), bytes(32)],
        "salt": bytes(32),
        "attributes": b"notes",
    }
    items = [
        {"about": {"schema": 2, "program": "0.1.0", "made": 1750000000}},
        {"key": {"name": "identity", "key": bytes(32)}},
        {"chunk": {"dataset": dataset, "column": 0, "index": 0, "bytes": b"column"}},
        {"record": {"tree": "datasets", "key": dataset + bytes(2), "value": cbor(manifest)}},
        {"record": {"tree": "log", "key": bytes(8), "value": b"entry"}},
        {"end": {"keys": 1, "chunks": 1, "records": 2}},
    ]
    cost = {"memory_kib": 65536, "passes": 3, "lanes": 1}
    kdf = {"format": 1, "cost": cost, "salt": bytes(16), "check": bytes(60)}
    header = cbor({"format": 1, "kdf": kdf, "nonce": bytes(19)})
    begin = b"halfdoor-backup\n" + len(header).to_bytes(2, "big") + header
    plain = b"".join(len(item).to_bytes(4, "big") + item for item in map(cbor, items))
    return [
        b"\0" + begin + hashlib.sha256(begin).digest() + bytes(40),
        b"\1" + header,
        b"\2" + plain,
        b"\3" + b"".join(map(cbor, items)),
        b"\4\x40\1\0" + plain,
        b"\4\x40\1\1" + plain,
    ]


def cbor(value: Any) -> bytes:
    """Deterministic CBOR of the few forms that a backup has."""
    if isinstance(value, int):
        return head(0, value)
    if isinstance(value, bytes):
        return head(2, len(value)) + value
    if isinstance(value, str):
        return head(3, len(value.encode())) + value.encode()
    if isinstance(value, list):
        return head(4, len(value)) + b"".join(map(cbor, value))
    pairs = sorted((cbor(key), cbor(inner)) for key, inner in value.items())
    return head(5, len(pairs)) + b"".join(key + inner for key, inner in pairs)


def head(major: int, number: int) -> bytes:
    if number < 24:
        return bytes([major << 5 | number])
    for code, size in enumerate((1, 2, 4, 8), start=24):
        if number < 1 << 8 * size:
            return bytes([major << 5 | code]) + number.to_bytes(size, "big")
    raise ValueError(number)


def load(name: str) -> Any:
    return json.loads((VECTORS / f"{name}.json").read_text(encoding="utf-8"))


def files(found: Any) -> list[bytes]:
    """Every long text in hex, wherever it stands."""
    if isinstance(found, dict):
        return [data for inner in found.values() for data in files(inner)]
    if isinstance(found, list):
        return [data for inner in found for data in files(inner)]
    if isinstance(found, str) and len(found) > 200 and set(found) <= set("0123456789abcdef"):
        return [bytes.fromhex(found)]
    return []


def put(target: str, data: bytes) -> None:
    """Named after its content, as libFuzzer does."""
    path = HERE / "corpus" / target / hashlib.sha1(data).hexdigest()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


if __name__ == "__main__":
    main()
