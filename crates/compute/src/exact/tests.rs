use super::*;
use proptest::prelude::*;

fn divided(numerator: i64, denominator: u64) -> BigInt {
    divide_half_even(&BigInt::from(numerator), &denominator.into()).unwrap()
}

#[test]
fn halves_go_to_the_even_neighbour() {
    for (numerator, expected) in [(1, 0), (3, 2), (5, 2), (7, 4), (-1, 0), (-3, -2), (-5, -2)] {
        assert_eq!(divided(numerator, 2), BigInt::from(expected), "{numerator}/2");
    }
    assert_eq!(divided(10, 3), BigInt::from(3));
    assert_eq!(divided(11, 3), BigInt::from(4));
}

#[test]
fn a_root_halfway_between_two_numbers_goes_to_the_even_one() {
    // √(25/4) = 2.5, √(49/4) = 3.5
    let root = |n: u32, d: u32| root_half_even(&n.into(), &d.into()).unwrap();
    assert_eq!(root(25, 4), 2u8.into());
    assert_eq!(root(49, 4), 4u8.into());
    assert_eq!(root(2, 1), 1u8.into());
    assert_eq!(root(3, 1), 2u8.into());
}

#[test]
fn nothing_is_divided_by_zero() {
    assert_eq!(divide_half_even(&BigInt::from(1), &BigUint::ZERO), None);
    assert_eq!(root_half_even(&1u8.into(), &BigUint::ZERO), None);
}

proptest! {
    #[test]
    fn a_quotient_is_at_most_half_away(numerator in any::<i64>(), denominator in 1_u64..1_000_000) {
        let quotient = divided(numerator, denominator);
        let rest = BigInt::from(numerator) - &quotient * BigInt::from(denominator);
        let twice = rest.magnitude() * 2u8;
        prop_assert!(twice <= BigUint::from(denominator));
        if twice == BigUint::from(denominator) {
            prop_assert!(!quotient.bit(0));
        }
    }

    #[test]
    fn a_root_is_at_most_half_away(n in any::<u64>(), d in 1_u64..1000) {
        let (n, d) = (BigUint::from(n), BigUint::from(d));
        let root = root_half_even(&n, &d).unwrap();
        // (root − ½)² ≤ n/d ≤ (root + ½)², times 4d
        let above = &root * 2u8 + 1u8;
        prop_assert!(&n * 4u8 <= &above * &above * &d);
        if root > BigUint::ZERO {
            let below = &root * 2u8 - 1u8;
            prop_assert!(&n * 4u8 >= &below * &below * &d);
        }
    }
}
