use super::*;
use crate::{record::Counter, view::MemoryView};
use ct_merkle::mem_backed_tree::MemoryBackedTree;
use data_encoding::HEXLOWER as HEX;
use proptest::prelude::*;

type Model = MemoryBackedTree<Sha256, [u8; 32]>;

/// Our tree over that many items, made by one draft.
struct Ours(MemoryView);

impl Ours {
    fn over(items: &[Digest]) -> Self {
        let mut view = MemoryView::default();
        let mut draft = Draft::over(&view);
        for (index, item) in (0u64..).zip(items) {
            append(&mut draft, index, *item).unwrap();
        }
        let outline = draft.finish();
        view.apply(outline.changes);
        Self(view)
    }

    fn ask<T>(&self, ask: impl FnOnce(&Draft<'_>) -> Result<T, ConsentError>) -> T {
        ask(&Draft::over(&self.0)).unwrap()
    }
}

fn items(count: u64) -> Vec<Digest> {
    (0..count).map(|number| Digest(Sha256::digest(number.to_be_bytes()).into())).collect()
}

fn model(items: &[Digest]) -> Model {
    let mut model = Model::new();
    items.iter().for_each(|item| model.push(item.0));
    model
}

fn root_of(model: &Model) -> Digest {
    Digest((*model.root().as_bytes()).into())
}

#[test]
fn every_root_is_the_other_implementations() {
    let all = items(130);
    let ours = Ours::over(&all);
    for size in 1..=all.len() {
        let head = ours.ask(|draft| head_at(draft, size as u64));
        assert_eq!(head.root, root_of(&model(&all[..size])), "{size}");
    }
}

#[test]
fn every_inclusion_proof_is_the_other_implementations_and_holds() {
    let all = items(130);
    let ours = Ours::over(&all);
    for size in 1..=all.len() {
        let model = model(&all[..size]);
        let head = ours.ask(|draft| head_at(draft, size as u64));
        for (index, item) in all[..size].iter().enumerate() {
            let proof = ours.ask(|draft| inclusion(draft, index as u64, size as u64));
            assert_eq!(flat(&proof), model.prove_inclusion(index).as_bytes(), "{index} in {size}");
            assert!(proves_inclusion(&head, index as u64, item, &proof));
        }
    }
}

#[test]
fn every_consistency_proof_is_the_other_implementations_and_holds() {
    let all = items(130);
    let ours = Ours::over(&all);
    for size in 1..=all.len() {
        let model = model(&all[..size]);
        let head = ours.ask(|draft| head_at(draft, size as u64));
        for since in 1..=size {
            let proof = ours.ask(|draft| consistency(draft, since as u64, size as u64));
            assert_eq!(flat(&proof), model.prove_consistency(size - since).as_bytes(), "{since} to {size}");
            let old = ours.ask(|draft| head_at(draft, since as u64));
            assert!(proves_consistency(&old, &head, &proof), "{since} to {size}");
        }
    }
}

/// The inputs and roots of the reference implementation of RFC 6962 (certificate-transparency,
/// cpp/merkletree/merkle_tree_test.cc), from one leaf to eight.
const KNOWN: [(&str, &str); 8] = [
    ("", "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"),
    ("00", "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"),
    ("10", "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77"),
    ("2021", "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"),
    ("3031", "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4"),
    ("40414243", "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef"),
    ("5051525354555657", "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c"),
    ("606162636465666768696a6b6c6d6e6f", "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"),
];

/// The published vectors hash leaves of any length; ours are hashes. The tree above the leaves is the same code.
#[test]
fn roots_are_those_of_rfc_6962() {
    let empty = Ours::over(&[]).ask(|draft| head_at(draft, 0));
    assert_eq!(empty.root.to_string(), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    let mut view = MemoryView::default();
    for (index, (input, root)) in (0u64..).zip(KNOWN) {
        let leaf = HEX.decode(input.as_bytes()).unwrap();
        let hash = Digest(Sha256::new().chain_update([0]).chain_update(&leaf).finalize().into());
        let mut draft = Draft::over(&view);
        append_hash(&mut draft, index, hash).unwrap();
        let outline = draft.finish();
        view.apply(outline.changes);
        let head = head_at(&Draft::over(&view), index + 1).unwrap();
        assert_eq!(head.root.to_string(), root, "{} leaves", index + 1);
    }
    assert_eq!(leaf_hash(&Digest([7; 32])).0, *Sha256::digest([&[0][..], &[7; 32]].concat()));
}

#[test]
fn a_proof_for_another_index_item_size_or_root_does_not_hold() {
    let all = items(13);
    let ours = Ours::over(&all);
    let head = ours.ask(|draft| head_at(draft, 13));
    let proof = ours.ask(|draft| inclusion(draft, 5, 13));
    assert!(proves_inclusion(&head, 5, &all[5], &proof));
    for index in (0..20).filter(|index| *index != 5) {
        assert!(!proves_inclusion(&head, index, &all[5], &proof), "{index}");
    }
    assert!(!proves_inclusion(&head, 5, &all[6], &proof));
    assert!(!proves_inclusion(&TreeHead { root: Digest([0; 32]), ..head }, 5, &all[5], &proof));
    for at in 0..proof.len() {
        let mut wrong = proof.clone();
        wrong[at].0[0] ^= 1;
        assert!(!proves_inclusion(&head, 5, &all[5], &wrong));
    }
    assert!(!proves_inclusion(&head, 5, &all[5], &proof[1..]));
    assert!(!proves_inclusion(&head, 5, &all[5], &[&proof[..], &[Digest([0; 32])]].concat()));
}

#[test]
fn sizes_and_indices_from_a_hostile_peer_are_answered_with_no() {
    let huge = |size| TreeHead { size, root: Digest([1; 32]), epoch: None };
    for size in [0, 1, MOST, MOST + 1, u64::MAX / 2, u64::MAX / 2 + 1, u64::MAX] {
        for index in [0, 1, MOST - 1, size.wrapping_sub(1), size, u64::MAX] {
            for hashes in [0, 1, 62, 65] {
                let proof = vec![Digest([2; 32]); hashes];
                assert!(!proves_inclusion(&huge(size), index, &Digest([3; 32]), &proof));
                if index != size {
                    assert!(!proves_consistency(&huge(index), &huge(size), &proof));
                }
            }
        }
    }
}

#[test]
fn a_log_that_does_not_continue_another_is_not_proven_to() {
    let all = items(20);
    let mut forged = all.clone();
    forged[3] = Digest([0; 32]);
    let (ours, theirs) = (Ours::over(&all), Ours::over(&forged));
    for since in 4..20u64 {
        let seen = ours.ask(|draft| head_at(draft, since));
        let shown = theirs.ask(|draft| head_at(draft, 20));
        let proof = theirs.ask(|draft| consistency(draft, since, 20));
        assert!(!proves_consistency(&seen, &shown, &proof), "{since}");
    }
    let head = ours.ask(|draft| head_at(draft, 20));
    assert!(proves_consistency(&head, &head, &[]));
    assert!(!proves_consistency(&head, &head, &[Digest([0; 32])]));
    let smaller = ours.ask(|draft| head_at(draft, 4));
    assert!(!proves_consistency(&head, &smaller, &[]), "a log does not shrink");
}

#[test]
fn what_is_not_in_the_log_has_no_proof() {
    let ours = Ours::over(&items(4));
    let draft = Draft::over(&ours.0);
    assert!(inclusion(&draft, 4, 4).is_err());
    assert!(inclusion(&draft, 0, 0).is_err());
    assert!(consistency(&draft, 5, 4).is_err());
    assert_eq!(consistency(&draft, 0, 4).unwrap(), []);
    assert!(head_at(&draft, 5).is_err(), "entries that are not there have no hash");
    assert_eq!(draft.get::<Counter>(Counter::LOG).unwrap().unwrap_or_default().0, 0);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn larger_trees_agree_with_the_other_implementation(
        size in 131u64..3000,
        index in any::<prop::sample::Index>(),
        since in any::<prop::sample::Index>(),
    ) {
        let all = items(size);
        let (ours, model) = (Ours::over(&all), model(&all));
        let head = ours.ask(|draft| head_at(draft, size));
        prop_assert_eq!(head.root, root_of(&model));
        let index = index.index(all.len());
        let proof = ours.ask(|draft| inclusion(draft, index as u64, size));
        prop_assert_eq!(flat(&proof), model.prove_inclusion(index).as_bytes().to_vec());
        prop_assert!(proves_inclusion(&head, index as u64, &all[index], &proof));
        let since = 1 + since.index(all.len());
        let proof = ours.ask(|draft| consistency(draft, since as u64, size));
        prop_assert_eq!(flat(&proof), model.prove_consistency(all.len() - since).as_bytes().to_vec());
        let old = ours.ask(|draft| head_at(draft, since as u64));
        prop_assert!(proves_consistency(&old, &head, &proof));
    }
}
