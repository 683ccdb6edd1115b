//! Any message that can be signed opens as the same message, under the same id.

use crate::{
    forge::value_of,
    questions::{computation, outcome},
    samples::{self, NOW},
    schema::Schema,
};
use proptest::{
    collection::{btree_set, vec},
    option,
    prelude::*,
    sample::select,
};
use protocol::{message::*, *};

fn digest() -> impl Strategy<Value = [u8; 32]> {
    any::<[u8; 32]>()
}

pub(crate) fn word() -> impl Strategy<Value = Name> {
    "[A-Za-zà-öЀ-џぁ-ん0-9][A-Za-z _-]{0,12}[A-Za-z0-9]".prop_map(|text| text.parse().expect("plain"))
}

fn kind() -> impl Strategy<Value = Kind> {
    let attribute = select(AttributeName::ALL).prop_map(Kind::Attribute);
    prop_oneof![2 => select(&Kind::ALL[..]), 1 => attribute]
}

fn terms() -> impl Strategy<Value = Terms> {
    (any::<[u8; 16]>(), digest(), computation(), select(&Purpose::ALL[..]), 1..=limits::USES, any::<u64>()).prop_map(
        |(dataset, version, computation, purpose, uses, until)| Terms {
            dataset: dataset.into(),
            version: version.into(),
            computation,
            purpose,
            uses,
            until,
        },
    )
}

fn request() -> impl Strategy<Value = Request> {
    (terms(), digest(), option::of(digest()), any::<bool>()).prop_map(|(terms, reason, named, counter)| Request {
        terms,
        reason: reason.into(),
        counter: named.filter(|_| counter).map(MessageId),
        grant: named.filter(|_| !counter).map(MessageId),
    })
}

fn grant() -> impl Strategy<Value = Grant> {
    let span =
        (any::<u32>(), 1..u64::from(u32::MAX)).prop_map(|(from, life)| (u64::from(from), u64::from(from) + life));
    let once = (digest(), digest(), span.clone()).prop_map(|(version, outcome, (from, until))| {
        Grant::Once(Once { version: version.into(), outcome: outcome.into(), from, until })
    });
    let kinds = btree_set(kind(), 1..8).prop_map(|kinds| kinds.into_iter().collect());
    let columns = btree_set(word(), 1..20).prop_map(|columns| columns.into_iter().collect());
    let standing =
        (any::<[u8; 16]>(), kinds, columns, select(&Purpose::ALL[..]), 1..=limits::USES, span, any::<[bool; 2]>())
            .prop_map(|(dataset, kinds, columns, purpose, uses, (from, until), [each, parts])| {
                let (review, parts) =
                    (if each { Review::Each } else { Review::None }, parts.then_some(Parts::FiltersAndGroups));
                let dataset = dataset.into();
                Grant::Standing(Standing { dataset, kinds, columns, purpose, uses, from, until, review, parts })
            });
    prop_oneof![once, standing, digest().prop_map(|id| Grant::Under(MessageId(id)))]
}

fn decision() -> impl Strategy<Value = Decision> {
    let because = || option::of(digest().prop_map(Commitment));
    prop_oneof![
        (digest(), because())
            .prop_map(|(request, because)| Decision::Deny(Denial { request: MessageId(request), because })),
        (digest(), terms(), digest(), any::<u64>(), because()).prop_map(
            |(request, proposal, preview, expires, because)| {
                let (request, preview) = (MessageId(request), Commitment(preview));
                Decision::Counter(Counter { request, proposal, preview, expires, because })
            }
        ),
        (digest(), grant())
            .prop_map(|(request, grant)| Decision::Approve(Approval { request: MessageId(request), grant })),
    ]
}

fn answer() -> impl Strategy<Value = Answer> {
    let notes = btree_set(0usize..3, 0..3)
        .prop_map(|set| set.into_iter().map(|n| [Note::IsARow, Note::FewRows, Note::SelfAsserted][n]).collect());
    let reasons = [NotReleased::DatasetChanged, NotReleased::TooFewRows, NotReleased::Unspecified];
    prop_oneof![
        (outcome(), any::<[u8; 16]>(), notes).prop_map(|(outcome, salt, notes)| Answer::Released {
            outcome,
            salt: Salt(salt),
            notes
        }),
        select(reasons.to_vec()).prop_map(|reason| Answer::NotReleased { reason }),
    ]
}

fn receipt() -> impl Strategy<Value = Receipt> {
    let entry = (0..u64::MAX, any::<[u8; 16]>(), any::<u64>(), digest(), vec(digest(), 0..66));
    (digest(), answer(), computation(), (1..=limits::USES, any::<u64>()), entry).prop_map(
        |(id, answer, computation, (number, computed), (index, salt, started, root, inclusion))| Receipt {
            grant: MessageId(id),
            number,
            computation,
            answer,
            computed,
            entry: RunEntry {
                index,
                salt: Salt(salt),
                started,
                head: TreeHead { size: index + 1, root: Digest(root), epoch: None },
                inclusion: inclusion.into_iter().take(limits::PROOF_HASHES).map(Digest).collect(),
            },
            ..samples::receipt()
        },
    )
}

fn page() -> impl Strategy<Value = CatalogAnswer> {
    let of = prop_oneof![
        Just(ColumnType::Integer),
        (0..=limits::CELL_SCALE).prop_map(ColumnType::Decimal),
        Just(ColumnType::Date),
        Just(ColumnType::Text),
        Just(ColumnType::Boolean)
    ];
    let columns = prop::collection::btree_map(word(), of, 1..9)
        .prop_map(|columns| columns.into_iter().map(|(name, of)| Column { name, of }).collect::<Vec<_>>());
    let pointers = prop::collection::btree_map(any::<[u8; 16]>(), (columns, digest(), any::<u64>()), 0..9);
    (digest(), pointers, any::<bool>()).prop_map(|(ask, pointers, more)| CatalogAnswer {
        ask: MessageId(ask),
        more,
        pointers: pointers
            .into_iter()
            .map(|(dataset, (columns, hash, rows))| Pointer {
                dataset: dataset.into(),
                version: hash.into(),
                name: hash.into(),
                description: hash.into(),
                columns,
                rows,
                vouched: Vouched::SelfAsserted,
            })
            .collect(),
    })
}

fn returns<B: Body + PartialEq + std::fmt::Debug>(body: B, secret: [u8; 32], nonce: [u8; 16], life: u64) {
    let key = IdentityKey::from_secret(&secret);
    let mut payload = samples::payload(body, &key, &samples::owner());
    (payload.nonce, payload.expires) = (Nonce(nonce), NOW + life);
    let signed = Signed::sign(payload.clone(), &key).expect("within its limits");
    let opened = Signed::<B>::open(signed.bytes()).expect("what was signed");
    assert_eq!(opened.payload(), &payload);
    let form = value_of(&cbor::to_vec(&payload).expect("encodes"));
    assert!(Schema::wire().allows(&format!("{}-payload", B::KIND), &form), "not as wire.cddl states: {form:?}");
    assert_eq!((opened.id(), opened.bytes(), opened.sender()), (signed.id(), signed.bytes(), key.party()));
    let any = Message::open(signed.bytes()).expect("what was signed");
    assert_eq!((any.id(), any.kind(), any.expires()), (signed.id(), B::KIND, NOW + life));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn any_request_opens_as_it_was_signed(body in request(), key: [u8; 32], nonce: [u8; 16], life in 1..limits::LIFETIME_SECONDS) {
        returns(body, key, nonce, life);
    }

    #[test]
    fn any_decision_opens_as_it_was_signed(body in decision(), key: [u8; 32], nonce: [u8; 16], life in 1..limits::LIFETIME_SECONDS) {
        returns(body, key, nonce, life);
    }

    #[test]
    fn any_receipt_opens_as_it_was_signed(body in receipt(), key: [u8; 32], nonce: [u8; 16], life in 1..limits::LIFETIME_SECONDS) {
        returns(body, key, nonce, life);
    }

    #[test]
    fn any_catalog_page_opens_as_it_was_signed(body in page(), key: [u8; 32], nonce: [u8; 16], life in 1..limits::LIFETIME_SECONDS) {
        returns(body, key, nonce, life);
    }

    #[test]
    fn any_run_opens_as_it_was_signed(grant: [u8; 32], number in 1..=limits::USES, key: [u8; 32], nonce: [u8; 16], life in 1..limits::LIFETIME_SECONDS) {
        let (grant, request) = (MessageId(grant), MessageId(key));
        returns(Run { grant, request, number }, key, nonce, life);
    }
}

#[test]
fn equal_messages_with_different_nonces_have_different_ids() {
    let run = Run { grant: MessageId([1; 32]), request: MessageId([2; 32]), number: 1 };
    let [one, other] = [1, 2].map(|nonce| {
        let mut payload = samples::payload(run.clone(), &samples::requester(), &samples::owner());
        payload.nonce = Nonce([nonce; 16]);
        Signed::sign(payload, &samples::requester()).expect("a run").id()
    });
    assert_ne!(one, other);
}
