//! The address of the client. Whoever connects is the client, unless it is a declared proxy: such a one names the
//! client in `Forwarded` (RFC 7239) or `X-Forwarded-For`. From anybody else these headers mean nothing.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use actix_web::http::header::HeaderMap;
use actix_web::{HttpMessage as _, HttpRequest};
use ipnet::IpNet;

const FORWARDED: &str = "forwarded";
const X_FORWARDED_FOR: &str = "x-forwarded-for";

/// The client of a request, as `check` found it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Client(pub(super) IpAddr);

/// The address of the client, behind proxies as well. 0.0.0.0 where there is none, since its connection is closed.
pub fn client_address(request: &HttpRequest) -> IpAddr {
    let found = request.extensions().get::<Client>().map(|client| client.0);
    let found = found.or_else(|| request.peer_addr().map(|peer| peer.ip().to_canonical()));
    found.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED))
}

/// Finds the client of a request from `peer`. The text of a failure says what the request must not have.
pub(super) fn find(peer: IpAddr, headers: &HeaderMap, proxies: &[IpNet]) -> Result<IpAddr, &'static str> {
    let peer = peer.to_canonical();
    // Some proxies pass these on as if they were their own.
    let taken_for_another = |name: &str| matches!(name, "x_forwarded_for" | "x-forwarded_for" | "x_forwarded-for");
    if headers.keys().any(|name| taken_for_another(name.as_str())) {
        return Err("The request has X-Forwarded-For written with an underscore.");
    }
    if !is_within(proxies, peer) {
        return Ok(peer);
    }
    let forwarded = only_value(headers, FORWARDED)?.map(|value| {
        let elements = split(value, ',').into_iter().map(named_in_element).collect();
        behind(peer, elements, proxies)
    });
    let x_forwarded_for = only_value(headers, X_FORWARDED_FOR)?
        .map(|value| behind(peer, value.split(',').map(address).collect(), proxies));
    match (forwarded, x_forwarded_for) {
        (Some(one), Some(other)) if one != other => {
            Err("The headers Forwarded and X-Forwarded-For name different clients.")
        }
        (Some(client), _) | (None, Some(client)) => Ok(client),
        (None, None) => Ok(peer),
    }
}

/// Whether a request names a client, as one from a proxy does.
pub(super) fn names_client(headers: &HeaderMap) -> bool {
    headers.contains_key(FORWARDED) || headers.contains_key(X_FORWARDED_FOR)
}

pub(super) fn is_within(networks: &[IpNet], address: IpAddr) -> bool {
    networks.iter().any(|network| network.contains(&address))
}

/// The value of a header that may be there once, or repeated without a difference.
fn only_value<'a>(headers: &'a HeaderMap, name: &str) -> Result<Option<&'a str>, &'static str> {
    let mut values = headers.get_all(name);
    let Some(first) = values.next() else { return Ok(None) };
    if values.any(|value| value != first) {
        return Err("The request has two headers that name different clients.");
    }
    first.to_str().map(Some).map_err(|_| "The header that names the client is not text.")
}

/// The first address from the right that is not a proxy: what stands left of it was written by the client. An address
/// that is hidden or cannot be read ends the search at the proxy that wrote it.
fn behind(peer: IpAddr, addresses: Vec<Option<IpAddr>>, proxies: &[IpNet]) -> IpAddr {
    let mut client = peer;
    for address in addresses.into_iter().rev() {
        let Some(address) = address else { break };
        client = address;
        if !is_within(proxies, address) {
            break;
        }
    }
    client
}

/// The address in one element of `Forwarded`, such as `for="[2001:db8::7]:4711";proto=https`.
fn named_in_element(element: &str) -> Option<IpAddr> {
    let pairs = split(element, ';').into_iter().filter_map(|pair| pair.split_once('='));
    let mut named = pairs.filter(|(name, _)| name.trim().eq_ignore_ascii_case("for"));
    named.next().and_then(|(_, value)| address(value))
}

/// An address with a port or without, in quotes or without.
fn address(text: &str) -> Option<IpAddr> {
    let text = text.trim().trim_matches('"');
    let bare = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(text);
    let found = bare.parse::<IpAddr>().ok().or_else(|| text.parse::<SocketAddr>().ok().map(|address| address.ip()));
    found.map(|address| address.to_canonical())
}

/// Splits outside of quotes.
fn split(text: &str, separator: char) -> Vec<&str> {
    let mut quoted = false;
    text.split(|c: char| {
        quoted ^= c == '"';
        c == separator && !quoted
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::{HeaderName, HeaderValue};

    use super::*;

    const PROXY: [u8; 4] = [10, 0, 0, 1];

    fn found(peer: [u8; 4], sent: &[(&'static str, &'static str)]) -> Option<String> {
        let mut headers = HeaderMap::new();
        for (name, value) in sent {
            headers.append(HeaderName::from_static(name), HeaderValue::from_static(value));
        }
        let proxies = ["10.0.0.0/8".parse().unwrap(), "2001:db8:1::/48".parse().unwrap()];
        find(peer.into(), &headers, &proxies).ok().map(|address| address.to_string())
    }

    #[test]
    fn only_a_declared_proxy_is_believed() {
        let sent = [("x-forwarded-for", "198.51.100.7")];
        assert_eq!(found([203, 0, 113, 9], &sent).unwrap(), "203.0.113.9");
        assert_eq!(found(PROXY, &sent).unwrap(), "198.51.100.7");
        assert_eq!(found(PROXY, &[]).unwrap(), "10.0.0.1");
    }

    #[test]
    fn the_client_stands_left_of_the_proxies_and_what_is_left_of_it_is_its_own_invention() {
        for (sent, client) in [
            (("x-forwarded-for", "1.2.3.4, 198.51.100.7, 10.9.9.9"), "198.51.100.7"),
            (("x-forwarded-for", "198.51.100.7:4711"), "198.51.100.7"),
            (("x-forwarded-for", "2001:db8::7, 2001:db8:1::2"), "2001:db8::7"),
            (("x-forwarded-for", "::ffff:198.51.100.7"), "198.51.100.7"),
            (("x-forwarded-for", "198.51.100.7, unknown"), "10.0.0.1"),
            (("x-forwarded-for", "10.1.1.1, 10.2.2.2"), "10.1.1.1"),
            (("forwarded", "for=1.2.3.4, for=198.51.100.7;proto=https;by=10.0.0.1"), "198.51.100.7"),
            (("forwarded", r#"proto=https;For="[2001:db8::7]:4711""#), "2001:db8::7"),
            (("forwarded", r#"for=198.51.100.7;host="a,for=9.9.9.9""#), "198.51.100.7"),
            (("forwarded", "for=198.51.100.7, for=_hidden"), "10.0.0.1"),
        ] {
            assert_eq!(found(PROXY, &[sent]).unwrap(), client, "{sent:?}");
        }
    }

    #[test]
    fn contradicting_headers_and_underscores_are_refused() {
        for sent in [
            &[("x-forwarded-for", "198.51.100.7"), ("x-forwarded-for", "198.51.100.8")][..],
            &[("forwarded", "for=198.51.100.7"), ("x-forwarded-for", "198.51.100.8")],
            &[("x_forwarded_for", "198.51.100.7")],
        ] {
            assert_eq!(found(PROXY, sent), None, "{sent:?}");
        }
        let same = [("x-forwarded-for", "198.51.100.7"), ("x-forwarded-for", "198.51.100.7")];
        assert_eq!(found(PROXY, &same).unwrap(), "198.51.100.7");
    }
}
