//! How often checkpoints are made, and where they are sent.

use std::net::IpAddr;
use std::path::PathBuf;

use ureq::http::Uri;

use crate::clock;

/// How often a checkpoint is made unless something else is asked for, in microseconds.
pub const CHECKPOINT_EVERY: i64 = clock::HOUR;

/// How a syslog server is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transport {
    /// A message a datagram (RFC 5426).
    Udp,
    /// Each message after its length (RFC 6587, 3.4.1).
    Tcp,
}

/// The address of a syslog server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Syslog {
    pub transport: Transport,
    /// Host and port.
    pub address: String,
}

impl Syslog {
    /// Reads "udp://host:514" or "tcp://host:601".
    pub fn parse(text: &str) -> Result<Self, String> {
        let (transport, address) = match text.split_once("://") {
            Some(("udp", address)) => (Transport::Udp, address),
            Some(("tcp", address)) => (Transport::Tcp, address),
            _ => {
                return Err(format!(
                    "{text:?} is not an address such as udp://logs.example:514 or tcp://logs.example:601"
                ));
            }
        };
        let port = address.rsplit_once(':').filter(|(host, _)| !host.is_empty()).map(|(_, port)| port.parse::<u16>());
        match port {
            Some(Ok(_)) => Ok(Self { transport, address: address.to_owned() }),
            _ => Err(format!("{text:?} has no host and port")),
        }
    }
}

/// Checks a webhook: https, or this machine.
pub fn check_webhook(url: &str) -> Result<String, String> {
    let parsed: Uri = url.parse().map_err(|_| format!("{url:?} is not a URL"))?;
    let host = parsed.host().unwrap_or_default().trim_matches(['[', ']']);
    let is_loopback = host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
    match parsed.scheme_str() {
        Some("https") if !host.is_empty() => Ok(url.to_owned()),
        Some("http") if is_loopback => Ok(url.to_owned()),
        _ => Err(format!("{url:?} must begin with https://, or with http:// and an address of this machine")),
    }
}

/// Where checkpoints are sent.
#[derive(Debug, Clone, Default)]
pub struct Destinations {
    pub file: Option<PathBuf>,
    pub syslog: Option<Syslog>,
    pub webhook: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_webhook_is_encrypted_or_on_this_machine() {
        for allowed in ["https://siem.example/in", "http://127.0.0.1:9/x", "http://[::1]:9/", "http://localhost/"] {
            assert!(check_webhook(allowed).is_ok(), "{allowed}");
        }
        for refused in ["http://siem.example/in", "ftp://127.0.0.1/", "siem.example", "https://", "file:///etc"] {
            assert!(check_webhook(refused).is_err(), "{refused}");
        }
    }

    #[test]
    fn a_syslog_server_has_a_transport_and_a_port() {
        assert_eq!(Syslog::parse("tcp://logs:601").map(|syslog| syslog.transport), Ok(Transport::Tcp));
        for refused in ["logs:514", "udp://logs", "udp://:514", "tls://logs:6514", "udp://logs:x"] {
            assert!(Syslog::parse(refused).is_err(), "{refused}");
        }
    }
}
