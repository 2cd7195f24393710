//! IP addresses, as products write them.

use std::net::{IpAddr, SocketAddr};

/// The address in "192.0.2.7", "192.0.2.7:80" or "[2001:db8::1]:80".
pub(crate) fn parse_address(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    let bare = text.trim_matches(['[', ']']);
    let found = bare.parse().ok().or_else(|| text.parse::<SocketAddr>().ok().map(|found| found.ip()));
    found.map(|found: IpAddr| found.to_canonical())
}
