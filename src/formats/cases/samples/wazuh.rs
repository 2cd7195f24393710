//! Samples of Wazuh's own families.

use crate::formats::cases::sample_case::Case;

pub(in crate::formats::cases) fn cases() -> Vec<Case> {
    Vec::new()
}
