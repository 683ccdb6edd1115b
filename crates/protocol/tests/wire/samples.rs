//! One message of every type and form, with fixed keys, times and nonces: what the vectors and the tests are made of.

use data_encoding::BASE64;
use protocol::message::*;
use protocol::*;
use serde_bytes::ByteBuf;
use sha2::{Digest as _, Sha256};

/// Secret key of the owner, who sells nothing and decides everything.
pub(crate) const OWNER: [u8; 32] = [0x0A; 32];
/// Secret key of the requester.
pub(crate) const REQUESTER: [u8; 32] = [0x0B; 32];
/// 2026-01-02 03:04:05 UTC.
pub(crate) const NOW: UnixSeconds = 1_767_323_045;
pub(crate) const DAY: u64 = 24 * 3600;

/// A signed message of some type, with what a second implementation needs to make it again.
pub(crate) struct Sample {
    pub(crate) kind: &'static str,
    pub(crate) form: &'static str,
    pub(crate) secret: [u8; 32],
    pub(crate) payload: Vec<u8>,
    pub(crate) id: MessageId,
    pub(crate) envelope: Vec<u8>,
}

pub(crate) fn owner() -> IdentityKey {
    IdentityKey::from_secret(&OWNER)
}

pub(crate) fn requester() -> IdentityKey {
    IdentityKey::from_secret(&REQUESTER)
}

/// Thirty-two bytes that count up from `first`: told apart at a glance.
pub(crate) fn counting<const N: usize>(first: u8) -> [u8; N] {
    std::array::from_fn(|at| first.wrapping_add(at as u8))
}

pub(crate) fn payload<B: Body>(body: B, from: &IdentityKey, to: &IdentityKey) -> Payload<B> {
    Payload {
        nonce: Nonce(counting(0xA0)),
        sender: from.party(),
        audience: to.party(),
        created: NOW,
        expires: NOW + DAY,
        body,
    }
}

pub(crate) fn name(text: &str) -> Name {
    text.parse().expect(text)
}

pub(crate) fn terms() -> Terms {
    Terms {
        dataset: DatasetId(counting(0x10)),
        version: VersionHash(counting(0x20)),
        computation: Kind::Mean.over(name("amount")).expect("plain"),
        purpose: Purpose::CreditApplication,
        uses: 1,
        until: NOW + 7 * DAY,
    }
}

pub(crate) fn receipt() -> Receipt {
    Receipt {
        grant: MessageId(counting(0x30)),
        request: MessageId(counting(0x40)),
        number: 1,
        dataset: DatasetId(counting(0x10)),
        version: VersionHash(counting(0x20)),
        computation: Kind::Mean.over(name("amount")).expect("plain"),
        answer: Answer::Released {
            outcome: Outcome::Decimal("87.412500".parse().expect("decimal")),
            salt: Salt(counting(0x50)),
            notes: vec![Note::SelfAsserted],
        },
        engine: "halfdoor 0.1.0".to_owned(),
        computed: NOW,
        entry: RunEntry {
            index: 2,
            salt: Salt(counting(0x60)),
            started: NOW - 1,
            head: TreeHead { size: 3, root: Digest(counting(0x70)), epoch: None },
            inclusion: vec![Digest(counting(0x80))],
        },
    }
}

fn pointer() -> Pointer {
    Pointer {
        dataset: DatasetId(counting(0x10)),
        version: VersionHash(counting(0x20)),
        name: Commitment(counting(0x90)),
        description: Commitment(counting(0xB0)),
        columns: vec![
            Column { name: name("month"), of: ColumnType::Date },
            Column { name: name("amount"), of: ColumnType::Decimal(2) },
            Column { name: name("meter"), of: ColumnType::Integer },
            Column { name: name("supplier"), of: ColumnType::Text },
            Column { name: name("paid"), of: ColumnType::Boolean },
        ],
        rows: 48,
        vouched: Vouched::SelfAsserted,
    }
}

fn standing() -> Standing {
    Standing {
        dataset: DatasetId(counting(0x10)),
        kinds: vec![Kind::Mean, Kind::Count],
        columns: vec![name("amount")],
        purpose: Purpose::AccountReview,
        uses: 12,
        from: NOW,
        until: NOW + 365 * DAY,
        review: Review::None,
        parts: None,
    }
}

fn sample<B: Body>(form: &'static str, body: B, from: [u8; 32], to: [u8; 32]) -> Sample {
    let (from_key, to_key) = (IdentityKey::from_secret(&from), IdentityKey::from_secret(&to));
    let payload = payload(body, &from_key, &to_key);
    let signed = Signed::sign(payload.clone(), &from_key).expect(form);
    Sample {
        kind: B::KIND,
        form,
        secret: from,
        payload: cbor::to_vec(&payload).expect(form),
        id: signed.id(),
        envelope: signed.bytes().to_vec(),
    }
}

/// Every type, and every form that a type has.
pub(crate) fn all() -> Vec<Sample> {
    [session(), asking(), deciding(), running(), offering(), heads(), further()].into_iter().flatten().collect()
}

fn session() -> Vec<Sample> {
    let joined = Join {
        invite: MessageId(counting(1)),
        key: ExchangeKey(counting(2)),
        name: Commitment(counting(3)),
        proof: Digest(counting(4)),
    };
    let welcome = Welcome {
        join: MessageId(counting(5)),
        key: ExchangeKey(counting(6)),
        name: Commitment(counting(7)),
        proof: Digest(counting(8)),
    };
    let presence = Presence {
        peer: ByteBuf::from(counting::<38>(9)),
        mailbox: ExchangeKey(counting(10)),
        serial: 11,
        not_after: NOW + 7 * DAY,
    };
    vec![
        sample("join", joined, REQUESTER, OWNER),
        sample("welcome", welcome, OWNER, REQUESTER),
        sample("presence", presence, OWNER, REQUESTER),
    ]
}

fn asking() -> Vec<Sample> {
    let everything = CatalogAsk { search: String::new(), after: None };
    let next = CatalogAsk { search: "électricité".to_owned(), after: Some(DatasetId(counting(0x10))) };
    let page = CatalogAnswer { ask: MessageId(counting(1)), pointers: vec![pointer()], more: true };
    let empty = CatalogAnswer { ask: MessageId(counting(1)), pointers: vec![], more: false };
    let request = Request { terms: terms(), reason: Commitment(counting(2)), counter: None, grant: None };
    let accepting = Request { counter: Some(MessageId(counting(3))), ..request.clone() };
    let under = Request { grant: Some(MessageId(counting(4))), ..request.clone() };
    vec![
        sample("for everything", everything, REQUESTER, OWNER),
        sample("for a word, on the next page", next, REQUESTER, OWNER),
        sample("one pointer, more to come", page, OWNER, REQUESTER),
        sample("nothing", empty, OWNER, REQUESTER),
        sample("on its own", request, REQUESTER, OWNER),
        sample("accepting a counter-offer", accepting, REQUESTER, OWNER),
        sample("under a standing grant", under, REQUESTER, OWNER),
    ]
}

fn deciding() -> Vec<Sample> {
    let request = MessageId(counting(1));
    let approve = |grant| Decision::Approve(Approval { request, grant });
    let once = Once {
        version: VersionHash(counting(0x20)),
        outcome: Commitment(counting(2)),
        from: NOW,
        until: NOW + 7 * DAY,
    };
    let counter = Counter {
        request,
        proposal: Terms { computation: Kind::Count.over(name("amount")).expect("plain"), ..terms() },
        preview: Commitment(counting(3)),
        expires: NOW + 2 * DAY,
        because: Some(Commitment(counting(4))),
    };
    let deny = |because| Decision::Deny(Denial { request, because });
    let forms = [
        ("deny, silently", deny(None)),
        ("deny, with words", deny(Some(Commitment(counting(5))))),
        ("counter-offer", Decision::Counter(counter)),
        ("approve once", approve(Grant::Once(once))),
        ("approve, standing", approve(Grant::Standing(standing()))),
        ("approve under a standing grant", approve(Grant::Under(MessageId(counting(6))))),
    ];
    forms.into_iter().map(|(form, body)| sample(form, body, OWNER, REQUESTER)).collect()
}

fn running() -> Vec<Sample> {
    let run = Run { grant: MessageId(counting(1)), request: MessageId(counting(2)), number: 3 };
    let revoke = Revoke { decision: MessageId(counting(4)) };
    let withheld = Receipt { answer: Answer::NotReleased { reason: NotReleased::TooFewRows }, ..receipt() };
    vec![
        sample("run", run, REQUESTER, OWNER),
        sample("revoke", revoke, OWNER, REQUESTER),
        sample("an outcome released", receipt(), OWNER, REQUESTER),
        sample("nothing released", withheld, OWNER, REQUESTER),
    ]
}

fn offering() -> Vec<Sample> {
    let receipts = vec![MessageId(counting(1)), MessageId(counting(2))];
    let offer = Offer {
        kind: OfferKind::Offer,
        terms: Commitment(counting(3)),
        receipts: receipts.clone(),
        reasons: vec![],
        until: NOW + 14 * DAY,
    };
    let reason = OfferReason { receipt: MessageId(counting(2)), words: Commitment(counting(4)) };
    let refusal = Offer { kind: OfferKind::Refusal, reasons: vec![reason], ..offer.clone() };
    let reply = OfferReply { offer: MessageId(counting(5)), accepted: true };
    vec![
        sample("an offer", offer, REQUESTER, OWNER),
        sample("a refusal", refusal, REQUESTER, OWNER),
        sample("accepted", reply, OWNER, REQUESTER),
    ]
}

fn heads() -> Vec<Sample> {
    let head = TreeHead { size: 3, root: Digest(counting(1)), epoch: None };
    let ask = HeadAsk { since: 1, size: 3 };
    let checkpoint = checkpoint(&head);
    let consistency = vec![Digest(counting(2)), Digest(counting(3))];
    let shown = LogHead { head, since: 1, consistency, checkpoint, now: None, restored: None };
    let (earlier, anew) = (LogHead { now: Some(9), ..shown.clone() }, anew());
    let seen = anew.head;
    vec![
        sample("ask", ask, REQUESTER, OWNER),
        sample("head", shown, OWNER, REQUESTER),
        sample("cosigned", Cosign { head }, REQUESTER, OWNER),
        sample("an earlier head, asked for", earlier, OWNER, REQUESTER),
        sample("a head after a restored backup", anew, OWNER, REQUESTER),
        sample("cosigned in a later epoch", Cosign { head: seen }, REQUESTER, OWNER),
    ]
}

/// The head of a log that began anew from a backup of one entry.
fn anew() -> LogHead {
    let backup = TreeHead { size: 1, root: Digest(counting(4)), epoch: None };
    let inclusion = vec![Digest(counting(5)), Digest(counting(6))];
    let restored = Restoration { head: backup, salt: Salt(counting(0x60)), time: NOW - 1, inclusion };
    let head = TreeHead { size: 3, root: Digest(counting(1)), epoch: Some(restored.epoch().expect("an entry")) };
    let checkpoint = checkpoint(&head);
    LogHead { head, since: 0, consistency: vec![], checkpoint, now: None, restored: Some(restored) }
}

/// The head as a C2SP tlog-checkpoint of the owner, signed as a C2SP signed note: written out from the specifications.
pub(crate) fn checkpoint(head: &TreeHead) -> String {
    let party = owner().party();
    let epoch = head.epoch.map(|epoch| format!("/{}", &epoch.to_string()[..16])).unwrap_or_default();
    let name = format!("halfdoor/{party}{epoch}");
    let note = format!("{name}\n{}\n{}\n", head.size, BASE64.encode(&head.root.0));
    let id = Sha256::new().chain_update(&name).chain_update([0x0A, 0x01]).chain_update(party.0).finalize();
    let signature = [&id[..4], &owner().sign(note.as_bytes())].concat();
    format!("{note}\n\u{2014} {name} {}\n", BASE64.encode(&signature))
}

/// Messages with the computations and outcomes that came after the first ones.
fn further() -> Vec<Sample> {
    let ask = |form, computation| {
        let terms = Terms { computation, ..terms() };
        let request = Request { terms, reason: Commitment(counting(2)), counter: None, grant: None };
        sample(form, request, REQUESTER, OWNER)
    };
    let tell = |form, computation, outcome| {
        let notes = vec![Note::SelfAsserted];
        let answer = Answer::Released { outcome, salt: Salt(counting(0x50)), notes };
        sample(form, Receipt { computation, answer, ..receipt() }, OWNER, REQUESTER)
    };
    let parts = Standing { parts: Some(Parts::FiltersAndGroups), ..standing() };
    let grant = Grant::Standing(parts);
    let approved = Decision::Approve(Approval { request: MessageId(counting(1)), grant });
    let [by_month, histogram, above, band] = ["by month", "histogram", "above", "band"].map(computation);
    let attribute = computation("attribute");
    let listed = Kind::Attribute(AttributeName::NsfCount);
    let columns = LedgerColumn::ALL.map(|column| column.name().clone()).to_vec();
    let attributes = Standing { kinds: vec![listed, Kind::Above], columns, ..standing() };
    let attributes =
        Decision::Approve(Approval { request: MessageId(counting(1)), grant: Grant::Standing(attributes) });
    let month = |text: &str, value: &str| Group {
        key: GroupKey::Period(text.parse().expect(text)),
        value: Scalar::Decimal(decimal(value)),
    };
    let groups = Outcome::Groups(vec![month("2025-01", "61.400000"), month("2025-02", "58.150000")]);
    let edges = || vec![decimal("0"), decimal("50.00"), decimal("100.00")];
    let counts = vec![Tally::Count(7), Tally::Count(41)];
    let bins = Outcome::Histogram(Bins { edges: edges(), below: Tally::Few, counts, above: Tally::Few });
    vec![
        ask("for parts of the rows, month by month", by_month.clone()),
        ask("whether a number is above another", above.clone()),
        sample("approve, standing, for parts of the rows too", approved, OWNER, REQUESTER),
        tell("groups", by_month, groups),
        tell("a histogram", histogram, bins),
        tell("yes", above, Outcome::Holds(true)),
        ask("for a credit attribute", attribute.clone()),
        sample("approve, standing, for a credit attribute", attributes, OWNER, REQUESTER),
        tell("a credit attribute", attribute, Outcome::Count(1)),
        tell("a band", band, Outcome::Band(InBand { index: 1, edges: edges() })),
    ]
}

pub(crate) fn decimal(text: &str) -> Decimal {
    text.parse().expect(text)
}

/// Computations with parameters, by what they show.
pub(crate) fn computations() -> Vec<(&'static str, Computation)> {
    let amount = || OnColumn::all(name("amount"));
    let is = |column, is| Condition { column: name(column), is };
    let words = |words: &[&str]| words.iter().map(|word| Value::Text(name(word))).collect();
    let day = |text: &str| Value::Date(text.parse().expect(text));
    let year = Between { from: day("2025-01-01"), to: day("2025-12-31") };
    let edges = || vec![decimal("0"), decimal("50.00"), decimal("100.00")];
    let of = || Box::new(Computation::Mean(amount()));
    let filter = vec![
        is("month", Comparison::Between(year)),
        is("amount", Comparison::More(Value::Number(decimal("-12.50")))),
        is("supplier", Comparison::OneOf(words(&["gas", "power"]))),
        is("paid", Comparison::Equal(Value::Boolean(true))),
    ];
    let that = vec![is("amount", Comparison::AtMost(Value::Number(decimal("60"))))];
    let group = GroupBy { column: name("month"), every: Some(Every::Month) };
    let by_month = OnColumn { filter: filter.clone(), group: Some(group), ..amount() };
    let by_word = GroupBy { column: name("supplier"), every: None };
    let asked = |name: &str| Attribute::new(AttributeName::named(name).expect(name));
    let rent = Attribute {
        months: Some(12),
        due: Some(Due { day: 3, grace: 5 }),
        words: vec![name("Mrs Miller"), name("Garden Lane")],
        as_of: Some("2025-12-31".parse().expect("a date")),
        currency: Some(name("EUR")),
        account: Some(name("0123456789abcdef")),
        ..asked("rent_on_time_ratio")
    };
    let overdrawn = Box::new(Computation::Attribute(Attribute { days: Some(90), ..asked("overdraft_count") }));
    vec![
        ("quantile", Computation::Quantile(Quantile { on: amount(), p: decimal("0.95") })),
        ("distinct", Computation::Distinct(OnColumn::all(name("supplier")))),
        ("histogram", Computation::Histogram(Histogram { on: amount(), edges: edges() })),
        ("trend", Computation::Trend(Trend { on: amount(), over: name("month"), per: Per::Month })),
        ("share", Computation::Share(Share { that, filter: vec![], group: Some(by_word) })),
        ("filter", Computation::Sum(OnColumn { filter, ..amount() })),
        ("by month", Computation::Mean(by_month)),
        ("above", Computation::Above(Threshold { of: of(), than: decimal("50") })),
        ("below", Computation::Below(Threshold { of: of(), than: decimal("50") })),
        ("band", Computation::Band(Bands { of: of(), edges: edges() })),
        ("rounded", Computation::Rounded(Rounding { of: of(), to: decimal("10") })),
        ("attribute", Computation::Attribute(Attribute { days: Some(90), ..asked("nsf_count") })),
        ("history", Computation::Attribute(asked("months_of_history"))),
        ("rent", Computation::Attribute(rent)),
        ("attribute below", Computation::Below(Threshold { of: overdrawn, than: decimal("2") })),
    ]
}

fn computation(named: &str) -> Computation {
    let found = computations().into_iter().find(|(name, _)| *name == named);
    found.map(|(_, computation)| computation).expect(named)
}
