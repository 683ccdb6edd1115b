"""Receipt files: what was asked, what was decided, what came out, and that it is logged (README: "Receipt file")."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any, Optional

from . import cbor, checkpoint, computation, merkle, voucher
from .checkpoint import Head
from .envelope import Opened, open_as
from .fault import check
from .statement import Statement


@dataclass(frozen=True)
class Receipt:
    """A receipt file that holds: the receipt, the heads it vouches for, and the voucher for the rows."""

    message: Opened
    heads: list[Head]
    issuer: Optional[Opened] = None

    @property
    def statement(self) -> Statement:
        return Statement.of(self.message)


def verify(parts: dict[str, Any]) -> Receipt:
    """Opens the messages of a receipt file and makes every check of its chapter, in order."""
    request, decision = open_as("request", parts["request"], "request"), open_as("decision", parts["decision"], "decision")
    standing = open_as("decision", parts["standing"], "standing") if "standing" in parts else None
    receipt = open_as("receipt", parts["receipt"], "receipt")
    check_parties(request, decision, receipt)
    terms, body = request.body["terms"], receipt.body
    check(body["request"] == request.id, "request", "is not the one that the receipt names")
    for name in ("dataset", "version", "computation"):
        check(body[name] == terms[name], name, "of the receipt is not that of the request")
    grant = find_grant(request, decision, standing, receipt)
    check_grant(grant, terms, body)
    for text in parts["texts"]:
        made = hashlib.sha256(b"halfdoor/text/1" + text["salt"] + text["text"].encode()).digest()
        check(made == request.body["reason"], "texts", "are not the words of the request")
    check_logged(body)
    issuer = voucher.of_receipt(receipt)
    heads = [Head.of(body["entry"]["head"])]
    if "later" in parts:
        heads.append(check_later(parts["later"], request.signer, receipt.signer, heads[0]))
    return Receipt(receipt, heads, issuer)


def check_parties(request: Opened, decision: Opened, receipt: Opened) -> None:
    owner, requester = receipt.signer, receipt.payload["audience"]
    check(owner == request.payload["audience"], "owner", "signed a receipt for a request to somebody else")
    check(requester == request.signer, "requester", "is not who the receipt is for")
    between = decision.signer == owner and decision.payload["audience"] == requester
    check(between, "decision", "is not the owner's to the requester")


def find_grant(request: Opened, decision: Opened, standing: Optional[Opened], receipt: Opened) -> Any:
    """The grant under which the run was made, of the message that the receipt names."""
    approval = decision.body.get("approve")
    check(approval is not None, "grant", "is none: the decision is not an approval")
    check(approval["request"] == request.id, "grant", "is for another request")
    message, grant = decision, approval["grant"]
    if "under" in grant:
        check(standing is not None, "grant", "is under a standing one that is not in the file")
        assert standing is not None
        check(standing.id == grant["under"], "grant", "is under another standing one than the file has")
        check(standing.signer == receipt.signer, "grant", "is under a standing one of somebody else")
        given = standing.body.get("approve", {}).get("grant", {})
        check("standing" in given, "grant", "is under a decision that gave no standing one")
        message, grant = standing, given
    check(receipt.body["grant"] == message.id, "grant", "is not the one that the receipt names")
    return grant


def check_grant(grant: Any, terms: Any, receipt: Any) -> None:
    """Whether what was run is what was granted."""
    bounds = grant.get("once") or grant.get("standing")
    if "once" in grant:
        check(bounds["version"] == receipt["version"], "covers", "not: it is for another version")
    else:
        asked = terms["computation"]
        covered = set(computation.kinds(asked)) <= set(bounds["kinds"])
        covered = covered and set(computation.columns(asked)) <= set(bounds["columns"])
        covered = covered and ("parts" in bounds or not computation.in_parts(asked))
        covered = covered and terms["dataset"] == bounds["dataset"] and terms["purpose"] == bounds["purpose"]
        check(covered, "covers", "not: the standing grant is for something else")
    check(receipt["number"] <= bounds.get("uses", 1), "uses", "are spent before this run")
    check(bounds["from"] <= receipt["entry"]["started"] <= bounds["until"], "time", "of the run is outside the grant's")
    if "once" in grant and "released" in receipt["answer"]:
        answer = receipt["answer"]["released"]
        made = hashlib.sha256(b"halfdoor/outcome/1" + answer["salt"] + cbor.encode(answer["outcome"])).digest()
        check(made == bounds["outcome"], "outcome", "is not the one that was approved")


def check_logged(receipt: Any) -> None:
    entry = receipt["entry"]
    ran = {name: receipt[name] for name in ("grant", "request", "number")}
    item = hashlib.sha256(cbor.encode({"salt": entry["salt"], "time": entry["started"], "what": {"ran": ran}})).digest()
    head = Head.of(entry["head"])
    merkle.verify_inclusion(item, entry["index"], head.size, head.root, entry["inclusion"], "logged")


def check_later(later: Any, requester: bytes, owner: bytes, before: Head) -> Head:
    head = Head.of(later["head"])
    checkpoint.states(later["checkpoint"], owner, head, "later: checkpoint")
    sizes = before.size, before.root, head.size, head.root
    merkle.verify_consistency(*sizes, later["consistency"], "later: continues")
    check(before.size != head.size or before == head, "later: continues", "not: it is another head of the same size")
    cosign = open_as("cosign", later["cosign"], "later: cosigned")
    between = cosign.signer == requester and cosign.payload["audience"] == owner
    check(between, "later: cosigned", "is not by the requester to the owner")
    check(Head.of(cosign.body["head"]) == head, "later: cosigned", "is for another head")
    return head
