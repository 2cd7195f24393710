//! What counts as one client when limits are shared: nobody may get more by having many addresses.

use std::net::{IpAddr, Ipv6Addr};

/// An IPv4 address, or the network of 64 bits of an IPv6 address: every customer has at least that many addresses
/// (RFC 6177). An IPv4 address that is written as IPv6 is the same as the plain one.
pub fn network(address: IpAddr) -> IpAddr {
    shortened(address, 64)
}

/// An IPv4 address, or the network of 48 bits of an IPv6 address: anybody can get one, with 65,536 networks of 64 bits.
pub fn site(address: IpAddr) -> IpAddr {
    shortened(address, 48)
}

fn shortened(address: IpAddr, bits: u32) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let rest = u128::BITS.saturating_sub(bits);
            IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() >> rest << rest))
        }
        address @ IpAddr::V4(_) => address,
    }
}

/// Where an attempt comes from.
#[derive(Debug, Clone)]
pub struct Origin {
    pub address: IpAddr,
    /// The random name of the browser, if the account was signed in to with it before.
    pub known_browser: Option<String>,
}

impl From<IpAddr> for Origin {
    fn from(address: IpAddr) -> Self {
        Self { address, known_browser: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn ipv6_counts_by_network_and_ipv4_by_address() {
        assert_eq!(network(address("2001:db8:1:2:3::4")), address("2001:db8:1:2::"));
        assert_eq!(site(address("2001:db8:1:2:3::4")), address("2001:db8:1::"));
        for number in [network(address("::ffff:192.0.2.7")), site(address("192.0.2.7"))] {
            assert_eq!(number, address("192.0.2.7"));
        }
    }
}
