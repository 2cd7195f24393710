//! Facets: the values that incidents are filtered by, as they are stored and looked up.

use crate::text::folded;

/// The facet that lists which facets of an incident have more than one value, such as `servicesource`.
pub const MULTIPLE: &str = "multiple";

/// Longest value of a facet, in characters: an index holds no longer one.
const LONGEST: usize = 200;

/// A value as it is kept and looked for.
pub fn facet_key(value: &str) -> String {
    folded(value).chars().take(LONGEST).collect()
}
