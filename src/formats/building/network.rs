//! The two ends of a connection, and which of them is the device that a sensor's alert is about.

use std::net::{IpAddr, SocketAddr};

use serde_json::Value;

use crate::formats::building::address::parse_address;
use crate::formats::building::names_in_text::all_names;
use crate::formats::building::path::{name_at, number_at};
use crate::model::entity::EvidenceKind;

/// The lowest port that clients use; servers use lower ones.
const EPHEMERAL: i64 = 1_024;

/// Whether an address belongs to an organization's own network.
pub(crate) fn is_internal(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => {
            let [first, second, ..] = v4.octets();
            v4.is_private() || (first == 100 && (64..128).contains(&second))
        }
        IpAddr::V6(v6) => v6.segments().first().is_some_and(|first| first & 0xfe00 == 0xfc00),
    }
}

/// Both ends of a connection.
pub(crate) struct Connection {
    pub source: Option<IpAddr>,
    pub destination: Option<IpAddr>,
    ports: [Option<i64>; 2],
    /// Whether the alert is about the response, according to its signature.
    pub about_response: bool,
}

impl Connection {
    /// Reads the connection by the paths of source, destination and their ports; a port may also be part
    /// of its address.
    pub fn from_record(value: &Value, source: &[&str], destination: &[&str], ports: [&[&str]; 2]) -> Self {
        // Of several addresses, the first is the end of the connection.
        let first = |paths: &[&str]| all_names(EvidenceKind::Ip, &name_at(value, paths)).into_iter().next();
        let connection = [source, destination].map(|paths| first(paths).unwrap_or_default());
        let [from, to] = [0, 1].map(|end| {
            let text = connection.get(end).map(String::as_str).unwrap_or_default();
            let inner = text.parse::<SocketAddr>().ok().map(|found| i64::from(found.port()));
            ports.get(end).and_then(|paths| number_at(value, paths)).or(inner)
        });
        let [source, destination] = connection.map(|text| parse_address(&text));
        Self { source, destination, ports: [from, to], about_response: false }
    }

    /// Whether it comes from the organization's own network.
    pub fn is_from_inside(&self) -> bool {
        self.source.is_some_and(is_internal)
    }

    /// Whether it goes from the organization's own network to somebody else's.
    pub fn is_outwards(&self) -> bool {
        self.is_from_inside() && self.destination.is_some_and(|found| !is_internal(found))
    }

    /// The internal end and its role. When both ends are internal, it is the server, because the server
    /// is attacked, whichever way the packet went.
    pub fn internal_end(&self) -> Option<(IpAddr, &'static str)> {
        let source = self.source.filter(|found| is_internal(*found));
        let destination = self.destination.filter(|found| is_internal(*found));
        match (source, destination) {
            (Some(source), Some(_)) if self.is_response() => Some((source, "attacked")),
            (_, Some(destination)) => Some((destination, "attacked")),
            (Some(source), None) => Some((source, "source")),
            (None, None) => None,
        }
    }

    fn is_response(&self) -> bool {
        let [from, to] = self.ports;
        self.about_response
            || from.is_some_and(|from| from > 0 && from < EPHEMERAL) && to.is_none_or(|to| to >= EPHEMERAL)
    }
}

/// A URL from host and path; empty without a host.
pub(crate) fn web_address(host: &str, path: &str) -> String {
    if path.starts_with("http") {
        return path.to_owned();
    }
    let not_in_a_host = |c: char| c.is_whitespace() || matches!(c, '/' | '\\' | '"');
    if host.is_empty() || host.contains(not_in_a_host) {
        return String::new();
    }
    format!("http://{host}/{}", path.trim_start_matches('/'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn addresses_lose_their_ports() {
        let parsed = |text| parse_address(text).map(|found| found.to_string());
        assert_eq!(parsed("192.0.2.7:80").as_deref(), Some("192.0.2.7"));
        assert_eq!(parsed("[2001:db8::1]:80").as_deref(), Some("2001:db8::1"));
        assert_eq!(parsed("::ffff:192.0.2.7").as_deref(), Some("192.0.2.7"));
        assert_eq!(parsed("x.x.x.x"), None);
    }

    fn internal(source: &str, destination: &str) -> Option<String> {
        let value = json!({"from": source, "to": destination});
        let connection = Connection::from_record(&value, &["from"], &["to"], [&[], &[]]);
        connection.internal_end().map(|(found, role)| format!("{found} {role}"))
    }

    #[test]
    fn an_alert_is_about_the_internal_end() {
        assert_eq!(internal("203.0.113.7:4444", "10.0.0.5:22").as_deref(), Some("10.0.0.5 attacked"));
        assert_eq!(internal("10.0.0.5:50000", "203.0.113.7:80").as_deref(), Some("10.0.0.5 source"));
        assert_eq!(internal("10.0.0.9:50000", "10.0.0.5:445").as_deref(), Some("10.0.0.5 attacked"));
        assert_eq!(internal("10.0.0.5:445", "10.0.0.9:50000").as_deref(), Some("10.0.0.5 attacked"));
        assert_eq!(internal("203.0.113.7", "198.51.100.9"), None);
        assert_eq!(internal("", ""), None);
    }
}
