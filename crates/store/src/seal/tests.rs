use super::*;
use crate::engine::MemoryEngine;

const KEY: [u8; 32] = [7; 32];

fn sealed() -> Sealed<MemoryEngine> {
    let sealed = Sealed::new(MemoryEngine::default(), &KEY, b"home");
    let mut batch = Batch::new();
    batch.put("people", b"ada", b"Ada Lovelace".as_slice()).put("people", b"bob", b"Bob".as_slice());
    sealed.commit(&batch).unwrap();
    sealed
}

fn raw(sealed: &Sealed<MemoryEngine>, tree: &str, key: &[u8]) -> Vec<u8> {
    sealed.engine().get(tree, key).unwrap().unwrap()
}

fn put_raw(sealed: &Sealed<MemoryEngine>, tree: &str, key: &[u8], value: Vec<u8>) {
    let mut batch = Batch::new();
    batch.put(tree, key, value);
    sealed.engine().commit(&batch).unwrap();
}

fn is_refused(sealed: &Sealed<MemoryEngine>, tree: &str, key: &[u8]) -> bool {
    matches!(sealed.get(tree, key), Err(StoreError::Damaged { .. }))
}

#[test]
fn the_engine_sees_no_plain_value_and_the_caller_no_sealed_one() {
    let sealed = sealed();
    assert_eq!(sealed.get("people", b"ada").unwrap().unwrap(), b"Ada Lovelace");
    assert_eq!(sealed.last("people").unwrap().unwrap().1, b"Bob");
    assert_eq!(sealed.scan("people", b"", None, 9).unwrap().len(), 2);
    let raw = raw(&sealed, "people", b"ada");
    assert_eq!(raw.len(), OVERHEAD + b"Ada Lovelace".len());
    assert!(!raw.windows(3).any(|w| w == b"Ada"));
}

#[test]
fn a_flipped_bit_anywhere_in_a_stored_value_is_reported_and_not_returned() {
    let sealed = sealed();
    let original = raw(&sealed, "people", b"ada");
    for at in 0..original.len() {
        let mut altered = original.clone();
        altered[at] ^= 1;
        put_raw(&sealed, "people", b"ada", altered);
        assert!(is_refused(&sealed, "people", b"ada"), "byte {at}");
    }
    for cut in 0..original.len() {
        put_raw(&sealed, "people", b"ada", original[..cut].to_vec());
        assert!(is_refused(&sealed, "people", b"ada"), "cut to {cut}");
    }
    assert!(sealed.scan("people", b"", None, 9).is_err(), "a page with a damaged record is refused");
    assert_eq!(sealed.keys("people", b"", None, 9).unwrap().len(), 2, "its keys are still listed");
}

#[test]
fn a_value_moved_to_another_key_tree_or_database_does_not_open() {
    let sealed = sealed();
    let moved = raw(&sealed, "people", b"ada");
    put_raw(&sealed, "people", b"bob", moved.clone());
    assert!(is_refused(&sealed, "people", b"bob"));
    put_raw(&sealed, "peopl", b"eada", moved.clone());
    assert!(is_refused(&sealed, "peopl", b"eada"), "the border between tree and key is part of what is sealed");
    for (key, context) in [([8; 32], b"home".as_slice()), (KEY, b"hom")] {
        let other = Sealed::new(MemoryEngine::default(), &key, context);
        put_raw(&other, "people", b"ada", moved.clone());
        assert!(is_refused(&other, "people", b"ada"));
    }
}

#[test]
fn equal_values_are_sealed_differently() {
    let sealed = sealed();
    let first = raw(&sealed, "people", b"ada");
    let mut again = Batch::new();
    again.put("people", b"ada", b"Ada Lovelace".as_slice());
    sealed.commit(&again).unwrap();
    assert_ne!(raw(&sealed, "people", b"ada"), first);
}

#[test]
fn the_largest_value_fits_with_its_seal_and_one_byte_more_is_refused() {
    let sealed = sealed();
    let mut batch = Batch::new();
    batch.put("t", b"k", vec![1; VALUE_BYTES]);
    sealed.commit(&batch).unwrap();
    assert_eq!(sealed.get("t", b"k").unwrap().unwrap().len(), VALUE_BYTES);
    batch.put("t", b"k", vec![1; VALUE_BYTES + 1]);
    assert!(matches!(sealed.commit(&batch), Err(StoreError::TooLarge { .. })));
}

#[test]
fn a_place_has_one_form_and_no_other_place_has_it() {
    assert_eq!(bound_to(&[b"home", b"ada"]), b"\0\0\0\x04home\0\0\0\x03ada\x01");
    assert_ne!(bound_to(&[b"ho", b"meada"]), bound_to(&[b"home", b"ada"]));
}
