//! Samples of monitoring systems and SIEMs.

use crate::formats::cases::sample_case::Case;

pub(in crate::formats::cases) fn cases() -> Vec<Case> {
    Vec::new()
}
