use super::*;

pub(crate) const REQUEST: [u8; 32] = [9; 32];

pub(crate) fn draws(name: &str) -> Draws {
    Draws::new("test", name.as_bytes(), &[3; 32])
}

/// The key shares of so many holders and their joint key.
pub(crate) fn keyed(request: [u8; 32], holders: usize) -> (Vec<KeyShare>, JointKey) {
    let owns: Vec<_> =
        (0..holders).map(|who| KeyShare::generate(request, who, &mut draws(&format!("key {who}")))).collect();
    let commitments: Vec<_> = owns.iter().map(KeyShare::commitment).collect();
    let reveals: Vec<_> = owns.iter().map(KeyShare::reveal).collect();
    let key = JointKey::combine(request, &commitments, &reveals).unwrap();
    (owns, key)
}

pub(crate) fn opened(key: &JointKey, owns: &[KeyShare], values: &[Ciphertext]) -> Vec<Opened> {
    let share = |own: &KeyShare| {
        let share = Share::new(key, own, values, &mut draws(&format!("share {}", own.holder()))).unwrap();
        Share::from_bytes(&share.to_bytes(), values.len()).unwrap()
    };
    open(key, values, &owns.iter().map(share).collect::<Vec<_>>()).unwrap()
}

/// A proof made by the book over an encoding that is not one-hot, claiming the bin `hot`.
fn forged(key: &JointKey, numbers: &[u64], hot: usize) -> OneHot {
    let mut draws = draws("forged");
    let randomness: Vec<Scalar> = numbers.iter().map(|_| draws.scalar()).collect();
    let bins = numbers.iter().zip(&randomness).map(|(&number, fresh)| Ciphertext {
        c: RISTRETTO_BASEPOINT_TABLE * fresh,
        d: key.times(fresh) + RISTRETTO_BASEPOINT_TABLE * &Scalar::from(number),
    });
    OneHot::prove(key, (0, 0), hot, bins.collect(), &randomness, &mut draws)
}

fn verified(key: &JointKey, inputs: &[(usize, usize, &OneHot)]) -> Result<(), Refused> {
    OneHot::verify_all(key, inputs, &mut draws("weights"))
}

fn input(key: &JointKey, holder: usize, feature: usize) -> OneHot {
    OneHot::new(key, holder, feature, (3, 8), &mut draws(&format!("input {holder} {feature}"))).unwrap()
}

#[test]
fn two_to_five_holders_open_sums_and_differences_of_what_was_encrypted() {
    for holders in 2..=5 {
        let (owns, key) = keyed(REQUEST, holders);
        let mut draws = draws("numbers");
        let [two, five] = [2, 5].map(|number| Ciphertext::encrypt(&key, number, &mut draws));
        let values = [two, five, five + two, five - two, two - two.rerandomised(&key, &mut draws), two - five];
        let numbers: Vec<_> = opened(&key, &owns, &values).iter().map(|one| one.small(10)).collect();
        assert_eq!(numbers, [Some(2), Some(5), Some(7), Some(3), Some(0), None]);
        assert!(!Ciphertext::nonzero(&key, &mut draws).is_bare());
    }
}

#[test]
fn every_bin_of_every_number_of_bins_is_proven_and_opens_as_one_hot() {
    let (owns, key) = keyed(REQUEST, 2);
    for bins in [2, 3, 5, 8, 33, 64] {
        for hot in [0, 1, bins / 2, bins - 1] {
            let made = OneHot::new(&key, 1, 4, (hot, bins), &mut draws("one-hot")).unwrap();
            let read = OneHot::from_bytes(&made.to_bytes(), bins).unwrap();
            assert_eq!(verified(&key, &[(1, 4, &read)]), Ok(()));
            let zeros: Vec<bool> = opened(&key, &owns, read.bins()).iter().map(Opened::is_zero).collect();
            assert_eq!(zeros, (0..bins).map(|bin| bin != hot).collect::<Vec<_>>());
        }
    }
}

#[test]
fn an_all_zero_encoding_is_refused() {
    let (_, key) = keyed(REQUEST, 3);
    for hot in 0..4 {
        assert_eq!(verified(&key, &[(0, 0, &forged(&key, &[0; 4], hot))]), Err(Refused::Input));
    }
    assert_eq!(verified(&key, &[(0, 0, &forged(&key, &[0, 0, 1, 0], 2))]), Ok(()));
}

#[test]
fn a_two_hot_encoding_is_refused() {
    let (_, key) = keyed(REQUEST, 3);
    for hot in 0..4 {
        assert_eq!(verified(&key, &[(0, 0, &forged(&key, &[0, 1, 1, 0], hot))]), Err(Refused::Input));
    }
}

#[test]
fn a_bin_that_is_not_there_and_a_number_other_than_one_are_refused() {
    let (_, key) = keyed(REQUEST, 3);
    // the fourth bin of three stands only in the padding to a power of two
    assert_eq!(verified(&key, &[(0, 0, &forged(&key, &[0; 3], 3))]), Err(Refused::Input));
    assert_eq!(verified(&key, &[(0, 0, &forged(&key, &[0, 2, 0, 0], 1))]), Err(Refused::Input));
    let (bin, bins) = (8, 8);
    assert_eq!(OneHot::new(&key, 0, 0, (bin, bins), &mut draws("past")), Err(Refused::Bin { bin, bins }));
    let bytes = input(&key, 0, 0).to_bytes();
    assert_eq!(OneHot::from_bytes(&bytes, 7), Err(Refused::Malformed));
    assert_eq!(OneHot::from_bytes(&bytes[..bytes.len() - 1], 8), Err(Refused::Malformed));
}

#[test]
fn an_input_replayed_from_another_request_is_refused() {
    let (_, key) = keyed(REQUEST, 3);
    let (_, other) = keyed([8; 32], 3);
    // the same shares, and so the same sum: only the request differs
    assert_eq!(key.point(), other.point());
    let made = input(&other, 0, 0);
    assert_eq!(verified(&other, &[(0, 0, &made)]), Ok(()));
    assert_eq!(verified(&key, &[(0, 0, &made)]), Err(Refused::Input));
}

#[test]
fn an_input_copied_by_another_holder_or_for_another_feature_is_refused() {
    let (_, key) = keyed(REQUEST, 3);
    let made = input(&key, 0, 0);
    assert_eq!(verified(&key, &[(1, 0, &made)]), Err(Refused::Input));
    assert_eq!(verified(&key, &[(0, 1, &made)]), Err(Refused::Input));
}

#[test]
fn the_same_ciphertext_from_two_holders_is_refused() {
    let (_, key) = keyed(REQUEST, 3);
    let (made, other) = (input(&key, 0, 0), input(&key, 1, 1));
    assert_eq!(verified(&key, &[(0, 0, &made), (1, 1, &other)]), Ok(()));
    assert_eq!(verified(&key, &[(0, 0, &made), (1, 1, &made)]), Err(Refused::Copied));
}

#[test]
fn every_changed_byte_of_an_input_is_refused() {
    let (_, key) = keyed(REQUEST, 2);
    let good = input(&key, 0, 0).to_bytes();
    for at in (0..good.len()).step_by(31) {
        let mut bytes = good.clone();
        bytes[at] ^= 2;
        let read = OneHot::from_bytes(&bytes, 8);
        assert!(
            read.is_err_and(|why| why == Refused::Malformed) || {
                let read = OneHot::from_bytes(&bytes, 8).unwrap();
                verified(&key, &[(0, 0, &read)]).is_err()
            }
        );
    }
}

#[test]
fn a_rogue_key_is_refused() {
    let mut own = draws("own");
    let honest = KeyShare::generate(REQUEST, 0, &mut own);
    let rogue = KeyShare::generate(REQUEST, 1, &mut own);
    // the joint key would be the rogue's own: its share is that minus the honest one
    let mut bytes = rogue.reveal().to_bytes();
    let point = |bytes: &[u8]| Reader::new(bytes).point().unwrap();
    let difference = point(&bytes) - point(&honest.reveal().to_bytes());
    bytes[..32].copy_from_slice(difference.compress().as_bytes());
    let forged = Reveal::from_bytes(&bytes).unwrap();
    let commitments = [honest.commitment(), rogue.commitment()];
    let combined = |reveals: &[Reveal]| JointKey::combine(REQUEST, &commitments, reveals).map(|_| ());
    assert_eq!(combined(&[honest.reveal(), forged]), Err(Refused::Uncommitted(1)));
    assert_eq!(combined(&[honest.reveal()]), Err(Refused::Holders));
    // and committed to in time, it has no proof
    let committed = [honest.commitment(), forged.commitment(&REQUEST, 1)];
    let combined = JointKey::combine(REQUEST, &committed, &[honest.reveal(), forged]).map(|_| ());
    assert_eq!(combined, Err(Refused::Possession(1)));
}

#[test]
fn a_key_without_a_proof_of_possession_for_this_request_and_holder_is_refused() {
    let owns: Vec<_> = (0..2).map(|who| KeyShare::generate(REQUEST, who, &mut draws(&who.to_string()))).collect();
    let [first, second] = [owns[0].reveal(), owns[1].reveal()];
    let combined = |request: [u8; 32], reveals: [Reveal; 2]| {
        let commitments = [reveals[0].commitment(&request, 0), reveals[1].commitment(&request, 1)];
        JointKey::combine(request, &commitments, &reveals).map(|_| ())
    };
    assert_eq!(combined(REQUEST, [first, second]), Ok(()));
    assert_eq!(combined([8; 32], [first, second]), Err(Refused::Possession(0)));
    assert_eq!(combined(REQUEST, [first, first]), Err(Refused::Possession(1)));
    let mut bare = second.to_bytes();
    bare[32..].fill(0);
    assert_eq!(combined(REQUEST, [first, Reveal::from_bytes(&bare).unwrap()]), Err(Refused::Possession(1)));
    assert_eq!(Reveal::from_bytes(&bare[..32]), Err(Refused::Malformed));
}

fn values(key: &JointKey) -> Vec<Ciphertext> {
    [0, 1, 2].map(|number| Ciphertext::encrypt(key, number, &mut draws(&format!("value {number}")))).to_vec()
}

#[test]
fn blinding_leaves_zeros_and_hides_everything_else() {
    let (owns, key) = keyed(REQUEST, 3);
    let mut all = values(&key);
    for holder in 0..3 {
        let turn = Blinding::new(&key, holder, &all, &mut draws(&format!("blind {holder}")));
        let turn = Blinding::from_bytes(&turn.to_bytes(), all.len()).unwrap();
        assert_eq!(turn.verify(&key, holder, &all, &mut draws("weights")), Ok(()));
        all = turn.values();
    }
    let opened: Vec<_> = opened(&key, &owns, &all).iter().map(|one| one.small(10_000)).collect();
    assert_eq!(opened, [Some(0), None, None]);
}

#[test]
fn a_skipped_or_zero_blinding_is_refused() {
    let (_, key) = keyed(REQUEST, 3);
    let all = values(&key);
    let drawn = draws("factor").scalar();
    for bad in [Scalar::ZERO, Scalar::ONE] {
        for at in 0..3 {
            let mut factors = [drawn; 3];
            factors[at] = bad;
            let turn = Blinding::by(&key, 1, &all, &factors, &mut draws("blind"));
            assert_eq!(turn.verify(&key, 1, &all, &mut draws("weights")), Err(Refused::Blinding(1)));
        }
    }
    let turn = Blinding::new(&key, 1, &all[..2], &mut draws("blind"));
    let few = Refused::Count { found: 2, announced: 3 };
    assert_eq!(turn.verify(&key, 1, &all, &mut draws("weights")), Err(few));
}

#[test]
fn a_blinding_of_another_holder_request_or_value_is_refused() {
    let (_, key) = keyed(REQUEST, 3);
    let (_, other) = keyed([8; 32], 3);
    let all = values(&key);
    let turn = Blinding::new(&key, 1, &all, &mut draws("blind"));
    let refused = |key: &JointKey, holder, all: &[Ciphertext]| {
        assert_eq!(turn.verify(key, holder, all, &mut draws("weights")), Err(Refused::Blinding(holder)));
    };
    refused(&key, 2, &all);
    refused(&other, 1, &all);
    refused(&key, 1, &[all[1], all[0], all[2]]);
    // another zero put where a holder had a number
    let mut bytes = turn.to_bytes();
    bytes.copy_within(..64, 160);
    let swapped = Blinding::from_bytes(&bytes, 3).unwrap();
    assert_eq!(swapped.verify(&key, 1, &all, &mut draws("weights")), Err(Refused::Blinding(1)));
}

#[test]
fn a_wrong_replayed_or_foreign_share_is_refused() {
    let (owns, key) = keyed(REQUEST, 3);
    let (others, other) = keyed([8; 32], 3);
    let all = values(&key);
    let share = |key: &JointKey, own: &KeyShare, values: &[Ciphertext]| {
        Share::new(key, own, values, &mut draws(&format!("share {}", own.holder()))).unwrap()
    };
    let good: Vec<_> = owns.iter().map(|own| share(&key, own, &all)).collect();
    assert!(open(&key, &all, &good).is_ok());
    let opened = |first: Share| open(&key, &all, &[first, good[1].clone(), good[2].clone()]).map(|_| ());
    // another holder's, another request's, of other values, and changed
    assert_eq!(opened(good[1].clone()), Err(Refused::Share(0)));
    assert_eq!(opened(share(&other, &others[0], &all)), Err(Refused::Share(0)));
    assert_eq!(opened(share(&key, &owns[0], &[all[1], all[0], all[2]])), Err(Refused::Share(0)));
    let mut bytes = good[0].to_bytes();
    bytes.copy_within(..32, 32);
    assert_eq!(opened(Share::from_bytes(&bytes, 3).unwrap()), Err(Refused::Share(0)));
    let few = Refused::Count { found: 2, announced: 3 };
    assert_eq!(opened(share(&key, &owns[0], &all[..2])), Err(few));
    let (foreign, _) = keyed(REQUEST, 4);
    assert_eq!(Share::new(&key, &foreign[3], &all, &mut draws("x")).unwrap_err(), Refused::Holders);
}

#[test]
fn two_of_three_shares_open_nothing() {
    let (owns, key) = keyed(REQUEST, 3);
    let all = values(&key);
    let shares: Vec<_> =
        owns[..2].iter().map(|own| Share::new(&key, own, &all, &mut draws("share")).unwrap()).collect();
    assert_eq!(open(&key, &all, &shares), Err(Refused::Holders));
    // nor does what they can compute
    for (at, value) in all.iter().enumerate() {
        let rest = |share: &Share| Reader::new(&share.to_bytes()[at * 32..]).point().unwrap();
        assert_eq!(Opened(value.d - rest(&shares[0]) - rest(&shares[1])).small(1_000), None);
    }
}

#[test]
fn a_lender_that_adds_an_input_to_a_number_is_refused() {
    let (owns, key) = keyed(REQUEST, 3);
    let (_, other) = keyed([8; 32], 3);
    let known = Known::new(&key, "test", &[signed(5), signed(-2)], &mut draws("known"));
    let good = known.to_bytes();
    let read = |bytes: &[u8], key: &JointKey, step: &'static str| {
        Known::from_bytes(bytes, 2).unwrap().verify(key, step, &mut draws("weights"))
    };
    assert_eq!(read(&good, &key, "test"), Ok(()));
    assert_eq!(read(&good, &key, "other"), Err(Refused::Known));
    assert_eq!(read(&good, &other, "test"), Err(Refused::Known));
    let input = input(&key, 0, 0).bins()[3];
    let mut bytes = good.clone();
    bytes[..64].copy_from_slice(&ciphertexts_to(&[known.values()[0] + input]));
    assert_eq!(read(&bytes, &key, "test"), Err(Refused::Known));
    let opened = opened(&key, &owns, &known.values());
    assert_eq!((opened[0].small(9), opened[1].minus(-2).small(0)), (Some(5), Some(0)));
}
