use super::*;
use arrow::array::Int64Array;
use proptest::prelude::*;
use std::{collections::BTreeMap, sync::Arc};

/// The slots of each row, stretch by stretch, and the key of each slot.
fn slots_of(stretches: &[Vec<Option<i64>>]) -> Result<(Vec<u32>, Vec<i64>), RunError> {
    let mut groups = Groups::new(None);
    let mut all = Vec::new();
    for stretch in stretches {
        let by: ArrayRef = Arc::new(Int64Array::from(stretch.clone()));
        let slots = groups.slots(&by, None)?;
        all.extend_from_slice(&slots);
        groups.reuse(slots);
    }
    let keys = groups.keys.iter().map(|key| if let Key::Number(number) = key { *number } else { unreachable!() });
    Ok((all, keys.collect()))
}

fn key() -> impl Strategy<Value = Option<i64>> {
    let spread = prop_oneof![
        4 => 0_i64..20,
        2 => -70_000_i64..70_000,
        1 => any::<i64>(),
        1 => (i64::MAX - 3)..=i64::MAX,
        1 => i64::MIN..(i64::MIN + 3),
    ];
    proptest::option::weighted(0.9, spread)
}

proptest! {
    #[test]
    fn rows_of_one_number_share_a_slot_and_others_have_none(
        stretches in proptest::collection::vec(proptest::collection::vec(key(), 0..40), 0..6),
    ) {
        let (slots, keys) = slots_of(&stretches).unwrap();
        let rows: Vec<Option<i64>> = stretches.concat();
        let mut expected = BTreeMap::new();
        for row in rows.iter().flatten() {
            let next = expected.len() as u32 + 1;
            expected.entry(*row).or_insert(next);
        }
        prop_assert_eq!(&slots, &rows.iter().map(|row| row.map_or(0, |row| expected[&row])).collect::<Vec<_>>());
        prop_assert_eq!(keys.len(), expected.len());
        for (number, slot) in expected {
            prop_assert_eq!(keys[slot as usize - 1], number);
        }
    }
}

#[test]
fn falling_and_rising_numbers_lie_in_a_window_that_never_outgrows_its_bound() {
    let mut window = Window::default();
    for (number, slot) in (0..2_000_i64).flat_map(|n| [(-n * 3, 1), (n * 90, 2)]) {
        window.learn(number, slot);
        assert!(window.slots.len() <= WINDOW);
        assert!([0, slot].contains(&window.slot(number)) || number == 0);
    }
    assert_eq!((window.slot(-3 * 500), window.slot(90 * 20)), (1, 2));
    assert_eq!((window.slot(-1), window.slot(i64::MIN), window.slot(i64::MAX)), (0, 0, 0));
}

#[test]
fn more_groups_than_are_looked_at_are_refused() {
    let many = |count: i64| vec![(0..count).map(Some).collect::<Vec<_>>()];
    assert_eq!(slots_of(&many(GROUP_KEYS as i64)).unwrap().1.len(), GROUP_KEYS);
    let refused = slots_of(&many(GROUP_KEYS as i64 + 1)).unwrap_err();
    assert!(matches!(refused, RunError::TooManyGroups { limit: GROUP_KEYS }));
}
