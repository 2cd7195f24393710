//! Which entities tie alerts together at all: not built-in accounts, not private addresses.

use std::net::IpAddr;

use crate::model::entity::EvidenceKind;
use crate::model::incoming::IncomingEvidence;

/// A link shorter than this names nothing in particular ("http://a/").
const SHORTEST_URL: usize = 10;
const HASHES: [&str; 3] = ["sha256:", "sha1:", "md5:"];

/// Whether sharing the entity may mean anything, whatever the alert.
pub(crate) fn links(item: &IncomingEvidence) -> bool {
    match item.kind {
        EvidenceKind::Device => !matches!(item.name.to_lowercase().as_str(), "" | "localhost" | "unknown" | "-"),
        EvidenceKind::User => !is_builtin_account(item),
        EvidenceKind::Mailbox | EvidenceKind::MailMessage | EvidenceKind::CloudResource => !item.keys.is_empty(),
        EvidenceKind::Url => item.name.len() > SHORTEST_URL,
        EvidenceKind::File => item.keys.iter().any(|key| HASHES.iter().any(|hash| key.starts_with(hash))),
        EvidenceKind::Ip => item.name.parse().is_ok_and(is_public),
        _ => false,
    }
}

/// Whether this alert's evidence ties it to others by the entity. A file does only when its source
/// calls it malicious or suspicious: the hash of a shell is in half of all alerts.
pub fn can_link(item: &IncomingEvidence) -> bool {
    item.kind != EvidenceKind::File || matches!(item.verdict.as_str(), "malicious" | "suspicious")
}

/// Accounts that exist on every machine: sharing SYSTEM or root relates nothing.
fn is_builtin_account(item: &IncomingEvidence) -> bool {
    const NAMES: [&str; 12] = [
        "system",
        "local service",
        "network service",
        "anonymous logon",
        "localsystem",
        "localservice",
        "networkservice",
        "root",
        "administrator",
        "admin",
        "guest",
        "nobody",
    ];
    const SIDS: [&str; 6] = ["s-1-5-18", "s-1-5-19", "s-1-5-20", "s-1-5-7", "s-1-5-90-", "s-1-5-96-"];
    item.keys.iter().any(|key| {
        let (kind, value) = key.split_once(':').unwrap_or_default();
        match kind {
            "sid" => SIDS.iter().any(|sid| value == *sid || (sid.ends_with('-') && value.starts_with(sid))),
            "sam" => value.starts_with("nt authority\\") || value.starts_with("window manager\\"),
            _ => false,
        }
    }) || item.keys.iter().all(|key| key.strip_prefix("name:").is_some_and(|name| NAMES.contains(&name)))
}

/// Addresses that are somewhere in particular. The documentation ranges count: examples and
/// exercises use them in the place of public ones.
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => {
            let [first, second, ..] = v4.octets();
            !(v4.is_private()
                || v4.is_loopback()
                || v4.is_link_local()
                || v4.is_unspecified()
                || v4.is_multicast()
                || first == 0
                || first >= 240
                || (first == 100 && (64..128).contains(&second)))
        }
        IpAddr::V6(v6) => {
            let first = v6.segments().first().copied().unwrap_or_default();
            match v6.to_ipv4_mapped() {
                Some(v4) => is_public(IpAddr::V4(v4)),
                None => {
                    !(v6.is_loopback()
                        || v6.is_unspecified()
                        || v6.is_multicast()
                        || (first & 0xfe00) == 0xfc00
                        || (first & 0xffc0) == 0xfe80)
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn user(keys: &[&str]) -> IncomingEvidence {
        IncomingEvidence {
            kind: EvidenceKind::User,
            keys: keys.iter().map(|&key| key.to_owned()).collect(),
            ..IncomingEvidence::default()
        }
    }

    #[test]
    fn private_and_reserved_addresses_do_not_link() {
        let public = |text: &str| text.parse().is_ok_and(is_public);
        assert!(public("8.8.8.8") && public("203.0.113.9") && public("2001:db8::1"));
        for private in
            ["10.0.0.1", "127.0.0.1", "169.254.1.1", "100.64.0.1", "253.1.244.215", "::1", "fe80::1", "fd00::1"]
        {
            assert!(!public(private), "{private}");
        }
    }

    #[test]
    fn builtin_accounts_do_not_link_and_people_do() {
        assert!(is_builtin_account(&user(&["sid:s-1-5-18", "name:system"])));
        assert!(is_builtin_account(&user(&["sam:nt authority\\system"])));
        assert!(is_builtin_account(&user(&["name:root"])));
        assert!(!is_builtin_account(&user(&["sid:s-1-5-21-1-2-3-1001", "name:administrator"])));
        assert!(!is_builtin_account(&user(&["upn:ana@contoso.com"])));
    }
}
