//! The samples: made up, without data of real people.

mod cloud;
mod endpoint;
mod general;
mod monitoring;
mod sentinel;
mod wazuh;
mod whole;

use crate::formats::cases::sample_case::Case;

pub(super) fn cases() -> Vec<Case> {
    [
        general::cases(),
        whole::cases(),
        cloud::cases(),
        endpoint::cases(),
        monitoring::cases(),
        sentinel::cases(),
        wazuh::cases(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
