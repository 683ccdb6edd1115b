use super::*;
use proptest::prelude::*;

fn plain(values: &[i64]) -> i128 {
    values.iter().map(|value| i128::from(*value)).sum()
}

fn any_value() -> impl Strategy<Value = i64> {
    prop_oneof![any::<i64>(), -5_i64..5, Just(i64::MIN), Just(i64::MAX), (i64::MAX - 3)..=i64::MAX]
}

#[test]
fn sums_at_the_ends_of_64_bits_are_exact() {
    for value in [i64::MIN, i64::MAX, -1, 0, 1, 1 << 32, -(1 << 32)] {
        for count in [0, 1, 2, 63, 64, 65, 16_384] {
            let values = vec![value; count];
            assert_eq!(sum(&values), i128::from(value) * count as i128, "{count} times {value}");
        }
    }
}

#[test]
fn sums_are_exact_over_more_rows_than_one_block() {
    let values = vec![i64::MIN; BLOCK + 3];
    let all = BooleanBuffer::new_set(values.len());
    assert_eq!(sum(&values), i128::from(i64::MIN) * values.len() as i128);
    assert_eq!(sum_kept(&values, &all), (values.len() as u64, sum(&values)));
}

proptest! {
    #[test]
    fn sums_are_those_of_plain_loops(
        rows in proptest::collection::vec((any_value(), any::<bool>()), 0..300),
        offset in 0_usize..70,
    ) {
        let values: Vec<i64> = rows.iter().map(|(value, _)| *value).collect();
        prop_assert_eq!(sum(&values), plain(&values));
        // masks of slices begin at any bit
        let mask = mask(&rows, |(_, kept)| kept);
        prop_assert_eq!(mask.iter().collect::<Vec<_>>(), rows.iter().map(|(_, kept)| *kept).collect::<Vec<_>>());
        let offset = offset.min(rows.len());
        let (values, mask) = (&values[offset..], mask.slice(offset, rows.len() - offset));
        let kept: Vec<i64> = values.iter().zip(mask.iter()).filter(|(_, kept)| *kept).map(|(value, _)| *value).collect();
        prop_assert_eq!(sum_kept(values, &mask), (kept.len() as u64, plain(&kept)));
    }

    #[test]
    fn a_bound_is_never_exceeded_by_a_sum(rows in proptest::collection::vec((any_value(), 0_u32..4), 0..100)) {
        let (values, slots): (Vec<i64>, Vec<u32>) = rows.into_iter().unzip();
        let mut sums = [(0, 0); 4];
        scatter(&values, &slots, &mut sums);
        for (slot, (sum, count)) in (0..).zip(sums) {
            let of: Vec<i64> = values.iter().zip(&slots).filter(|(_, s)| **s == slot).map(|(value, _)| *value).collect();
            prop_assert!(plain(&of).unsigned_abs() <= bound(&values));
            prop_assert_eq!(count, of.len() as u64);
            if bound(&values) <= i64::MAX as u128 {
                prop_assert_eq!(i128::from(sum), plain(&of));
            }
        }
    }
}
