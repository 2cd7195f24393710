//! Carbon Black: alerts of the cloud product and of the EDR server.

pub mod cloud;
pub mod edr;
