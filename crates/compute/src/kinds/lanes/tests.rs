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
        let mut sums = [Slot::default(); 4];
        scatter(&values, &slots, &mut sums);
        for (slot, found) in (0..).zip(sums) {
            let of: Vec<i64> = values.iter().zip(&slots).filter(|(_, s)| **s == slot).map(|(value, _)| *value).collect();
            prop_assert!(plain(&of).unsigned_abs() <= bound(&values));
            prop_assert_eq!(found.count, of.len() as u64);
            if bound(&values) <= i64::MAX as u128 {
                let largest = of.iter().map(|value| value.unsigned_abs()).max().unwrap_or(0);
                let magnitudes = of.iter().map(|value| i128::from(*value).abs()).sum();
                prop_assert_eq!(found.found(), Found { count: of.len() as u64, sum: plain(&of), magnitudes, largest });
            }
        }
    }

    #[test]
    fn magnitudes_are_exact_and_a_largest_that_matters_is_found(
        rows in proptest::collection::vec((any_value(), any::<bool>()), 0..200),
        sign in 0..3,
        percent in 1_u8..100,
    ) {
        let signed = |value: i64| match sign {
            0 => value,
            1 => value.saturating_abs(),
            _ => value.saturating_abs().saturating_neg().min(-1),
        };
        let values: Vec<i64> = rows.iter().map(|(value, _)| signed(*value)).collect();
        let expected = |values: &[i64]| Found {
            count: values.len() as u64,
            sum: plain(values),
            magnitudes: values.iter().map(|value| i128::from(*value).abs()).sum(),
            largest: values.iter().map(|value| value.unsigned_abs()).max().unwrap_or(0),
        };
        let all = expected(&values);
        let found = magnitudes(&values, percent);
        let matters = u128::from(all.largest) * 100 > all.magnitudes.unsigned_abs() * u128::from(percent);
        prop_assert_eq!(Found { largest: all.largest, ..found }, all);
        prop_assert!(found.largest == all.largest || (found.largest == 0 && !matters));
        let mask = mask(&rows, |(_, kept)| kept);
        let kept: Vec<i64> = values.iter().zip(&rows).filter(|(_, (_, kept))| *kept).map(|(value, _)| *value).collect();
        prop_assert_eq!(magnitudes_kept(&values, &mask), expected(&kept));
    }
}
