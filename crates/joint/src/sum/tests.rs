use super::*;
use crate::scheme::{
    Blinding, KeyShare, OneHot,
    tests::{REQUEST, draws, keyed, opened},
};

const BINS: u8 = 8;

fn encrypted(key: &JointKey, bins: &[u8]) -> Inputs {
    let encrypt = |(feature, &bin): (usize, &u8)| {
        let mut draws = draws(&format!("input {feature}"));
        (feature, OneHot::new(key, 0, feature, (bin.into(), BINS.into()), &mut draws).unwrap())
    };
    let made: Vec<_> = bins.iter().enumerate().map(encrypt).collect();
    Inputs::new(made.iter().map(|(feature, one)| (*feature, one)))
}

/// Numbers without any order to the eye.
fn mixed(of: usize) -> usize {
    of.wrapping_mul(2_654_435_761) >> 7
}

#[test]
fn a_scorecard_of_twenty_features_opens_its_exact_sum() {
    let points = |feature: usize| (0..usize::from(BINS)).map(move |bin| (mixed(feature * 8 + bin) % 401) as i32 - 200);
    let card = Scorecard::new((0..20).map(|feature| points(feature).collect()).collect()).unwrap();
    let (owns, key) = keyed(REQUEST, 3);
    for row in 0..4 {
        let bins: Vec<u8> = (0..20).map(|feature| (mixed(row * 20 + feature) % 8) as u8).collect();
        let value = card.evaluate(&encrypted(&key, &bins), &key, &[4; 32]).unwrap();
        let opened = opened(&key, &owns, &[value]);
        assert_eq!(card.range().sum(&opened[0]), card.sum_of(&bins));
        assert!(card.sum_of(&bins).is_some());
    }
}

/// Trees of four leaves over two features each.
fn trees(many: usize) -> Ensemble {
    let tree = |tree: usize| {
        let (first, second) = (tree % 3, 3 + tree % 2);
        let leaf = |at: usize| {
            let half = |feature: usize, path: Path, upper: bool| {
                let cut = (mixed(tree + feature) % 7) as u8;
                if upper { path.narrowed(feature, cut + 1, BINS - 1) } else { path.narrowed(feature, 0, cut) }
            };
            let path = half(second, half(first, Path::default(), at & 1 == 1).unwrap(), at & 2 == 2).unwrap();
            (path, (mixed(tree * 4 + at) % 100_000) as i32 - 50_000)
        };
        (0..3 + tree % 2).map(leaf).collect::<Vec<_>>()
    };
    // the even ones have three leaves: their fourth is joined to the second
    let joined = |mut leaves: Vec<(Path, i32)>, tree: usize| {
        if leaves.len() == 3 {
            leaves[1].0 = Path::default().narrowed(tree % 3, (mixed(tree + tree % 3) % 7) as u8 + 1, BINS - 1).unwrap();
        }
        leaves
    };
    Ensemble::new((0..many).map(|at| joined(tree(at), at)).collect()).unwrap()
}

fn run(ensemble: &Ensemble, key: &JointKey, owns: &[KeyShare], bins: &[u8]) -> Vec<Opened> {
    let sent = ensemble.evaluate(&encrypted(key, bins), key, &[4; 32]).unwrap();
    let read = Summands::from_bytes(&sent.to_bytes(), ensemble.announced(), key, &mut draws("weights")).unwrap();
    assert_eq!(read, sent);
    let mut values = read.conditions();
    for holder in 0..owns.len() {
        values = Blinding::new(key, holder, &values, &mut draws(&format!("blind {holder}"))).values();
    }
    opened(key, owns, &read.opened_from(&values).unwrap())
}

#[test]
fn an_ensemble_opens_its_exact_sum_and_no_number_of_one_tree() {
    let ensemble = trees(6);
    let (owns, key) = keyed(REQUEST, 3);
    for row in 0..3 {
        let bins: Vec<u8> = (0..5).map(|feature| (mixed(row * 5 + feature + 3) % 8) as u8).collect();
        let opened = run(&ensemble, &key, &owns, &bins);
        let sum = ensemble_sum(&opened, ensemble.announced(), ensemble.range());
        assert!(sum.is_some());
        assert_eq!(sum, ensemble.sum_of(&bins));
        assert!(opened[24..].iter().all(|one| one.minus(-50_000).found(100_000).is_none()));
    }
}

#[test]
fn more_leaves_than_announced_and_sums_too_far_apart_are_refused() {
    let (_, key) = keyed(REQUEST, 2);
    let ensemble = trees(2);
    let sent = ensemble.evaluate(&encrypted(&key, &[0; 5]), &key, &[4; 32]).unwrap();
    let refused = Summands::from_bytes(&sent.to_bytes(), (2, 2), &key, &mut draws("weights"));
    assert_eq!(refused, Err(Refused::Count { found: 8, announced: 4 }));
    assert_eq!(Scorecard::new(vec![vec![i32::MIN, i32::MAX]]), Err(SumError::Wide(u32::MAX.into())));
    assert_eq!(Scorecard::new(vec![vec![1]]), Err(SumError::Empty));
    assert_eq!(Scorecard::new(vec![]), Err(SumError::Empty));
    assert_eq!(Ensemble::new(vec![vec![]]), Err(SumError::Empty));
    assert_eq!(Ensemble::new(vec![vec![(Path::default(), 1)]; MOST_VALUES + 1]), Err(SumError::Leaves));
}

#[test]
fn a_scorecards_file_gives_each_feature_its_points_and_its_holder() {
    let read = |text: &str| ScorecardFile::from_json(text.as_bytes());
    let text = r#"{"feature_names": ["a", "b", "c"], "points": [[0, 5], [1, -2, 3], [7, 8]], "threshold": 9}"#;
    let file = read(text).unwrap();
    assert_eq!(file.features, [("a".to_owned(), 0), ("b".to_owned(), 1), ("c".to_owned(), 2)]);
    assert_eq!((file.card.sum_of(&[1, 1, 0]), file.threshold), (Some(10), 9));
    assert!(matches!(read("{}"), Err(ScorecardError::Json(_))));
    assert!(matches!(read(&text.replace("\"a\", ", "")), Err(ScorecardError::Features { names: 2, points: 3 })));
    assert!(matches!(read(&text.replace("[0, 5]", "[0]")), Err(ScorecardError::Points(SumError::Empty))));
    let slices = text.replace("9}", "9, \"party_slices\": [[0, 1]]}");
    assert!(matches!(read(&slices), Err(ScorecardError::Slices(_))));
}
