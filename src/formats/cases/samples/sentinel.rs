//! Samples of Microsoft Sentinel's and Defender's further shapes.

use crate::formats::cases::sample_case::Case;

pub(in crate::formats::cases) fn cases() -> Vec<Case> {
    Vec::new()
}
