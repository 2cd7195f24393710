//! The samples: made up, without data of real people.

mod antivirus;
mod cloud;
mod endpoint;
mod general;
mod incidents;
mod monitoring;
mod network;
mod sentinel;
mod wazuh;
mod whole;

use crate::formats::cases::sample_case::Case;
pub(super) use crate::formats::cases::samples::incidents::incidents;

pub(super) fn cases() -> Vec<Case> {
    [
        general::cases(),
        cloud::cases(),
        endpoint::cases(),
        antivirus::cases(),
        monitoring::cases(),
        network::cases(),
        whole::cases(),
        sentinel::cases(),
        wazuh::cases(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
