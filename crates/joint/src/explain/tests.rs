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
