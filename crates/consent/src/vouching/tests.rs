use super::*;
use crate::{
    bundle, datasets,
    record::{ReceiptRecord, VoucherRecord},
    testing::{BILLS, Party, bills, euros, exchange, finished, pair, terms, version},
};
use protocol::{Commitment, IdentityKey, Kind, Salt, Text};

fn issuer() -> IdentityKey {
    IdentityKey::from_secret(&[7; 32])
}

fn words() -> Text {
    Text::new("electricity of Lena", Salt([4; 16])).unwrap()
}

fn voucher(holder: Option<PartyId>) -> Voucher {
    let of = bills(version(1));
    Voucher {
        issuer: issuer().party(),
        holder,
        content: Commitment([1; 32]),
        schema: schema(&of.columns).unwrap(),
        rows: of.rows,
        issued: 1,
        subject: Some(words().commitment()),
    }
}

fn signed(voucher: Voucher, key: &IdentityKey) -> VoucherRecord {
    let signed = SignedVoucher::sign(voucher, key).unwrap();
    VoucherRecord { signed: ByteBuf::from(signed.bytes()), key: [6; 32], subject: Some(words()) }
}

/// An owner whose bills were signed, and a requester who asked for the catalog.
fn told(voucher: VoucherRecord) -> (Party, Party, Pointer, Option<String>) {
    let (mut owner, mut requester) = (Party::new(1, "Lena"), Party::new(2, "Bank"));
    pair(&mut owner, &mut requester);
    owner.store_as(BILLS, &DatasetRecord { voucher: Some(voucher), ..bills(version(1)) });
    requester.act(|draft, context| datasets::ask(draft, context, &owner.id(), "", None)).unwrap();
    assert_eq!(exchange(&mut requester, &mut owner), []);
    let record = requester.read(|draft| datasets::catalog(draft, &owner.id())).remove(0);
    (owner, requester, record.pointer, record.subject)
}

#[test]
fn a_catalog_tells_whose_word_stands_behind_a_dataset() {
    let holder = Party::new(1, "Lena").id();
    for holder in [None, Some(holder)] {
        let (owner, _, pointer, subject) = told(signed(voucher(holder), &issuer()));
        let found = of_pointer(&pointer, &owner.id()).unwrap().unwrap();
        assert_eq!((found.voucher(), subject.as_deref()), (&voucher(holder), Some("electricity of Lena")));
    }
    let plain = Pointer { vouched: Vouched::SelfAsserted, ..told(signed(voucher(None), &issuer())).2 };
    assert_eq!(of_pointer(&plain, &Party::new(1, "Lena").id()), Ok(None));
}

#[test]
fn a_voucher_that_is_the_owners_own_for_somebody_else_or_of_another_table_does_not_count() {
    let (owner, _, pointer, _) = told(signed(voucher(None), &issuer()));
    let judged = |pointer: &Pointer| of_pointer(pointer, &owner.id()).unwrap_err();
    let with = |voucher, key: &IdentityKey| Pointer {
        vouched: Vouched::Signed(signed(voucher, key).signed),
        ..pointer.clone()
    };
    let own = Voucher { issuer: owner.id(), ..voucher(None) };
    assert_eq!(judged(&with(own, &owner.key)), NotVouched::Own);
    assert_eq!(judged(&with(voucher(Some(issuer().party())), &issuer())), NotVouched::OtherHolder);
    assert_eq!(judged(&Pointer { rows: 25, ..pointer.clone() }), NotVouched::OtherTable);
    let columns = pointer.columns[..1].to_vec();
    assert_eq!(judged(&Pointer { columns, ..pointer.clone() }), NotVouched::OtherTable);
    let Vouched::Signed(mut bytes) = pointer.vouched.clone() else { panic!("signed") };
    *bytes.last_mut().unwrap() ^= 1;
    assert_eq!(judged(&Pointer { vouched: Vouched::Signed(bytes), ..pointer.clone() }), NotVouched::Forged);
}

/// A run over signed bills; the receipt as the requester keeps it.
fn run(voucher: VoucherRecord) -> (Party, Party, Signed<Receipt>) {
    let (mut owner, mut requester, _, _) = told(voucher);
    let asked = requester.ask(&owner.id(), terms(Kind::Mean));
    exchange(&mut owner, &mut requester);
    let note = |notes: &[Note]| notes.contains(&Note::SelfAsserted);
    let preview = Preview {
        computation: terms(Kind::Mean).computation,
        version: version(1),
        shown: Previewed::Value {
            outcome: euros("84.50"),
            salt: Salt([9; 16]),
            notes: vec![Note::FewRows, Note::SelfAsserted],
            against: None,
        },
        dates: None,
        worked_out: Vec::new(),
        had: 0,
    };
    let code = owner.act(|draft, _| crate::owner::keep_preview(draft, &asked, preview)).unwrap();
    let Some(Preview { shown: Previewed::Value { notes, .. }, .. }) = owner.request(&asked).preview else {
        panic!("a preview")
    };
    assert!(!note(&notes), "the prompt does not call it self-asserted: {notes:?}");
    let choice = crate::owner::Approve { code, ..Default::default() };
    owner.act(|draft, context| crate::owner::approve(draft, context, &asked, &choice)).unwrap();
    exchange(&mut owner, &mut requester);
    requester.run(&asked);
    exchange(&mut owner, &mut requester);
    let (grant, number) = owner.read(crate::owner::unfinished).remove(0);
    let mut done = finished(euros("84.50"), version(1));
    let crate::owner::Computed::Outcome { notes, .. } = &mut done.computed else { panic!("an outcome") };
    *notes = vec![Note::FewRows, Note::SelfAsserted];
    owner.act(|draft, context| crate::owner::computed(draft, context, &grant, number, done)).unwrap();
    exchange(&mut owner, &mut requester);
    let receipt = requester.request(&asked).receipt.expect("a receipt that was kept");
    let receipt = requester.record::<ReceiptRecord>(&receipt.0).open().unwrap();
    (owner, requester, receipt)
}

#[test]
fn a_receipt_carries_the_voucher_and_is_verified_with_it_from_its_bytes_alone() {
    let (_, requester, receipt) = run(signed(voucher(None), &issuer()));
    assert_eq!(of_receipt(&receipt).unwrap().voucher(), &voucher(None));
    let Answer::Released { notes, .. } = &receipt.body().answer else { panic!("released") };
    assert_eq!(notes, &[Note::FewRows]);
    let verified = bundle::verify(&requester.read(|draft| bundle::export(draft, &receipt.id()))).unwrap();
    assert!(verified.checks.iter().all(|check| check.holds), "{:?}", verified.checks);
    let said: Vec<_> = verified.checks.iter().map(|check| check.what).collect();
    assert!(said.contains(&"the issuer signed the voucher for the rows"), "{said:?}");
}

#[test]
fn a_receipt_with_the_owners_own_voucher_or_somebody_elses_does_not_hold() {
    let (mut owner, requester, receipt) = run(signed(voucher(None), &issuer()));
    let mut with = |voucher: Voucher, key: &IdentityKey| {
        let body = Receipt { voucher: Some(signed(voucher, key).signed), ..receipt.body().clone() };
        let forged = owner.sign(&requester.id(), body);
        checks(&forged).into_iter().filter(|check| !check.holds).map(|check| check.what).collect::<Vec<_>>()
    };
    assert_eq!(with(voucher(None), &issuer()), [""; 0]);
    let key = Party::new(1, "Lena").key;
    assert_eq!(with(Voucher { issuer: key.party(), ..voucher(None) }, &key), ["the issuer is not the owner"]);
    let other = voucher(Some(issuer().party()));
    assert_eq!(with(other, &issuer()), ["the voucher is for data of this owner"]);
}

#[test]
fn the_words_of_a_voucher_outlast_an_answer_that_arrived_and_go_with_the_dataset() {
    let (mut owner, mut requester, _, _) = told(signed(voucher(None), &issuer()));
    let mut other = Party::new(3, "Other");
    pair(&mut owner, &mut other);
    for party in [&mut other, &mut requester] {
        party.act(|draft, context| datasets::ask(draft, context, &owner.id(), "", None)).unwrap();
        while crate::testing::send(party, &mut owner).is_some() {}
    }
    // one is answered first; the words are still there for the second
    assert_eq!(exchange(&mut owner, &mut other), []);
    assert_eq!(exchange(&mut owner, &mut requester), []);
    for party in [&other, &requester] {
        let told = party.read(|draft| datasets::catalog(draft, &owner.id())).remove(0);
        assert_eq!(told.subject.as_deref(), Some("electricity of Lena"));
    }
    owner.act(|draft, context| datasets::removed(draft, context, BILLS)).unwrap();
    assert_eq!(owner.read(|draft| draft.get::<Text>(&words().commitment().0)), None);
}

#[test]
fn the_log_says_that_this_party_vouched_for_something() {
    let mut issuer = Party::new(1, "Power");
    let id = protocol::MessageId([9; 32]);
    issuer.act(|draft, context| super::signed(draft, context, id)).unwrap();
    assert_eq!(issuer.events().last(), Some(&protocol::Event::Vouched { voucher: id }));
}
