use super::*;
use crate::{
    Column, ColumnType, Commitment, DatasetId, Digest, ExchangeKey, Frame, IdentityKey, Kind, Name, Nonce, Outcome,
    Payload, Salt, Text, VersionHash, envelope::Invalid, limits,
};
use serde_bytes::ByteBuf;

const NOW: UnixSeconds = 1_767_323_045;

fn signed<B: Body>(body: B) -> Result<Signed<B>, MessageError> {
    let (from, to) = (IdentityKey::from_secret(&[1; 32]), IdentityKey::from_secret(&[2; 32]));
    let (sender, audience) = (from.party(), to.party());
    Signed::sign(Payload { nonce: Nonce([3; 16]), sender, audience, created: NOW, expires: NOW + 60, body }, &from)
}

/// The field that a refusal names; empty when there is none.
fn fault<B: Body>(body: B) -> &'static str {
    match signed(body) {
        Ok(_) => "",
        Err(MessageError::Invalid(Invalid { field, .. })) => field,
        Err(other) => panic!("{other}"),
    }
}

fn name(text: &str) -> Name {
    text.parse().expect(text)
}

fn id(first: u8) -> MessageId {
    MessageId([first; 32])
}

fn terms() -> Terms {
    Terms {
        dataset: DatasetId([1; 16]),
        version: VersionHash([2; 32]),
        computation: Kind::Mean.over(name("amount")).unwrap(),
        purpose: Purpose::Rental,
        uses: 1,
        until: NOW + 60,
    }
}

fn standing() -> Standing {
    Standing {
        dataset: DatasetId([1; 16]),
        kinds: vec![Kind::Mean, Kind::Sum],
        columns: vec![name("amount")],
        purpose: Purpose::Rental,
        uses: 5,
        from: NOW,
        until: NOW + 60,
        review: Review::Each,
        parts: None,
    }
}

fn approve(grant: Grant) -> Decision {
    Decision::Approve(Approval { request: id(1), grant })
}

fn column(at: usize) -> Column {
    Column { name: name(&format!("{at:064}")), of: ColumnType::Decimal(2) }
}

fn pointer(first: u8, columns: usize) -> Pointer {
    Pointer {
        dataset: DatasetId([first; 16]),
        version: VersionHash([2; 32]),
        name: Commitment([3; 32]),
        description: Commitment([4; 32]),
        columns: (0..columns).map(column).collect(),
        rows: u64::MAX,
        vouched: Vouched::SelfAsserted,
    }
}

fn page(pointers: Vec<Pointer>) -> CatalogAnswer {
    CatalogAnswer { ask: id(1), pointers, more: false }
}

fn receipt() -> Receipt {
    Receipt {
        grant: id(1),
        request: id(2),
        number: 1,
        dataset: DatasetId([1; 16]),
        version: VersionHash([2; 32]),
        computation: Kind::Mean.over(name("amount")).unwrap(),
        answer: Answer::Released { outcome: Outcome::Count(1), salt: Salt([5; 16]), notes: vec![Note::FewRows] },
        engine: "halfdoor 0.1.0".to_owned(),
        computed: NOW,
        entry: RunEntry {
            index: 0,
            salt: Salt([6; 16]),
            started: NOW,
            head: TreeHead { size: 1, root: Digest([7; 32]), epoch: None },
            inclusion: vec![],
        },
    }
}

fn offer() -> Offer {
    Offer {
        kind: OfferKind::Offer,
        terms: Commitment([1; 32]),
        receipts: vec![id(1)],
        reasons: vec![],
        until: NOW + 60,
    }
}

fn shown() -> LogHead {
    LogHead {
        head: TreeHead { size: 2, root: Digest([1; 32]), epoch: None },
        since: 0,
        consistency: vec![],
        checkpoint: String::new(),
        now: None,
        restored: None,
    }
}

#[test]
fn a_presence_is_believed_for_at_most_seven_days_after_its_making() {
    let lives = |life: u64| {
        let peer = ByteBuf::from([1; 38]);
        fault(Presence { peer, mailbox: ExchangeKey([2; 32]), serial: 1, not_after: NOW + life })
    };
    assert_eq!((lives(1), lives(limits::PRESENCE_SECONDS)), ("", ""));
    assert_eq!((lives(0), lives(limits::PRESENCE_SECONDS + 1)), ("not_after", "not_after"));
}

#[test]
fn a_presence_names_a_peer_of_1_to_64_bytes() {
    let peer = |length: usize| {
        let peer = ByteBuf::from(vec![1; length]);
        fault(Presence { peer, mailbox: ExchangeKey([2; 32]), serial: 1, not_after: NOW + 1 })
    };
    assert_eq!((peer(0), peer(1), peer(64), peer(65)), ("peer", "", "", "peer"));
}

#[test]
fn a_search_is_short_and_plain() {
    let search = |text: &str| fault(CatalogAsk { search: text.to_owned(), after: None });
    assert_eq!((search(""), search("Strom & Gas"), search(&"a".repeat(64))), ("", "", ""));
    for bad in [&"a".repeat(65), "a\u{202E}b", "a\nb", "\u{1B}[2J", "\u{200B}", "\0"] {
        assert_eq!(search(bad), "search", "{bad:?}");
    }
}

#[test]
fn pointers_are_in_order_and_none_is_there_twice() {
    assert_eq!(fault(page(vec![pointer(1, 1), pointer(2, 1)])), "");
    assert_eq!(fault(page(vec![pointer(2, 1), pointer(1, 1)])), "pointers");
    assert_eq!(fault(page(vec![pointer(1, 1), pointer(1, 1)])), "pointers");
    assert_eq!(fault(page((0..33).map(|at| pointer(at, 1)).collect())), "pointers");
}

#[test]
fn a_pointer_has_1_to_64_columns_each_name_once() {
    let columns = |columns: Vec<Column>| fault(page(vec![Pointer { columns, ..pointer(1, 0) }]));
    assert_eq!((columns(vec![]), columns(vec![column(1)])), ("columns", ""));
    assert_eq!(columns((0..65).map(column).collect()), "columns");
    assert_eq!(columns(vec![column(1), Column { of: ColumnType::Text, ..column(1) }]), "columns");
    let scale = |scale| columns(vec![Column { of: ColumnType::Decimal(scale), ..column(1) }]);
    assert_eq!((scale(limits::CELL_SCALE), scale(limits::CELL_SCALE + 1)), ("", "columns"));
}

#[test]
fn a_pointer_with_every_column_there_can_be_fits_a_frame() {
    let answer = signed(page(vec![pointer(1, limits::COLUMNS)])).expect("fits");
    let text = |length: usize| Text::new(&"a".repeat(length), Salt([1; 16])).expect("plain");
    let texts = vec![text(limits::NAME_BYTES), text(limits::TEXT_BYTES)];
    assert!(Frame::new(answer.bytes(), texts).to_vec().is_ok());
}

#[test]
fn a_page_of_more_columns_than_a_frame_holds_is_refused_by_its_size_and_not_by_its_items() {
    let full = page((0..32).map(|at| pointer(at, limits::COLUMNS)).collect());
    assert!(crate::cbor::to_vec(&full).is_ok());
    assert!(matches!(signed(full), Err(MessageError::Envelope(crate::EnvelopeError::TooLarge))));
}

#[test]
fn a_request_asks_for_1_to_10_000_uses() {
    let uses = |uses| {
        let terms = Terms { uses, ..terms() };
        fault(Request { terms, reason: Commitment([1; 32]), counter: None, grant: None })
    };
    assert_eq!((uses(0), uses(1), uses(10_000), uses(10_001)), ("uses", "", "", "uses"));
}

#[test]
fn a_request_does_not_rest_on_a_counter_offer_and_a_grant_at_once() {
    let request = Request { terms: terms(), reason: Commitment([1; 32]), counter: Some(id(1)), grant: Some(id(2)) };
    assert_eq!(fault(request), "grant");
}

#[test]
fn a_counter_offer_is_a_request_that_could_be_made() {
    let proposal = Terms { uses: 0, ..terms() };
    let counter = Counter { request: id(1), proposal, preview: Commitment([1; 32]), expires: NOW, because: None };
    assert_eq!(fault(Decision::Counter(counter)), "uses");
}

#[test]
fn a_grant_ends_after_it_begins() {
    let once = |from, until| {
        fault(approve(Grant::Once(Once { version: VersionHash([1; 32]), outcome: Commitment([2; 32]), from, until })))
    };
    assert_eq!((once(NOW, NOW + 1), once(NOW, NOW), once(NOW, NOW - 1)), ("", "until", "until"));
    assert_eq!(fault(approve(Grant::Standing(Standing { until: NOW, ..standing() }))), "until");
}

#[test]
fn a_standing_grant_names_what_it_allows_each_once_and_how_often() {
    let fault = |change: fn(&mut Standing)| {
        let mut standing = standing();
        change(&mut standing);
        fault(approve(Grant::Standing(standing)))
    };
    assert_eq!(fault(|_| {}), "");
    assert_eq!((fault(|s| s.uses = 0), fault(|s| s.uses = 10_001)), ("uses", "uses"));
    assert_eq!((fault(|s| s.kinds.clear()), fault(|s| s.kinds.push(Kind::Mean))), ("kinds", "kinds"));
    assert_eq!(fault(|s| s.columns.clear()), "columns");
    assert_eq!(fault(|s| s.columns.push(name("amount"))), "columns");
    assert_eq!(fault(|s| s.columns = (0..65).map(|at| column(at).name).collect()), "columns");
}

#[test]
fn a_standing_grant_covers_what_it_names_and_nothing_else() {
    let covers = |change: fn(&mut Terms)| {
        let mut terms = terms();
        change(&mut terms);
        standing().covers(&terms)
    };
    assert!(covers(|_| {}) && covers(|t| t.version = VersionHash([9; 32])));
    assert!(!covers(|t| t.dataset = DatasetId([9; 16])));
    assert!(!covers(|t| t.purpose = Purpose::Research));
    assert!(!covers(|t| t.computation = Kind::Max.over(name("amount")).unwrap()));
    assert!(!covers(|t| t.computation = Kind::Mean.over(name("balance")).unwrap()));
}

#[test]
fn runs_are_numbered_from_1_to_10_000() {
    let run = |number| fault(Run { grant: id(1), request: id(2), number });
    assert_eq!((run(0), run(1), run(10_000), run(10_001)), ("number", "", "", "number"));
    let receipt = |number| fault(Receipt { number, ..receipt() });
    assert_eq!((receipt(0), receipt(1), receipt(10_000), receipt(10_001)), ("number", "", "", "number"));
}

#[test]
fn a_receipt_names_its_engine_plainly_and_stands_in_its_log() {
    let fault = |change: fn(&mut Receipt)| {
        let mut receipt = receipt();
        change(&mut receipt);
        fault(receipt)
    };
    assert_eq!(fault(|_| {}), "");
    for engine in
        [fault(|r| r.engine.clear()), fault(|r| r.engine = "a".repeat(65)), fault(|r| r.engine = "\u{1B}[2J".into())]
    {
        assert_eq!(engine, "engine");
    }
    assert_eq!(fault(|r| r.entry.index = 1), "entry");
    assert_eq!(fault(|r| r.entry.inclusion = vec![Digest([0; 32]); 66]), "inclusion");
    let notes = |notes| Answer::Released { outcome: Outcome::Count(1), salt: Salt([0; 16]), notes };
    let (one, other) = (receipt(), receipt());
    assert_eq!(super::tests::fault(Receipt { answer: notes(vec![Note::FewRows, Note::IsARow]), ..one }), "");
    assert_eq!(super::tests::fault(Receipt { answer: notes(vec![Note::FewRows; 2]), ..other }), "notes");
}

#[test]
fn an_offer_has_no_reasons_and_a_refusal_has_up_to_four_each_tied_to_a_receipt() {
    let reason = |receipt| OfferReason { receipt: id(receipt), words: Commitment([1; 32]) };
    let refusal = |reasons| fault(Offer { kind: OfferKind::Refusal, reasons, ..offer() });
    assert_eq!(fault(offer()), "");
    assert_eq!(fault(Offer { reasons: vec![reason(1)], ..offer() }), "reasons");
    assert_eq!((refusal(vec![]), refusal(vec![reason(1)]), refusal(vec![reason(2)])), ("reasons", "", "reasons"));
    assert_eq!((refusal(vec![reason(1); 4]), refusal(vec![reason(1); 5])), ("", "reasons"));
    let receipts = |receipts| fault(Offer { receipts, ..offer() });
    assert_eq!((receipts(vec![]), receipts(vec![id(1); 2])), ("receipts", "receipts"));
    assert_eq!(receipts((0..33).map(id).collect()), "receipts");
}

#[test]
fn a_head_continues_a_log_that_has_begun_and_proves_only_what_needs_proof() {
    let fault = |change: fn(&mut LogHead)| {
        let mut shown = shown();
        change(&mut shown);
        fault(shown)
    };
    assert_eq!(fault(|_| {}), "");
    assert_eq!(fault(|h| (h.since, h.consistency) = (1, vec![Digest([0; 32])])), "");
    assert_eq!(fault(|h| h.head.size = 0), "head");
    assert_eq!(fault(|h| h.since = 3), "since");
    assert_eq!(fault(|h| h.consistency = vec![Digest([0; 32])]), "consistency");
    assert_eq!(fault(|h| (h.since, h.consistency) = (2, vec![Digest([0; 32])])), "consistency");
    assert_eq!(fault(|h| (h.since, h.consistency) = (1, vec![Digest([0; 32]); 66])), "consistency");
    for bad in [
        fault(|h| h.checkpoint = "a".repeat(513)),
        fault(|h| h.checkpoint = "a\r\n".into()),
        fault(|h| h.checkpoint = "\u{202E}".into()),
    ] {
        assert_eq!(bad, "checkpoint");
    }
    assert_eq!(super::tests::fault(Cosign { head: TreeHead { size: 0, root: Digest([0; 32]), epoch: None } }), "head");
    assert_eq!(super::tests::fault(HeadAsk { since: 2, size: 1 }), "since");
}

#[test]
fn what_may_wait_in_a_mailbox_fits_there_at_its_largest() {
    let text = || Text::new(&"a".repeat(limits::TEXT_BYTES), Salt([1; 16])).expect("plain");
    let fits = |bytes: &[u8], texts: usize| {
        let frame = Frame::new(bytes, vec![text(); texts]).to_vec().expect("fits a frame");
        assert!(frame.len() <= limits::MAILBOX_MESSAGE_BYTES, "{} bytes", frame.len());
    };
    let columns = (0..limits::STANDING_ITEMS).map(|at| column(at).name).collect();
    let widest = Standing { kinds: Kind::ALL.to_vec(), columns, ..standing() };
    fits(signed(approve(Grant::Standing(widest))).expect("a decision").bytes(), 1);
    let entry = RunEntry { inclusion: vec![Digest([0; 32]); limits::PROOF_HASHES], ..receipt().entry };
    fits(signed(Receipt { entry, ..receipt() }).expect("a receipt").bytes(), 0);
    let reason = OfferReason { receipt: id(0), words: Commitment([0; 32]) };
    let receipts = (0..32).map(id).collect();
    let refusal = Offer { kind: OfferKind::Refusal, receipts, reasons: vec![reason; limits::OFFER_REASONS], ..offer() };
    fits(signed(refusal).expect("a refusal").bytes(), 1 + limits::OFFER_REASONS);
    let consistency = vec![Digest([0; 32]); limits::PROOF_HASHES];
    let checkpoint = "a".repeat(limits::CHECKPOINT_BYTES);
    fits(signed(LogHead { since: 1, consistency, checkpoint, ..shown() }).expect("a head").bytes(), 0);
}

#[test]
fn every_purpose_is_found_by_its_word_which_is_its_word_on_the_wire() {
    for purpose in Purpose::ALL {
        assert_eq!(Purpose::named(purpose.name()), Some(purpose));
        assert_eq!(Purpose::named(&purpose.name().replace('_', "-")), Some(purpose));
        let word = crate::cbor::to_vec(purpose.name()).expect("encodes");
        assert_eq!(crate::cbor::to_vec(&purpose).expect("encodes"), word);
    }
    assert_eq!(Purpose::named("marketing"), None);
}

#[test]
fn an_outcomes_commitment_changes_with_outcome_and_salt() {
    let commit = |outcome: Outcome, salt| outcome.commitment(&Salt([salt; 16])).expect("encodes");
    let twelve = || Outcome::Decimal("12".parse().expect("decimal"));
    assert_eq!(commit(twelve(), 1), commit(twelve(), 1));
    assert_ne!(commit(twelve(), 1), commit(twelve(), 2));
    assert_ne!(commit(twelve(), 1), commit(Outcome::Count(12), 1));
    assert_ne!(commit(twelve(), 1), commit(Outcome::Decimal("12.0".parse().expect("decimal")), 1));
}

fn decimal(text: &str) -> crate::Decimal {
    text.parse().expect(text)
}

#[test]
fn a_standing_grant_covers_parts_of_the_rows_only_where_it_says_so_and_lists_their_columns() {
    let is = crate::Comparison::More(crate::Value::Number(decimal("1")));
    let asks = |filter: &str, group: Option<&str>| {
        let group = group.map(|column| crate::GroupBy { column: name(column), every: None });
        let filter = vec![crate::Condition { column: name(filter), is: is.clone() }];
        let computation = Kind::Mean.on(crate::OnColumn { column: name("amount"), filter, group }).unwrap();
        Terms { computation, ..terms() }
    };
    let parts = Standing { parts: Some(Parts::FiltersAndGroups), ..standing() };
    assert!(!standing().covers(&asks("amount", None)));
    assert!(parts.covers(&asks("amount", None)) && parts.covers(&terms()));
    assert!(!parts.covers(&asks("balance", None)) && !parts.covers(&asks("amount", Some("balance"))));
}

#[test]
fn a_standing_grant_covers_a_question_only_if_it_lists_it_and_its_statistic() {
    let of = Box::new(terms().computation);
    let computation = crate::Computation::Above(crate::Threshold { of, than: decimal("50") });
    let terms = Terms { computation, ..terms() };
    let with = |kinds: &[Kind]| Standing { kinds: kinds.to_vec(), ..standing() }.covers(&terms);
    assert!(with(&[Kind::Above, Kind::Mean]));
    assert!(!with(&[Kind::Above]) && !with(&[Kind::Mean]) && !with(&[Kind::Above, Kind::Sum]));
}

#[test]
fn a_standing_grant_covers_an_attribute_only_by_its_name_and_by_custom() {
    use crate::{Attribute, AttributeName as A, Computation, LedgerColumn};
    let asks = |attribute| Terms { computation: Computation::Attribute(attribute), ..terms() };
    let nsf = |days| asks(Attribute { days: Some(days), ..Attribute::new(A::NsfCount) });
    let columns = LedgerColumn::ALL.map(|column| column.name().clone()).to_vec();
    let listing = |kinds: &[Kind]| Standing { kinds: kinds.to_vec(), columns: columns.clone(), ..standing() };
    let given = listing(&[Kind::Attribute(A::NsfCount)]);
    assert!(given.covers(&nsf(90)) && given.covers(&nsf(30)));
    let overdrafts = asks(Attribute { days: Some(90), ..Attribute::new(A::OverdraftCount) });
    assert!(!given.covers(&overdrafts) && !listing(&[Kind::Count, Kind::Share]).covers(&nsf(90)));
    // by another window than by custom only with parts
    let parts = Standing { parts: Some(Parts::FiltersAndGroups), ..given.clone() };
    assert!(!given.covers(&nsf(89)) && parts.covers(&nsf(89)));
    let fewer = Standing { columns: vec![name("amount"), name("date")], ..given };
    assert!(!fewer.covers(&nsf(90)));
}

#[test]
fn the_largest_outcome_beside_the_largest_computation_waits_in_a_mailbox() {
    let wide = |at: usize| name(&format!("{at:064}"));
    let digits = decimal(&format!("-0.{}", "9".repeat(38)));
    let groups = (0..limits::GROUPS)
        .map(|at| crate::Group { key: crate::GroupKey::Text(wide(at)), value: crate::Scalar::Decimal(digits) })
        .collect();
    let text = |count: usize| (0..count).map(|at| crate::Value::Text(wide(at))).collect();
    let filter = vec![crate::Condition { column: wide(0), is: crate::Comparison::OneOf(text(32)) }];
    let computation = Kind::Mean.on(crate::OnColumn { column: wide(1), filter, group: None }).unwrap();
    assert!(crate::cbor::to_vec(&computation).unwrap().len() > limits::COMPUTATION_BYTES * 3 / 4);
    let answer = Answer::Released {
        outcome: Outcome::Groups(groups),
        salt: Salt([5; 16]),
        notes: vec![Note::FewRows, Note::IsARow, Note::SelfAsserted],
    };
    let entry = RunEntry { inclusion: vec![Digest([0; 32]); limits::PROOF_HASHES], ..receipt().entry };
    let engine = "a".repeat(limits::NAME_BYTES);
    let signed = signed(Receipt { answer, computation, entry, engine, ..receipt() }).unwrap();
    let frame = Frame::new(signed.bytes(), vec![]).to_vec().unwrap();
    let spare = limits::COMPUTATION_BYTES / 4;
    assert!(frame.len() + spare <= limits::MAILBOX_MESSAGE_BYTES, "{} bytes", frame.len());
}
