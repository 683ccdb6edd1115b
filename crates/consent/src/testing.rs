//! Parties over records in memory, and what they do to each other: for the tests beside each file and, included by its
//! path, for the simulation.

use consent::{
    ConsentError, Context, Draft, Effect, Notice, Outline, Path, datasets, ledger, log, outbox,
    owner::{self, Approve, Computed, Finished},
    people, receive,
    record::{
        DatasetRecord, DecisionRecord, GrantRecord, Preview, Previewed, ReleaseRecord, RequestRecord, Visibility,
    },
    requester,
    view::MemoryView,
};
use protocol::{
    Ack, Body, Column, ColumnType, Computation, DatasetId, Decimal, Frame, IdentityKey, Kind, MessageId, Nonce,
    Outcome, PartyId, Payload, RelayHint, Salt, Signed, SignedInvite, Text, UnixSeconds, VersionHash,
    message::{Purpose, Terms},
};
use serde_bytes::ByteBuf;
use std::rc::Rc;

/// When every test begins.
pub(crate) const START: UnixSeconds = 1_750_000_000;
/// One hour, in seconds.
pub(crate) const HOUR: u64 = 3600;
/// The owner's dataset.
pub(crate) const BILLS: DatasetId = DatasetId([0xD5; 16]);

/// Somebody with a key, records, a clock and a place.
#[derive(Clone)]
pub(crate) struct Party {
    pub(crate) key: Rc<IdentityKey>,
    pub(crate) view: MemoryView,
    pub(crate) clock: UnixSeconds,
    pub(crate) peer: Vec<u8>,
    /// What was to happen after what became durable, in order; tests take from it.
    pub(crate) effects: Vec<Effect>,
    calls: u64,
    byte: u8,
}

impl Party {
    /// A new home; `byte` tells parties apart.
    pub(crate) fn new(byte: u8, name: &str) -> Self {
        let mut party = Self {
            key: Rc::new(IdentityKey::from_secret(&[byte; 32])),
            view: MemoryView::default(),
            clock: START,
            peer: vec![0, 36, byte],
            effects: Vec::new(),
            calls: 0,
            byte,
        };
        party.act(|draft, context| people::begin(draft, context, name.parse().unwrap())).unwrap();
        party
    }

    pub(crate) fn id(&self) -> PartyId {
        self.key.party()
    }

    /// Bytes that differ with every call and party: what the operating system's randomness is elsewhere.
    fn fresh(&mut self) -> [u8; 32] {
        self.calls += 1;
        let mut seed = [self.byte; 32];
        seed[..8].copy_from_slice(&self.calls.to_be_bytes());
        seed
    }

    /// Lets a handler decide and keeps nothing: a crash before the draft was durable, unless the outline is kept.
    pub(crate) fn draft<T>(
        &mut self,
        handler: impl FnOnce(&mut Draft<'_>, &mut Context<'_>) -> Result<T, ConsentError>,
    ) -> Result<(T, Outline), ConsentError> {
        let (seed, key) = (self.fresh(), Rc::clone(&self.key));
        let mut context = Context::new(self.clock, &key, seed);
        let mut draft = Draft::over(&self.view);
        let value = handler(&mut draft, &mut context)?;
        Ok((value, draft.finish()))
    }

    /// Makes an outline durable.
    pub(crate) fn keep(&mut self, outline: Outline) {
        self.view.apply(outline.changes);
        self.effects.extend(outline.effects);
    }

    /// Lets a handler decide and makes it durable; an error changes nothing.
    pub(crate) fn act<T>(
        &mut self,
        handler: impl FnOnce(&mut Draft<'_>, &mut Context<'_>) -> Result<T, ConsentError>,
    ) -> Result<T, ConsentError> {
        let (value, outline) = self.draft(handler)?;
        self.keep(outline);
        Ok(value)
    }

    pub(crate) fn read<T>(&self, ask: impl FnOnce(&Draft<'_>) -> Result<T, ConsentError>) -> T {
        ask(&Draft::over(&self.view)).unwrap()
    }

    pub(crate) fn record<R: consent::record::Record>(&self, key: &[u8]) -> R {
        self.read(|draft| draft.need(key))
    }

    pub(crate) fn request(&self, id: &MessageId) -> RequestRecord {
        self.record(&id.0)
    }

    pub(crate) fn grant(&self, id: &MessageId) -> GrantRecord {
        self.record(&id.0)
    }

    /// The decision on a request.
    pub(crate) fn decision(&self, request: &MessageId) -> (MessageId, DecisionRecord) {
        let id = self.request(request).decision.unwrap();
        (id, self.record(&id.0))
    }

    /// Takes a frame that came from a transport peer, and makes what that led to durable.
    pub(crate) fn take_from(&mut self, frame: &Frame, peer: &[u8]) -> Ack {
        let mine = self.peer.clone();
        let path = Path { mine: &mine, theirs: peer };
        self.act(|draft, context| receive(draft, context, frame, path)).unwrap()
    }

    /// Takes a frame from somebody at their own place.
    pub(crate) fn take(&mut self, frame: &Frame, from: &Party) -> Ack {
        self.take_from(frame, &from.peer)
    }

    /// Something of any form, signed by this party, with the texts that travel beside it.
    pub(crate) fn sign<B: Body>(&mut self, to: &PartyId, body: B) -> Signed<B> {
        let mut nonce = Nonce([0; 16]);
        nonce.0.copy_from_slice(&self.fresh()[..16]);
        let (sender, created) = (self.id(), self.clock);
        let payload = Payload { nonce, sender, audience: *to, created, expires: created + HOUR, body };
        Signed::sign(payload, &self.key).unwrap()
    }

    /// The same, as a frame without texts.
    pub(crate) fn say<B: Body>(&mut self, to: &PartyId, body: B) -> Frame {
        Frame::new(self.sign(to, body).bytes(), vec![])
    }

    /// What is owed to somebody next, released if that is what handing it over means.
    pub(crate) fn next(&mut self, to: &PartyId) -> Option<outbox::Outgoing> {
        let next = self.read(|draft| outbox::next(draft, to))?;
        if next.releases {
            self.act(|draft, context| outbox::release(draft, context, &next.key)).unwrap();
        }
        Some(next)
    }

    pub(crate) fn settle(&mut self, to: &PartyId, key: &[u8], ack: &Ack) {
        self.act(|draft, _| outbox::settle(draft, to, key, ack)).unwrap();
    }

    /// Stores a version of the bills, visible to everyone.
    pub(crate) fn store(&mut self, version: VersionHash) {
        self.store_as(BILLS, &bills(version));
    }

    pub(crate) fn store_as(&mut self, dataset: DatasetId, record: &DatasetRecord) {
        self.act(|draft, context| datasets::stored(draft, context, dataset, record)).unwrap();
    }

    /// The prompt of a request is opened and shows this.
    pub(crate) fn look(&mut self, request: &MessageId, outcome: Outcome) -> String {
        let terms = self.request(request).open().unwrap().body().terms.clone();
        let preview = value(terms.computation, terms.version, outcome);
        self.act(|draft, _| owner::keep_preview(draft, request, preview)).unwrap()
    }

    /// The owner looks and says yes once; returns the grant.
    pub(crate) fn approve(&mut self, request: &MessageId, outcome: Outcome) -> MessageId {
        self.approve_as(request, outcome, Approve::default())
    }

    pub(crate) fn approve_as(&mut self, request: &MessageId, outcome: Outcome, choice: Approve) -> MessageId {
        let code = self.look(request, outcome);
        let choice = Approve { code, ..choice };
        self.act(|draft, context| owner::approve(draft, context, request, &choice)).unwrap();
        self.request(request).grant.unwrap()
    }

    /// An outcome of the bills was released to somebody.
    pub(crate) fn was_told(&mut self, party: &PartyId, kind: Kind) {
        let record = ReleaseRecord {
            party: *party,
            request: MessageId([8; 32]),
            dataset: BILLS,
            version: version(1),
            computation: on(kind, "amount"),
            outcome: euros("84.50"),
            at: self.clock,
            pieces: 0,
            despite: false,
        };
        let release = ledger::Release { record, told: vec![7; 10] };
        self.act(|draft, _| {
            ledger::place(draft, &BILLS, &BILLS, b"who the rows are", &[])?;
            ledger::keep(draft, &BILLS, release)
        })
        .unwrap();
    }

    pub(crate) fn revoke(&mut self, decision: &MessageId) {
        self.act(|draft, context| owner::revoke(draft, context, decision)).unwrap();
    }

    /// Computes every run begun and not finished, all to this outcome over this version.
    pub(crate) fn compute(&mut self, outcome: &Outcome, version: VersionHash) {
        for (grant, number) in self.read(owner::unfinished) {
            let finished = finished(outcome.clone(), version);
            self.act(|draft, context| owner::computed(draft, context, &grant, number, finished)).unwrap();
        }
    }

    /// Asks somebody; the request waits in the outbox.
    pub(crate) fn ask(&mut self, of: &PartyId, terms: Terms) -> MessageId {
        self.ask_under(of, terms, None)
    }

    pub(crate) fn ask_under(&mut self, of: &PartyId, terms: Terms, grant: Option<MessageId>) -> MessageId {
        let expires = self.clock + 24 * HOUR;
        self.act(|draft, context| requester::request(draft, context, of, terms, "to lend you money", grant, expires))
            .unwrap()
    }

    pub(crate) fn run(&mut self, request: &MessageId) {
        self.act(|draft, context| requester::run(draft, context, request)).unwrap();
    }

    /// The clock goes on.
    pub(crate) fn wait(&mut self, seconds: u64) {
        self.clock += seconds;
    }

    pub(crate) fn noticed(&self, notice: Notice) -> bool {
        self.effects.contains(&Effect::Notify(notice))
    }

    /// What happened, as the log tells it.
    pub(crate) fn events(&self) -> Vec<protocol::Event> {
        let size = self.read(log::size);
        (0..size).map(|index| self.read(|draft| log::entry(draft, index)).what).collect()
    }
}

/// Sends the next thing owed, if anything is; the answer comes back.
pub(crate) fn send(from: &mut Party, to: &mut Party) -> Option<Ack> {
    let next = from.next(&to.id())?;
    let ack = to.take(&next.frame, from);
    from.settle(&to.id(), &next.key, &ack);
    Some(ack)
}

/// Sends everything owed in both directions until nothing is; returns every refusal on the way.
pub(crate) fn exchange(a: &mut Party, b: &mut Party) -> Vec<protocol::Refusal> {
    let mut refusals = Vec::new();
    for _ in 0..100 {
        let answers = [send(a, b), send(b, a)];
        if answers.iter().all(Option::is_none) {
            return refusals;
        }
        refusals.extend(answers.into_iter().flatten().filter_map(|ack| match ack {
            Ack::Refused(refusal) => Some(refusal),
            _ => None,
        }));
    }
    panic!("the two parties never come to an end");
}

/// An invite for that many people, of one day.
pub(crate) fn invite(inviter: &mut Party, uses: u32) -> SignedInvite {
    let relay = RelayHint {
        peer: ByteBuf::from([1, 2, 3]),
        addresses: vec!["/dns4/relay.example/tcp/4001".to_owned()],
        token: ByteBuf::new(),
    };
    inviter.act(|draft, context| people::invite(draft, context, vec![relay], uses, 24 * HOUR, None)).unwrap()
}

/// The frame by which somebody joins.
pub(crate) fn join(joiner: &mut Party, inviter: &Party, invite: &SignedInvite) -> Frame {
    let (mine, theirs) = (joiner.peer.clone(), inviter.peer.clone());
    joiner.act(|draft, context| people::join(draft, context, invite, &mine, &theirs)).unwrap().1
}

/// Opens a session by a fresh invite.
pub(crate) fn pair(inviter: &mut Party, joiner: &mut Party) {
    let invite = invite(inviter, 1);
    let frame = join(joiner, inviter, &invite);
    assert!(matches!(inviter.take(&frame, joiner), Ack::Accepted(_)));
    assert_eq!(exchange(inviter, joiner), []);
}

/// An owner with bills and somebody who asks, connected.
pub(crate) fn owner_and_requester() -> (Party, Party) {
    let (mut owner, mut requester) = (Party::new(1, "Lena"), Party::new(2, "Bank"));
    pair(&mut owner, &mut requester);
    owner.store(version(1));
    (owner, requester)
}

/// The same, with one request approved once for 84.50 and delivered; and its grant.
pub(crate) fn approved() -> (Party, Party, MessageId, MessageId) {
    let (mut owner, mut requester) = owner_and_requester();
    let asked = requester.ask(&owner.id(), terms(Kind::Mean));
    exchange(&mut owner, &mut requester);
    let grant = owner.approve(&asked, euros("84.50"));
    assert_eq!(exchange(&mut owner, &mut requester), []);
    (owner, requester, asked, grant)
}

/// The same, run; the receipt is made and not handed over.
pub(crate) fn computed() -> (Party, Party, MessageId, MessageId) {
    let (mut owner, mut requester, asked, grant) = approved();
    requester.run(&asked);
    assert_eq!(exchange(&mut owner, &mut requester), []);
    owner.compute(&euros("84.50"), version(1));
    (owner, requester, asked, grant)
}

/// The same, handed over; and its receipt.
pub(crate) fn receipted() -> (Party, Party, MessageId, MessageId) {
    let (mut owner, mut requester, asked, _) = computed();
    assert_eq!(exchange(&mut owner, &mut requester), []);
    let receipt = requester.request(&asked).receipt.unwrap();
    (owner, requester, asked, receipt)
}

pub(crate) fn version(number: u8) -> VersionHash {
    VersionHash([number; 32])
}

pub(crate) fn bills(version: VersionHash) -> DatasetRecord {
    let column = |name: &str, of| Column { name: name.parse().unwrap(), of };
    DatasetRecord {
        tag: "bills".parse().unwrap(),
        description: "What the household paid for electricity".to_owned(),
        version,
        rows: 24,
        columns: vec![column("amount", ColumnType::Decimal(2)), column("month", ColumnType::Text)],
        visible: Visibility::Everyone,
        stored: START,
        skipped: vec![],
        format: None,
        notes: vec![],
        voucher: None,
        mock: None,
        rules: None,
        lineage: None,
    }
}

pub(crate) fn on(kind: Kind, column: &str) -> Computation {
    kind.over(column.parse().unwrap()).unwrap()
}

/// A question about the amounts of the first version, for a week.
pub(crate) fn terms(kind: Kind) -> Terms {
    Terms {
        dataset: BILLS,
        version: version(1),
        computation: on(kind, "amount"),
        purpose: Purpose::CreditApplication,
        uses: 1,
        until: START + 7 * 24 * HOUR,
    }
}

pub(crate) fn euros(text: &str) -> Outcome {
    Outcome::Decimal(text.parse::<Decimal>().unwrap())
}

pub(crate) fn value(computation: Computation, version: VersionHash, outcome: Outcome) -> Preview {
    let shown = Previewed::Value { outcome, salt: Salt([9; 16]), notes: vec![], against: None };
    Preview { computation, version, shown, dates: None, worked_out: vec![], had: 0 }
}

pub(crate) fn finished(outcome: Outcome, version: VersionHash) -> Finished {
    let computed = Computed::Outcome { outcome, version, notes: vec![] };
    Finished { computed, engine: "test 1".to_owned(), hand_over: false }
}

pub(crate) fn words(text: &str) -> Text {
    Text::new(text, Salt([3; 16])).unwrap()
}
