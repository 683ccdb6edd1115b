use super::*;
use crate::engine::MemoryEngine;

const COUNT: u32 = 2_000;

impl<E: Engine> Packed<E> {
    /// As after a restart: what is known of the trees is forgotten.
    pub(crate) fn opened_anew(self) -> Self {
        Self::over(self.engine, self.sizes).unwrap()
    }
}

fn packed(sizes: Sizes) -> Packed<MemoryEngine> {
    Packed::over(MemoryEngine::default(), sizes).unwrap()
}

/// A key that lands anywhere, as a hash does.
fn scattered(n: u32) -> [u8; 8] {
    (u64::from(n) + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15).to_be_bytes()
}

fn value(n: u32) -> Vec<u8> {
    let length = if n.is_multiple_of(3) { 300 } else { 40 };
    n.to_be_bytes().into_iter().cycle().take(length).collect()
}

/// Records beneath: fresh ones, and blocks and tiles.
fn beneath(packed: &Packed<MemoryEngine>, tree: &str) -> (usize, usize) {
    let count = |name: &str| packed.engine.scan(name, &[], None, usize::MAX).unwrap().len();
    (count(tree), count(&named(tree, BLOCKS)) + count(&named(tree, TILES)))
}

fn fill(packed: &Packed<MemoryEngine>, key: impl Fn(u32) -> Vec<u8>) {
    for n in 0..COUNT {
        let mut batch = Batch::new();
        batch.put("t", &key(n), value(n));
        packed.commit(&batch).unwrap();
    }
}

#[test]
fn a_long_history_becomes_few_records_in_order_of_arrival_or_of_hashes() {
    for key in [|n: u32| n.to_be_bytes().to_vec(), |n: u32| scattered(n).to_vec()] {
        let packed = packed(Sizes::USUAL);
        fill(&packed, key);
        let (fresh, large) = beneath(&packed, "t");
        assert!(fresh <= Sizes::USUAL.fresh, "{fresh} fresh records");
        assert!(large * 15 < COUNT as usize, "{large} blocks and tiles");
        for n in 0..COUNT {
            assert_eq!(packed.get("t", &key(n)).unwrap().unwrap(), value(n));
        }
        assert_eq!(packed.scan("t", &[], None, usize::MAX).unwrap().len(), COUNT as usize);
    }
}

#[test]
fn series_that_lie_one_after_the_other_fill_their_blocks_each_at_its_end() {
    let packed = packed(Sizes::USUAL);
    // as the nodes of a hash tree: a level's, then those of the next, which are half as many
    let nodes = |n: u32| {
        (0u8..).map_while(move |level| Some((level, n >> level)).filter(|_| n.trailing_ones() >= level.into()))
    };
    for n in 0..10 * COUNT {
        let mut batch = Batch::new();
        for (level, index) in nodes(n) {
            batch.put("nodes", &[&[level][..], &index.to_be_bytes()].concat(), [7; 32]);
        }
        packed.commit(&batch).unwrap();
    }
    let blocks = packed.engine.scan("nodes_b", &[], None, usize::MAX).unwrap();
    let bytes: usize = blocks.iter().map(|(_, block)| block.len()).sum();
    assert!(bytes > 1 << 20, "{bytes} bytes");
    assert!(blocks.len() < 2 * bytes / Sizes::USUAL.grown + 20, "{} blocks of {bytes} bytes", blocks.len());
}

#[test]
fn a_tree_with_few_records_stays_as_it_is_however_often_they_change() {
    let packed = packed(Sizes::SMALL);
    for n in 0..COUNT {
        let mut batch = Batch::new();
        batch.put("state", &[(n % 5) as u8], value(n));
        packed.commit(&batch).unwrap();
    }
    assert_eq!(beneath(&packed, "state"), (5, 0));
    assert_eq!(packed.engine.trees().unwrap(), ["state"]);
}

#[test]
fn what_is_replaced_or_removed_leaves_nothing_behind_once_all_has_moved() {
    let packed = packed(Sizes::SMALL);
    for round in 0..6u32 {
        for n in 0..100 {
            let mut batch = Batch::new();
            match (n + round) % 4 {
                0 => batch.delete("t", &scattered(n)),
                _ => batch.put("t", &scattered(n), value(n + round)),
            };
            packed.commit(&batch).unwrap();
        }
    }
    for n in 0..100 {
        let mut batch = Batch::new();
        batch.delete("t", &scattered(n));
        packed.commit(&batch).unwrap();
        assert_eq!(packed.get("t", &scattered(n)).unwrap(), None);
    }
    assert_eq!(packed.scan("t", &[], None, 9).unwrap(), []);
    assert_eq!(packed.last("t").unwrap(), None);
    // as many others go through every block
    for n in 1_000..1_400 {
        let mut batch = Batch::new();
        batch.put("t", &scattered(n), value(n));
        packed.commit(&batch).unwrap();
    }
    let held: usize = ["t_t", "t_b"]
        .iter()
        .flat_map(|tree| packed.engine.scan(tree, &[], None, usize::MAX).unwrap())
        .map(|(_, bytes)| block::records(&bytes).count())
        .sum();
    let (gone, fresh) = (packed.engine.scan("t_g", &[], None, 999).unwrap().len(), beneath(&packed, "t").0);
    // a record in a tile has an entry in a block too
    assert!(held + fresh + gone < 400 * 4 / 3 + 60, "{held} held, {fresh} fresh, {gone} removed and not let go");
}

#[test]
fn a_block_of_another_form_is_damage_and_no_panic() {
    let whole = block::encode([(&b"a"[..], Held::Here(&b"1"[..])), (b"bb", Held::In(7))].into_iter());
    assert_eq!(block::records(&whole).collect::<Result<Vec<_>, _>>().unwrap().len(), 2);
    assert_eq!(find(&whole, b"bb").unwrap(), Some(Held::In(7)));
    for cut in 1..whole.len() {
        let read: Result<Vec<_>, _> = block::records(&whole[..cut]).collect();
        assert!(read.is_err() || read.unwrap().len() < 2, "cut at {cut}");
    }
    for (at, byte) in [(0, 2), (1, 200), (2, 9), (3, 255)] {
        let mut altered = whole.clone();
        altered[at] = byte;
        assert!(block::records(&altered).any(|record| record.is_err()), "byte {at}");
    }
    assert!(block::records(&[]).any(|record| record.is_err()));
}

#[test]
fn records_that_cannot_be_packed_stay_as_they_are_and_later_ones_are_kept() {
    let packed = packed(Sizes::SMALL);
    fill(&packed, |n| n.to_be_bytes().to_vec());
    let blocks: Vec<_> = packed.engine.scan("t_b", &[], None, usize::MAX).unwrap();
    let mut damage = Batch::new();
    for (key, _) in &blocks {
        damage.put("t_b", key, b"no block".to_vec());
    }
    packed.engine.commit(&damage).unwrap();
    for n in COUNT..COUNT + 100 {
        let mut batch = Batch::new();
        batch.put("t", &n.to_be_bytes(), value(n));
        packed.commit(&batch).expect("a commit does not fail because of what was before it");
        assert_eq!(packed.get("t", &n.to_be_bytes()).unwrap().unwrap(), value(n));
    }
    assert!(matches!(packed.get("t", &1u32.to_be_bytes()), Err(StoreError::Damaged { .. })));
}

#[test]
fn names_of_trees_that_blocks_have_are_refused() {
    let packed = packed(Sizes::SMALL);
    for name in ["t_b", "t_t", "t_g"] {
        let mut batch = Batch::new();
        batch.put(name, b"k", b"v".to_vec());
        assert!(matches!(packed.commit(&batch), Err(StoreError::BadName { .. })), "{name}");
    }
}

#[test]
fn a_tree_of_a_store_before_there_were_blocks_is_packed_as_it_is_written_to() {
    let engine = MemoryEngine::default();
    let mut before = Batch::new();
    for n in 0..COUNT {
        before.put("t", &scattered(n), value(n));
    }
    engine.commit(&before).unwrap();
    let packed = Packed::over(engine, Sizes::SMALL).unwrap();
    for n in COUNT..2 * COUNT {
        let mut batch = Batch::new();
        batch.put("t", &scattered(n), value(n));
        packed.commit(&batch).unwrap();
    }
    assert!(beneath(&packed, "t").0 <= Sizes::SMALL.fresh + Sizes::SMALL.together);
    for n in 0..2 * COUNT {
        assert_eq!(packed.get("t", &scattered(n)).unwrap().unwrap(), value(n));
    }
}
