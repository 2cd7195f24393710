//! Sophos: alerts and events of Sophos Central, and detections of Sophos XDR.

pub mod central;
pub mod xdr;
