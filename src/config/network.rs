//! How the server is reached.

use std::path::PathBuf;

use ipnet::IpNet;

/// Where the certificate and its key are, both PEM.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlsFiles {
    /// The certificate of the server first, then those that lead to a root.
    pub certificate: PathBuf,
    pub key: PathBuf,
}

/// How the server is reached.
#[derive(Debug, Clone, Default)]
pub struct Network {
    pub tls: Option<TlsFiles>,
    /// The networks of proxies that are believed when they name the client.
    pub trusted_proxies: Vec<IpNet>,
    /// Listening for everybody without TLS is allowed.
    pub insecure_http: bool,
}

impl Network {
    /// Whether only the trusted proxies may connect: they add the encryption.
    pub fn is_behind_proxies_only(&self) -> bool {
        self.tls.is_none() && !self.trusted_proxies.is_empty() && !self.insecure_http
    }
}
