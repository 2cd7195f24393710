//! Samples of cloud services and identity providers.

use crate::formats::cases::sample_case::Case;

pub(in crate::formats::cases) fn cases() -> Vec<Case> {
    Vec::new()
}
