use super::*;
use proptest::prelude::*;

fn numbers(bytes: &[u8]) -> Option<Vec<(i16, i64)>> {
    let mut numbers = Vec::new();
    let mut walk = Walk::over(bytes);
    walk.structure(&mut |id, value| numbers.push((id, value)))?;
    assert!(walk.passed() <= bytes.len());
    Some(numbers)
}

#[test]
fn fields_of_a_structure_are_found_behind_others() {
    // 1: i32 1; 2: text "ab"; 3: list of two i16; 4: {1: true}; 20: i64 -300
    let bytes = [0x15, 2, 0x18, 2, b'a', b'b', 0x19, 0x24, 2, 4, 0x1C, 0x11, 0, 0x06, 40, 0xD7, 4, 0];
    assert_eq!(numbers(&bytes), Some(vec![(1, 1), (20, -300)]));
    for end in 0..bytes.len() {
        assert_eq!(numbers(&bytes[..end]), None, "{end}");
    }
}

#[test]
fn a_list_of_more_than_there_is_and_endless_nesting_are_refused() {
    assert_eq!(numbers(&[0x19, 0xFC, 0xFF, 0xFF, 0xFF, 0xFF, 0x07, 0, 0]), None);
    assert_eq!(numbers(&[0x1C; 1_000_000]), None);
    assert_eq!(numbers(&[0x19; 1_000_000]), None);
    assert_eq!(numbers(&[0x18, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01, 0]), None);
}

proptest! {
    #[test]
    fn arbitrary_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = numbers(&bytes);
    }
}
