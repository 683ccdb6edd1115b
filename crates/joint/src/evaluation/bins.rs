//! The bins of a feature as they are encrypted: all of them, or those that the lender does not tell apart as one.

use crate::{explain::Overlay, plan::Plan};
use std::collections::{BTreeMap, BTreeSet};

/// How many bins a feature has and where each encrypted one begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bins {
    starts: Vec<u8>,
    end: u8,
}

impl Bins {
    /// Every bin by itself.
    #[must_use]
    pub fn all(bins: u8) -> Self {
        Self { starts: (0..bins).collect(), end: bins }
    }

    /// One bin from each cut up to the next. Cuts past the end do not count.
    #[must_use]
    pub fn merged(bins: u8, cuts: &BTreeSet<u8>) -> Self {
        let inner = cuts.iter().copied().filter(|cut| (1..bins).contains(cut));
        Self { starts: std::iter::once(0).chain(inner).collect(), end: bins }
    }

    /// The bin with which each encrypted one begins, and how many bins there are.
    #[must_use]
    pub fn starts(&self) -> (&[u8], u8) {
        (&self.starts, self.end)
    }

    /// How many are encrypted.
    #[must_use]
    pub fn count(&self) -> usize {
        self.starts.len()
    }

    /// The encrypted bin that a bin belongs to.
    #[must_use]
    pub fn place(&self, bin: u8) -> usize {
        self.starts.iter().filter(|start| **start <= bin).count().saturating_sub(1)
    }

    /// How many encrypted bins lie wholly below `edge`; `None` where it cuts through one.
    pub(super) fn below(&self, edge: u8) -> Option<usize> {
        if edge == self.end { Some(self.starts.len()) } else { self.starts.iter().position(|start| *start == edge) }
    }
}

/// The cut points that a lender reveals when it lets bins merge: for each needed feature the bins that begin a stretch
/// which the plan, or the explanation, tells apart. `None` where a feature is needed bin by bin: the explained one,
/// whose distance is counted.
#[must_use]
pub fn cuts(plan: &Plan, overlay: Option<&Overlay>) -> BTreeMap<usize, Option<BTreeSet<u8>>> {
    let paths = plan.paths().iter().chain(overlay.into_iter().flat_map(Overlay::paths));
    let mut cuts: BTreeMap<usize, Option<BTreeSet<u8>>> = BTreeMap::new();
    for (feature, low, high) in paths.flat_map(crate::plan::Path::conditions) {
        let edges = [low, high.saturating_add(1)];
        cuts.entry(feature).or_insert_with(|| Some(BTreeSet::new())).iter_mut().for_each(|cuts| cuts.extend(edges));
    }
    if let Some(overlay) = overlay {
        cuts.insert(overlay.feature(), None);
    }
    cuts
}
