use super::*;

fn issuer() -> IdentityKey {
    IdentityKey::from_secret(&[7; 32])
}

fn voucher() -> Voucher {
    Voucher {
        issuer: issuer().party(),
        holder: Some(IdentityKey::from_secret(&[8; 32]).party()),
        content: Commitment([1; 32]),
        schema: Digest([2; 32]),
        rows: u64::MAX,
        issued: u64::MAX,
        subject: Some(Commitment([3; 32])),
    }
}

#[test]
fn a_voucher_opens_as_it_was_signed_and_the_largest_is_within_its_limit() {
    let signed = SignedVoucher::sign(voucher(), &issuer()).unwrap();
    assert!(signed.bytes().len() <= VOUCHER_BYTES, "{}", signed.bytes().len());
    let opened = SignedVoucher::open(signed.bytes()).unwrap();
    assert_eq!(opened, signed);
    let small = Voucher { holder: None, subject: None, rows: 1, ..voucher() };
    let signed = SignedVoucher::sign(small.clone(), &issuer()).unwrap();
    assert_eq!(SignedVoucher::open(signed.bytes()).unwrap().voucher(), &small);
}

#[test]
fn a_voucher_altered_in_any_byte_is_refused() {
    let signed = SignedVoucher::sign(voucher(), &issuer()).unwrap();
    for at in 0..signed.bytes().len() {
        for change in [1, 0x20, 0x80] {
            let mut altered = signed.bytes().to_vec();
            altered[at] ^= change;
            assert!(SignedVoucher::open(&altered).is_err(), "byte {at} altered by {change:#04x}");
        }
        assert!(SignedVoucher::open(&signed.bytes()[..at]).is_err(), "cut to {at}");
    }
    assert!(matches!(SignedVoucher::open(&[0; VOUCHER_BYTES + 1]), Err(BadVoucher::TooLong)));
}

#[test]
fn a_voucher_in_somebody_elses_name_or_of_no_rows_is_not_signed_and_not_opened() {
    let other = IdentityKey::from_secret(&[9; 32]);
    assert!(matches!(SignedVoucher::sign(voucher(), &other), Err(BadVoucher::Issuer)));
    assert!(matches!(SignedVoucher::sign(Voucher { rows: 0, ..voucher() }, &issuer()), Err(BadVoucher::NoRows)));
    for (bad, key) in [(voucher(), &other), (Voucher { rows: 0, ..voucher() }, &issuer())] {
        let (bytes, _) = cose::sign(KIND, key, cbor::to_vec(&Versioned::V1(bad)).unwrap());
        assert!(matches!(SignedVoucher::open(&bytes), Err(BadVoucher::Issuer | BadVoucher::NoRows)));
    }
}

#[test]
fn columns_are_told_apart_by_name_type_and_order_and_not_by_their_digits() {
    let column = |name: &str, of| Column { name: name.parse().unwrap(), of };
    let [a, b] = [column("a", ColumnType::Integer), column("b", ColumnType::Text)];
    let of = |columns: &[Column]| schema(columns).unwrap();
    assert_eq!(of(std::slice::from_ref(&a)), of(&[column("a", ColumnType::Decimal(2))]));
    let others = [vec![b.clone(), a.clone()], vec![a.clone()], vec![a.clone(), column("b", ColumnType::Date)]];
    for other in others {
        assert_ne!(of(&[a.clone(), b.clone()]), of(&other));
    }
}

#[test]
fn a_content_depends_on_key_columns_and_rows() {
    let base = content(&[1; 32], &Digest([2; 32]), 3, &[Digest([4; 32])]).unwrap();
    assert_ne!(base, content(&[9; 32], &Digest([2; 32]), 3, &[Digest([4; 32])]).unwrap());
    assert_ne!(base, content(&[1; 32], &Digest([9; 32]), 3, &[Digest([4; 32])]).unwrap());
    assert_ne!(base, content(&[1; 32], &Digest([2; 32]), 9, &[Digest([4; 32])]).unwrap());
    assert_ne!(base, content(&[1; 32], &Digest([2; 32]), 3, &[Digest([9; 32])]).unwrap());
}

#[test]
fn a_voucher_file_opens_with_its_words_or_without_and_with_no_others() {
    let text = |words: &str| Text::new(words, crate::Salt([5; 16])).unwrap();
    let subject = text("account of Jack");
    let signed = SignedVoucher::sign(Voucher { subject: Some(subject.commitment()), ..voucher() }, &issuer()).unwrap();
    let file = |subject| VoucherFile { signed: signed.clone(), key: [6; 32], subject };
    for good in [file(Some(subject)), file(None)] {
        assert_eq!(VoucherFile::open(&good.to_vec().unwrap()).unwrap(), good);
    }
    let other = file(Some(text("account of Jill"))).to_vec().unwrap();
    assert!(matches!(VoucherFile::open(&other), Err(BadVoucher::Subject)));
    assert!(matches!(VoucherFile::open(&[0; FILE_BYTES + 1]), Err(BadVoucher::TooLong)));
    assert!(VoucherFile::open(signed.bytes()).is_err());
}
