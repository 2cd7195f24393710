//! Who may read what is measured.

use ipnet::IpNet;

/// Who may read /metrics. Nobody where neither is set: then there is no such address.
#[derive(Debug, Clone, Default)]
pub struct MetricsAccess {
    /// Whoever sends it, as a bearer token.
    pub token: Option<String>,
    /// Whoever asks from these networks.
    pub networks: Vec<IpNet>,
}
