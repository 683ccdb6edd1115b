use super::{Loads, Stage, WATCH_BYTES};
use crate::error::NodeError;
use store::{Home, Spool};

async fn begun(loads: &Loads, folder: &tempfile::TempDir, watch: Option<&str>) -> Result<super::Incoming, NodeError> {
    let place = loads.place().await?;
    loads.begin(place, Spool::begin(&Home::new(folder.path()))?, watch, Some(1000))
}

#[tokio::test]
async fn the_word_that_names_a_file_is_short_and_plain() {
    let (loads, folder) = (Loads::default(), tempfile::tempdir().unwrap());
    for bad in ["a b", "ä", "a\n", &"x".repeat(WATCH_BYTES + 1)] {
        let refused = begun(&loads, &folder, Some(bad)).await.err().unwrap();
        assert_eq!(refused.to_string(), "watch: at most 64 letters and digits");
    }
    assert!(begun(&loads, &folder, Some("7f3A")).await.is_ok());
}

#[tokio::test]
async fn all_readings_together_make_the_whole_and_never_go_back() {
    let (loads, folder) = (Loads::default(), tempfile::tempdir().unwrap());
    let mut incoming = begun(&loads, &folder, Some("one")).await.unwrap();
    incoming.write(&[7; 900]).await.unwrap();
    let (file, owner, _place) = incoming.finish().await.unwrap();
    let shown = || owner.0.state.lock().unwrap().shown();
    assert_eq!((shown().stage, shown().bytes, shown().of), (Stage::Reading, 0, Some(900)));
    let mut last = 0;
    for pass in 1..=3 {
        file.begin(pass, 3);
        assert_eq!(shown().bytes, u64::from(pass - 1) * 300);
        for at in [0, 300, 600, 300] {
            file.read_at(at, &mut [0; 300]).unwrap();
            assert!(shown().bytes >= last);
            last = shown().bytes;
        }
    }
    assert_eq!(last, 900);
    owner.ended(false);
    assert_eq!(shown().stage, Stage::Refused);
}

#[tokio::test]
async fn a_file_for_which_nobody_waits_is_read_no_further() {
    let (loads, folder) = (Loads::default(), tempfile::tempdir().unwrap());
    let mut incoming = begun(&loads, &folder, None).await.unwrap();
    incoming.write(b"1\n2\n").await.unwrap();
    let (file, owner, _place) = incoming.finish().await.unwrap();
    assert_eq!(file.read_at(0, &mut [0; 10]).unwrap(), 4);
    drop(owner);
    let ended = file.read_at(0, &mut [0; 10]).unwrap_err();
    assert_eq!(ended.to_string(), "whoever sent it waits no longer");
}

#[tokio::test]
async fn a_third_file_waits_for_its_turn() {
    let (loads, folder) = (Loads::default(), tempfile::tempdir().unwrap());
    let first = begun(&loads, &folder, None).await.unwrap();
    let _second = begun(&loads, &folder, None).await.unwrap();
    assert_eq!(loads.places.available_permits(), 0);
    drop(first);
    assert!(begun(&loads, &folder, None).await.is_ok());
}
