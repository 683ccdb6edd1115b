use super::*;

fn all(folder: &Folder) -> Vec<(Vec<u8>, Vec<u8>)> {
    let mut all = Vec::new();
    folder.each(&mut |key, value| all.push((key.to_vec(), value.to_vec()))).unwrap();
    all
}

#[test]
fn what_was_written_is_there_after_it_was_opened_again_in_the_order_of_keys() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("mailbox");
    let keys: Vec<Vec<u8>> = (0..600u32).map(|number| number.to_be_bytes().to_vec()).collect();
    {
        let folder = Folder::open(&path).unwrap();
        for key in keys.iter().rev() {
            folder.write(vec![(key.clone(), Some(key.repeat(10)))]).unwrap();
        }
        folder.write(vec![(keys[7].clone(), None)]).unwrap();
    }
    let folder = Folder::open(&path).unwrap();
    assert!(folder.is_lasting());
    let found = all(&folder);
    assert!(found.iter().map(|(key, _)| key).eq(keys.iter().filter(|key| **key != keys[7])));
    assert_eq!(folder.get(&keys[8]).unwrap(), Some(keys[8].repeat(10)));
    assert_eq!(folder.get(&keys[7]).unwrap(), None);
}

#[test]
fn a_folder_that_is_in_use_is_refused() {
    let home = tempfile::tempdir().unwrap();
    let _open = Folder::open(home.path()).unwrap();
    assert!(matches!(Folder::open(home.path()), Err(StoreError::Locked { .. })));
}
