use super::*;
use crate::{
    evaluation::tests::{encrypted, inputs},
    model::tests::{SEED, SEED_ROWS, rows},
    scheme::tests::{REQUEST, keyed},
};

const SALT: [u8; 32] = [5; 32];
const SEEDED: [u8; 32] = [6; 32];

#[test]
fn an_auditor_repeats_the_evaluation_and_finds_what_was_changed() {
    let model = Model::from_json(SEED.as_bytes()).unwrap();
    let other = Model::from_json(SEED.replacen("\"threshold\": 19", "\"threshold\": 20", 1).as_bytes()).unwrap();
    assert_ne!(model, other);
    let (_, bins, _) = rows(SEED_ROWS, 39).remove(0);
    let (_, key) = keyed(REQUEST, 3);
    let inputs = inputs(&encrypted(&model, &key, &bins));
    let evaluated = |model: &Model| {
        let plan = Plan::of(model).unwrap();
        let overlay = Overlay::of(model, 37).unwrap().unwrap();
        let evaluation = Evaluation::new(&plan, &inputs, &key, &SEEDED, 16).unwrap().to_bytes();
        (evaluation, Explanation::new(&overlay, &inputs, &key, &SEEDED, 64).unwrap().to_bytes())
    };
    let (evaluation, explanation) = evaluated(&model);
    let (foreign, foreign_explanation) = evaluated(&other);
    let (committed, seed) = (model.commitment(&SALT).unwrap(), seed_commitment(&SEEDED));
    let audited = |model: &Model, salt: &[u8; 32], shown: &[u8; 32], sent: &[u8], explained: &[u8]| {
        let logged =
            Logged { model: &committed, seed: &seed, evaluation: (sent, 16), explanation: Some((explained, 64)) };
        audit(&Revealed { model, salt, seed: shown }, &logged, &key, &inputs)
    };
    assert!(audited(&model, &SALT, &SEEDED, &evaluation, &explanation).is_ok());
    assert!(matches!(audited(&other, &SALT, &SEEDED, &foreign, &explanation), Err(Finding::Model)));
    assert!(matches!(audited(&model, &[0; 32], &SEEDED, &evaluation, &explanation), Err(Finding::Model)));
    assert!(matches!(audited(&model, &SALT, &[0; 32], &evaluation, &explanation), Err(Finding::Seed)));
    assert!(matches!(audited(&model, &SALT, &SEEDED, &foreign, &explanation), Err(Finding::Evaluation)));
    let changed = audited(&model, &SALT, &SEEDED, &evaluation, &foreign_explanation);
    assert!(matches!(changed, Err(Finding::Explanation)));
}
