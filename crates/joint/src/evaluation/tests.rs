use super::*;
use crate::{
    model::{
        Model,
        tests::{SEED, SEED_ROWS, rows},
    },
    scheme::{
        Blinding, Opened, Refused,
        tests::{REQUEST, draws, keyed, opened},
    },
};

/// The inputs of one row, all of one holder, which the scheme does not mind.
pub(crate) fn encrypted(model: &Model, key: &JointKey, bins: &[u8]) -> Vec<(usize, OneHot)> {
    let encrypt = |(feature, &bin): (usize, &u8)| {
        let many = usize::from(model.features()[feature].quantiser.bins());
        let mut draws = draws(&format!("input {feature}"));
        (feature, OneHot::new(key, 0, feature, (bin.into(), many), &mut draws).unwrap())
    };
    bins.iter().enumerate().map(encrypt).collect()
}

pub(crate) fn inputs(encrypted: &[(usize, OneHot)]) -> Inputs {
    Inputs::new(encrypted.iter().map(|(feature, one)| (*feature, one)))
}

#[test]
fn one_seed_gives_one_evaluation_and_another_seed_another() {
    let model = Model::from_json(SEED.as_bytes()).unwrap();
    let plan = Plan::of(&model).unwrap();
    let (_, bins, _) = rows(SEED_ROWS, 39).remove(0);
    let (_, key) = keyed(REQUEST, 3);
    let inputs = inputs(&encrypted(&model, &key, &bins));
    let bytes = |seed: u8| Evaluation::new(&plan, &inputs, &key, &[seed; 32], 16).unwrap().to_bytes();
    assert_eq!(bytes(1), bytes(1));
    assert_ne!(bytes(1), bytes(2));
    assert_ne!(seed_commitment(&[1; 32]), seed_commitment(&[2; 32]));
}

#[test]
fn more_values_than_announced_are_refused_and_so_are_values_without_encryption() {
    let (_, key) = keyed(REQUEST, 3);
    let values: Vec<_> = (0..17).map(|at| Ciphertext::encrypt(&key, 1, &mut draws(&at.to_string()))).collect();
    let bytes = ciphertexts_to(&values);
    assert_eq!(Evaluation::from_bytes(&bytes, 16), Err(Refused::Count { found: 17, announced: 16 }));
    assert!(Evaluation::from_bytes(&bytes, 17).is_ok());
    assert!(Evaluation::from_bytes(&bytes[..bytes.len() - 1], 17).is_err());
    assert_eq!(Evaluation::from_bytes(&ciphertexts_to(&[Ciphertext::clear(1)]), 1), Err(Refused::Bare));
    let plan = Plan::of(&Model::from_json(SEED.as_bytes()).unwrap()).unwrap();
    let refused = Evaluation::new(&plan, &inputs(&[]), &key, &[1; 32], 8);
    assert_eq!(refused, Err(Refused::Count { found: 10, announced: 8 }));
    assert!(matches!(Evaluation::new(&plan, &inputs(&[]), &key, &[1; 32], 16), Err(Refused::Missing(_))));
}

#[test]
fn a_lender_beside_the_one_who_opens_cannot_read_a_cost_by_its_own_factors() {
    let (owns, key) = keyed(REQUEST, 3);
    // it knows its factors (here 1) and sends the costs 1 to 8 as they are
    let mut values: Vec<_> =
        (1..=8).map(|cost| Ciphertext::encrypt(&key, cost, &mut draws(&cost.to_string()))).collect();
    let before: Vec<_> = opened(&key, &owns, &values).iter().map(|one| one.small(8)).collect();
    assert_eq!(before, (1..=8).map(Some).collect::<Vec<_>>());
    for holder in 0..3 {
        values = Blinding::new(&key, holder, &values, &mut draws(&format!("blind {holder}"))).values();
    }
    let after = opened(&key, &owns, &values);
    assert!(after.iter().all(|one| one.small(10_000).is_none()));
    // nor are two of them in the proportion of their costs
    assert!(!after.iter().skip(1).any(|one| Opened(one.0 - after[0].0 - after[0].0).is_zero()));
}
