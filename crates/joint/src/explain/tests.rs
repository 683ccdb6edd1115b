use super::*;
use crate::model::tests::{GERMAN, GERMAN_ROWS, SEED, SEED_ROWS, rows};

/// What the overlay says in the clear: the missing bins of the one step whose conditions are met.
fn overlaid(overlay: &Overlay, bins: &[u8]) -> Option<u8> {
    let met: Vec<_> = overlay.steps.iter().filter(|step| step.path.cost(bins) == 0).collect();
    assert!(met.len() <= 1);
    met.first().map(|step| step.target - bins[overlay.feature])
}

#[test]
fn the_overlay_says_what_trying_every_bin_finds_on_every_denied_row_and_every_feature() {
    for (file, text) in [(GERMAN, GERMAN_ROWS), (SEED, SEED_ROWS)] {
        let model = Model::from_json(file.as_bytes()).unwrap();
        for feature in 0..model.features().len() {
            let overlay = Overlay::of(&model, feature).unwrap().unwrap();
            for (_, bins, answer) in rows(text, model.features().len()) {
                let expected = if answer == APPROVED { None } else { by_trying(&model, &bins, feature) };
                assert_eq!(overlaid(&overlay, &bins), expected);
            }
        }
    }
}

#[test]
fn a_lender_that_sends_an_input_in_place_of_a_target_is_refused() {
    use crate::{
        evaluation::{Inputs, announced},
        scheme::{
            Refused,
            tests::{REQUEST, draws, keyed},
        },
    };
    let model = Model::from_json(SEED.as_bytes()).unwrap();
    let overlay = Overlay::of(&model, 37).unwrap().unwrap();
    let (_, bins, _) = rows(SEED_ROWS, 39).remove(0);
    let (_, key) = keyed(REQUEST, 3);
    let encrypted = crate::evaluation::tests::encrypted(&model, &key, &bins);
    let inputs = Inputs::new(encrypted.iter().map(|(feature, one)| (*feature, one)));
    let many = announced(overlay.steps());
    let good = Explanation::new(&overlay, &inputs, &key, &[1; 32], many).unwrap().to_bytes();
    let read = |bytes: &[u8], many| Explanation::from_bytes(bytes, many, &key, &mut draws("weights"));
    assert!(read(&good, many).is_ok());
    let mut bytes = good.clone();
    bytes[many * 64..][..64].copy_from_slice(&ciphertexts_to(&[inputs.bin(0, 63).unwrap()]));
    assert_eq!(read(&bytes, many), Err(Refused::Known));
    let more = Refused::Count { found: many, announced: many - 1 };
    assert_eq!(read(&good, many - 1), Err(more));
}
