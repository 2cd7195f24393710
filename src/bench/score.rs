//! How well a grouping agrees with a labelled one. Pure.

use std::collections::HashMap;
use std::hash::Hash;

/// Agreement of two groupings of the same items.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Score {
    /// Of the pairs put together, the share that belongs together.
    pub precision: f64,
    /// Of the pairs that belong together, the share put together.
    pub recall: f64,
    pub f1: f64,
    /// 1 when no group holds items of different labels.
    pub homogeneity: f64,
    /// 1 when no label is spread over groups.
    pub completeness: f64,
    pub clusters: usize,
    pub labels: usize,
}

/// Scores the (group, label) pairs of all items.
pub fn score<G: Eq + Hash, L: Eq + Hash>(items: &[(G, L)]) -> Score {
    let mut groups: HashMap<&G, u64> = HashMap::new();
    let mut labels: HashMap<&L, u64> = HashMap::new();
    let mut both: HashMap<(&G, &L), u64> = HashMap::new();
    for (group, label) in items {
        *groups.entry(group).or_default() += 1;
        *labels.entry(label).or_default() += 1;
        *both.entry((group, label)).or_default() += 1;
    }
    let right = pairs(both.values());
    let precision = share(right, pairs(groups.values()));
    let recall = share(right, pairs(labels.values()));
    let f1 = if precision + recall > 0.0 { 2.0 * precision * recall / (precision + recall) } else { 0.0 };
    let total = items.len() as f64;
    let entropy = |counts: &mut dyn Iterator<Item = u64>| -> f64 {
        counts.map(|count| count as f64 / total).map(|share| -share * share.ln()).sum()
    };
    let of_labels = entropy(&mut labels.values().copied());
    let of_groups = entropy(&mut groups.values().copied());
    let joint = entropy(&mut both.values().copied());
    // Conditional entropies of the label given the group, and of the group given the label.
    let homogeneity = if of_labels > 0.0 { 1.0 - (joint - of_groups) / of_labels } else { 1.0 };
    let completeness = if of_groups > 0.0 { 1.0 - (joint - of_labels) / of_groups } else { 1.0 };
    Score { precision, recall, f1, homogeneity, completeness, clusters: groups.len(), labels: labels.len() }
}

fn pairs<'a>(counts: impl Iterator<Item = &'a u64>) -> u64 {
    counts.map(|count| count * count.saturating_sub(1) / 2).sum()
}

/// A part of nothing counts as 1.
fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 { 1.0 } else { part as f64 / whole as f64 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_grouping_is_perfect_whatever_its_names() {
        let found = score(&[(7, "a"), (7, "a"), (9, "b")]);
        assert_eq!((found.precision, found.recall, found.f1), (1.0, 1.0, 1.0));
        assert!((found.homogeneity - 1.0).abs() < 1e-9 && (found.completeness - 1.0).abs() < 1e-9);
        assert_eq!((found.clusters, found.labels), (2, 2));
    }

    #[test]
    fn everything_in_one_group_is_complete_and_not_precise() {
        let found = score(&[(1, "a"), (1, "a"), (1, "b"), (1, "b")]);
        assert_eq!((found.precision, found.recall), (2.0 / 6.0, 1.0));
        assert!(found.homogeneity.abs() < 1e-9);
        assert!((found.completeness - 1.0).abs() < 1e-9);
    }

    #[test]
    fn nothing_together_is_precise_and_recalls_nothing() {
        let found = score(&[(1, "a"), (2, "a")]);
        assert_eq!((found.precision, found.recall, found.f1), (1.0, 0.0, 0.0));
    }
}
