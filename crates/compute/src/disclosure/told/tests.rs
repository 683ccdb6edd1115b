use super::*;
use proptest::prelude::*;

proptest! {
    #[test]
    fn rows_and_weights_come_back_from_their_bytes(
        rows in proptest::collection::btree_map(any::<u32>(), any::<i64>(), 0..60)
    ) {
        let rows = Rows(rows.into_iter().collect());
        let told = Told { facts: vec![Fact { about: About::Present(vec![]), part: Some(3), rows }], others: vec![] };
        prop_assert_eq!(Told::from_slice(&told.to_vec().unwrap()).unwrap(), told);
    }

    #[test]
    fn bytes_that_are_no_rows_are_refused_without_harm(bytes in proptest::collection::vec(any::<u8>(), 0..60)) {
        let _ = read(&bytes);
    }
}

#[test]
fn every_second_of_many_rows_takes_a_byte_each() {
    let rows = Rows::each((0..100_000).map(|row| row * 2));
    let other = Other { column: "amount".parse().unwrap(), numbers: 1, rows };
    let told = Told { facts: vec![], others: vec![other] };
    assert!(told.to_vec().unwrap().len() < 100_100);
}

#[test]
fn rows_that_only_one_has_are_counted() {
    let (a, b) = (Rows::each([1, 2, 5, 9]), Rows::each([2, 3, 9, 10, 11]));
    assert_eq!((a.apart(&b), b.apart(&a), a.apart(&a)), (5, 5, 0));
    assert_eq!(a.apart(&Rows::default()), 4);
}
