//! Samples of endpoint and network products.

use crate::formats::cases::sample_case::Case;

pub(in crate::formats::cases) fn cases() -> Vec<Case> {
    Vec::new()
}
