"""Compares every file of vectors/ with what this verifier makes of the same inputs."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Callable

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from . import cbor, checkpoint, envelope, files, invite, mailbox, merkle, pairing, text, voucher
from .fault import Fault, check
from .rules import DAY, KINDS, SCHEMA


MAX_FRAME_TEXT = 2_048


def check_directory(directory: Path) -> dict[str, int]:
    """How many vectors of each file agree. Raises the first fault, and one for every file missing or not known here."""
    found = {path.name: path for path in sorted(directory.glob("*")) if path.is_file()}
    for name in {**FILES, **{f"message-{kind}.json": None for kind in KINDS}}:
        check(name in found, name, f"is missing in {directory}")
    return {name: check_file(path) for name, path in found.items()}


def check_file(path: Path) -> int:
    """How many vectors this file has, all of which agree."""
    message = path.name.startswith("message-") and path.name[8:-5] in KINDS
    judge = messages(path.name[8:-5]) if message else FILES.get(path.name)
    if judge is None:
        raise Fault(path.name, "is not a file of vectors that this verifier knows")
    try:
        count = judge(json.loads(path.read_text(encoding="utf-8")))
    except Fault as fault:
        raise fault.inside(path.name)
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise Fault(path.name, f"does not have the form of its vectors: {type(error).__name__} {error}") from None
    check(count > 0, path.name, "has no vector")
    return count


def messages(kind: str) -> Callable[[Any], int]:
    def judge(vectors: Any) -> int:
        for vector in vectors:
            form = vector["form"]
            key = Ed25519PrivateKey.from_private_bytes(unhex(vector["secret_key"]))
            payload, sealed = unhex(vector["payload"]), unhex(vector["envelope"])
            same(cbor.encode(value(vector["decoded"])), payload, form, "payload")
            same(envelope.seal(kind, key, payload), sealed, form, "envelope")
            message = envelope.open_as(kind, sealed, form)
            same(message.payload, value(vector["decoded"]), form, "what it opens as")
            same(message.id, unhex(vector["id"]), form, "id")
            protected = envelope.protected_header(kind, message.signer)
            same(envelope.sig_structure(kind, protected, payload), unhex(vector["sig_structure"]), form, "Sig_structure")
        return len(vectors)

    return judge


def refused(vectors: Any) -> int:
    """Each is refused as every kind, and where it claims to be of a kind, at the step where the program refuses it."""
    for vector in vectors:
        data = unhex(vector["envelope"])
        for kind in [*KINDS, *envelope.VERSIONED]:
            try:
                envelope.opened(kind, data)
            except Fault as fault:
                refused_at_its_step(kind, data, fault, vector)
            else:
                raise Fault(vector["name"], f"opens as a {kind}")
    return len(vectors)


def refused_at_its_step(kind: str, data: bytes, fault: Fault, vector: Any) -> None:
    try:
        claimed = envelope.kind_of(data)
    except Fault:
        return
    if claimed == kind:
        outside = vector["error"].startswith("envelope")
        part = "envelope" if outside else "payload"
        check(fault.part.startswith(part), vector["name"], f"is refused for its {fault}, not for its {part}")


def invites(vectors: Any) -> int:
    sealed, words = unhex(vectors["envelope"]), vectors["text"]
    key = Ed25519PrivateKey.from_private_bytes(unhex(vectors["secret_key"]))
    payload = unhex(vectors["payload"])
    same(cbor.encode(value(vectors["decoded"])), payload, "invite", "payload")
    same(envelope.seal("invite", key, payload), sealed, "invite", "envelope")
    same(invite.write_invite(sealed), words, "invite", "text")
    for form in (words, words.upper(), f" \n{words}\t"):
        opened = invite.open_invite(form)
        same(opened.id, unhex(vectors["id"]), "invite", "id")
        same(opened.payload, value(vectors["decoded"]), "invite", "what it opens as")
    for vector in vectors["refused"]:
        must_refuse(lambda: invite.open_invite(vector["text"]), vector["name"])
    return 1 + len(vectors["refused"])


def pairings(vectors: Any) -> int:
    v = {name: unhex(inner) for name, inner in vectors.items() if isinstance(inner, str)}
    for side in ("inviter", "joiner"):
        public = pairing.exchange_key(v[f"{side}_exchange_secret"])
        same(public, v[f"{side}_exchange_key"], "pairing", f"{side}_exchange_key")

    def seen(role: str, reply: pairing.Reply) -> bytes:
        parties = v["inviter_peer"], v["joiner_peer"], v["inviter"], v["joiner"]
        return pairing.transcript(role, *parties, v["joiner_exchange_key"], v["joiner_nonce"], reply)

    reply = [v["inviter_exchange_key"], v["inviter_nonce"]]
    same(pairing.proof(v["invite_secret"], seen("joiner", None)), v["join_proof"], "pairing", "join_proof")
    same(pairing.proof(v["invite_secret"], seen("inviter", reply)), v["welcome_proof"], "pairing", "welcome_proof")
    for own, other in (("inviter", "joiner"), ("joiner", "inviter")):
        secret, key = v[f"{own}_exchange_secret"], v[f"{other}_exchange_key"]
        made = pairing.pairing_secret(secret, key, v["invite_secret"], seen("pair", reply))
        same(made, v["pairing_secret"], "pairing", f"pairing_secret of the {own}")
    for vector in vectors["namespaces"]:
        made_name = pairing.namespace(unhex(vector["secret"]), v["relay_peer"], vector["day"] * DAY + 1)
        same(made_name, vector["namespace"], "pairing", "namespace")
    return 5 + len(vectors["namespaces"])


def mailboxes(vectors: Any) -> int:
    v = {name: unhex(inner) for name, inner in vectors.items() if isinstance(inner, str)}
    place = mailbox.Place(v["from"], v["to"], v["relay_peer"], vectors["day"])
    same(place.capability(v["pairing_secret"]), v["capability"], "mailbox", "capability")
    same(mailbox.tag(v["capability"]), v["tag"], "mailbox", "tag")
    same(pairing.exchange_key(v["mailbox_secret"]), v["mailbox_key"], "mailbox", "mailbox_key")
    for vector in vectors["items"]:
        item = unhex(vector["item"])
        same(hashlib.sha256(item).digest(), unhex(vector["id"]), "mailbox", "id of an item")
        plain = mailbox.open_item(item, place, v["pairing_secret"], v["mailbox_secret"])
        same(plain, unhex(vector["plain"]), "mailbox", "what an item opens as")
        letter = value(vector["letter"])
        SCHEMA.check("letter", letter)
        same(cbor.encode(letter), plain, "mailbox", "letter")
    return 3 + len(vectors["items"])


def safety_codes(vectors: Any) -> int:
    for vector in vectors:
        same(pairing.safety_code(unhex(vector["a"]), unhex(vector["b"])), vector["code"], "safety code", "code")
    return len(vectors)


def commitments(vectors: Any) -> int:
    for vector in vectors["texts"]:
        made = commitment(b"halfdoor/text/1", unhex(vector["salt"]), vector["text"].encode())
        same(made, unhex(vector["commitment"]), "text", "commitment")
    for vector in vectors["outcomes"]:
        outcome = value(vector["outcome"])
        SCHEMA.check("outcome", outcome)
        same(cbor.encode(outcome), unhex(vector["cbor"]), "outcome", "cbor")
        made = commitment(b"halfdoor/outcome/1", unhex(vector["salt"]), cbor.encode(outcome))
        same(made, unhex(vector["commitment"]), "outcome", "commitment")
    return len(vectors["texts"]) + len(vectors["outcomes"])


def commitment(name: bytes, salt: bytes, content: bytes) -> bytes:
    return hashlib.sha256(name + salt + content).digest()


def computations(vectors: Any) -> int:
    for vector in vectors:
        form = value(vector["computation"])
        SCHEMA.check("computation", form)
        same(cbor.encode(form), unhex(vector["cbor"]), "computation", "cbor")
        same(hashlib.sha256(cbor.encode(form)).digest(), unhex(vector["hash"]), "computation", "hash")
    return len(vectors)


def decimals(vectors: Any) -> int:
    for vector in vectors["accepted"]:
        words, mantissa, scale = vector["text"], int(vector["mantissa"]), vector["scale"]
        text.decimal(words, words)
        whole = words.replace(".", "")
        same((int(whole), len(words.partition(".")[2])), (mantissa, scale), words, "mantissa and scale")
    wrong = vectors["not_canonical"] + vectors["refused"]
    for words in wrong:
        must_refuse(lambda: text.decimal(words, words), f"the decimal {words!r}")
    return len(vectors["accepted"]) + len(wrong)


def frames(vectors: Any) -> int:
    for name, vector in [("frame", vectors["frame"]), *(("ack", ack) for ack in vectors["acks"])]:
        decoded = value(vector["decoded"])
        same(cbor.encode(decoded), unhex(vector["cbor"]), name, "cbor")
        same(cbor.decode(unhex(vector["cbor"]), name, MAX_FRAME_TEXT), decoded, name, "decoded")
        SCHEMA.check(name, decoded)
    return 1 + len(vectors["acks"])


def logs(vectors: Any) -> int:
    for vector in vectors["entries"]:
        decoded, data = value(vector["decoded"]), unhex(vector["cbor"])
        SCHEMA.check("entry", decoded)
        same(cbor.encode(decoded), data, "entry", "cbor")
        same(hashlib.sha256(data).digest(), unhex(vector["leaf"]), "entry", "leaf")
    first = vectors["first_three"]
    party = value(vectors["entries"][0]["decoded"])["what"]["begun"]["party"]
    tree = merkle.Tree()
    for vector, hashed in zip(vectors["entries"], first["leaf_hashes"]):
        tree.append(unhex(vector["leaf"]))
        same(merkle.leaf_hash(unhex(vector["leaf"])), unhex(hashed), "log", "leaf hash")
    same(tree.root(), unhex(first["root"]), "log", "root")
    checkpoint.states(first["checkpoint"], party, checkpoint.Head(3, tree.root()))
    return len(vectors["entries"]) + 1


def proofs(vectors: Any) -> int:
    items, roots = [unhex(item) for item in vectors["items"]], [unhex(root) for root in vectors["roots"]]
    tree, size = merkle.Tree(), len(items)
    same(len(roots), size + 1, "proofs", "number of roots")
    for grown, root in enumerate(roots):
        same(tree.root(), root, f"tree of {grown}", "root")
        if grown < size:
            tree.append(items[grown])
    same((len(vectors["inclusion"]), len(vectors["consistency"])), (size, size + 1), "proofs", "number of proofs")
    for index, proof in enumerate(vectors["inclusion"]):
        hashes = [unhex(hashed) for hashed in proof]
        merkle.verify_inclusion(items[index], index, size, roots[size], hashes, f"inclusion of {index}")
    for since, proof in enumerate(vectors["consistency"]):
        hashes = [unhex(hashed) for hashed in proof]
        merkle.verify_consistency(since, roots[since], size, roots[size], hashes, f"consistency from {since}")
    return len(roots) + size + len(roots)


def whole_files(vectors: Any) -> int:
    """Receipt, log and evidence files: each holds, or is refused, as it should."""
    with TemporaryDirectory() as folder:
        for vector in vectors:
            path = Path(folder) / "file"
            path.write_bytes(unhex(vector["file"]))
            if vector["holds"]:
                files.verify(path)
            else:
                must_refuse(lambda: files.verify(path), vector["name"])
    return len(vectors)


def vouchers(vectors: Any) -> int:
    """A table's hashes, the voucher for it, and the voucher as a file."""
    columns, key = vectors["columns"], unhex(vectors["key"])
    for column in columns:
        same(voucher.column(column["cells"]), unhex(column["hash"]), column["name"], "hash")
    schema = voucher.schema([[column["name"], column["type"]] for column in columns])
    same(schema, unhex(vectors["schema"]), "voucher", "schema")
    content = voucher.content(key, schema, vectors["rows"], [unhex(column["hash"]) for column in columns])
    same(content, unhex(vectors["content"]), "voucher", "content")
    secret = Ed25519PrivateKey.from_private_bytes(unhex(vectors["secret_key"]))
    payload, sealed = unhex(vectors["payload"]), unhex(vectors["envelope"])
    same(cbor.encode(value(vectors["decoded"])), payload, "voucher", "payload")
    same(envelope.seal("voucher", secret, payload), sealed, "voucher", "envelope")
    opened = envelope.open_as("voucher", sealed, "voucher")
    same(opened.id, unhex(vectors["id"]), "voucher", "id")
    same((opened.body["content"], opened.body["schema"]), (content, schema), "voucher", "what it vouches for")
    with TemporaryDirectory() as folder:
        path = Path(folder) / "file"
        path.write_bytes(unhex(vectors["file"]))
        files.verify(path)
    return len(columns) + 4


FILES: dict[str, Callable[[Any], int]] = {
    "commitments.json": commitments,
    "computations.json": computations,
    "decimals.json": decimals,
    "evidence-file.json": whole_files,
    "frames.json": frames,
    "invite.json": invites,
    "log-file.json": whole_files,
    "log-proofs.json": proofs,
    "log.json": logs,
    "pairing.json": pairings,
    "mailbox.json": mailboxes,
    "receipt-file.json": whole_files,
    "refused.json": refused,
    "safety-code.json": safety_codes,
    "voucher.json": vouchers,
}


def same(made: object, given: object, part: str, what: str) -> None:
    check(made == given, part, f"{what} differs: made {show(made)}, given {show(given)}")


def show(item: object) -> str:
    return item.hex() if isinstance(item, bytes) else repr(item)


def must_refuse(attempt: Callable[[], object], name: str) -> None:
    """Fails, unless the attempt is refused."""
    try:
        attempt()
    except Fault:
        return
    raise Fault(name, "is not refused")


def unhex(text: str) -> bytes:
    check(text == text.lower(), "vectors", "have hex in upper case")
    return bytes.fromhex(text)


def value(decoded: Any) -> Any:
    """Decoded CBOR as JSON shows it: a byte string is written h'…'."""
    if isinstance(decoded, dict):
        return {key: value(inner) for key, inner in decoded.items()}
    if isinstance(decoded, list):
        return [value(inner) for inner in decoded]
    if isinstance(decoded, str) and decoded.startswith("h'") and decoded.endswith("'"):
        return unhex(decoded[2:-1])
    return decoded
