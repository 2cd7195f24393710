//! The parameters of an address that are not followed, as notices.

use crate::queue::filter::{Ignored, OVER_LIMIT, Why};
use crate::text::thousands;

/// Parameters that a notice names.
const NAMED: usize = 20;

/// A notice of parameters that are not followed for one reason.
pub(crate) struct IgnoredView {
    pub(crate) why: String,
    /// Such as "status=bogus".
    pub(crate) parameters: Vec<String>,
    /// How many more there are: "12 more", or empty.
    pub(crate) more: String,
}

/// A notice for each reason that there is.
pub(crate) fn views(ignored: &[Ignored]) -> Vec<IgnoredView> {
    let over_limit = format!("Ignored, because {OVER_LIMIT}");
    [(Why::Unknown, "Ignored, because it is unknown".to_owned()), (Why::OverLimit, over_limit)]
        .into_iter()
        .filter_map(|(reason, why)| view(ignored.iter().filter(|one| one.why == reason).collect(), why))
        .collect()
}

fn view(ignored: Vec<&Ignored>, why: String) -> Option<IgnoredView> {
    let more = ignored.len().saturating_sub(NAMED);
    let more = if more == 0 { String::new() } else { format!("{} more", thousands(more)) };
    let parameters = ignored.iter().take(NAMED).map(|one| format!("{}={}", one.name, one.value)).collect();
    (!ignored.is_empty()).then_some(IgnoredView { why, parameters, more })
}
