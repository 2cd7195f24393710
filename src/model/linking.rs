//! Which entities tie alerts together at all: not placeholders, built-in accounts or private addresses.

use std::net::IpAddr;

use crate::model::builtin_account;
use crate::model::entity::EvidenceKind;
use crate::model::incoming::IncomingEvidence;
use crate::model::meaningless::is_meaningless_key;

/// A link shorter than this names nothing in particular ("http://a/").
const SHORTEST_URL: usize = 10;
/// Types of keys of evidence that belongs to something else: a built-in account to its device, a placeholder to
/// its alert.
const NOT_ITS_OWN: [&str; 2] = ["local:", "alert:"];
const HASHES: [&str; 3] = ["sha256:", "sha1:", "md5:"];

/// Whether sharing the entity may mean anything, whatever the alert.
pub(crate) fn links(item: &IncomingEvidence) -> bool {
    match item.kind {
        EvidenceKind::User => is_identified(item) && builtin_account::name_of(&item.keys).is_none(),
        EvidenceKind::Device | EvidenceKind::Mailbox | EvidenceKind::MailMessage | EvidenceKind::CloudResource => {
            is_identified(item)
        }
        EvidenceKind::Url => item.name.len() > SHORTEST_URL && is_identified(item),
        EvidenceKind::File => item.keys.iter().any(|key| HASHES.iter().any(|hash| key.starts_with(hash))),
        EvidenceKind::Ip => item.name.parse().is_ok_and(is_public),
        _ => false,
    }
}

/// Whether it has an identity of its own: not that of its alert or of its device.
fn is_identified(item: &IncomingEvidence) -> bool {
    item.keys.iter().any(|key| !NOT_ITS_OWN.iter().any(|kind| key.starts_with(kind)) && !is_meaningless_key(key))
}

/// Whether the alert's category says that it is about a weakness or a failed check of an asset: no step of an
/// attack, though it is on the same device (R17).
pub fn is_weakness(category: &str) -> bool {
    matches!(category, "Vulnerability" | "Compliance")
}

/// Whether this alert's evidence ties it to others by the entity. A file does only when its source
/// calls it malicious or suspicious: the hash of a shell is in half of all alerts.
pub fn can_link(item: &IncomingEvidence) -> bool {
    item.kind != EvidenceKind::File || matches!(item.verdict.as_str(), "malicious" | "suspicious")
}

/// Addresses that are somewhere in particular. The documentation ranges count: examples and
/// exercises use them in the place of public ones.
pub(crate) fn is_public(address: IpAddr) -> bool {
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

    fn evidence(kind: EvidenceKind, keys: &[&str]) -> IncomingEvidence {
        let keys = keys.iter().map(|&key| key.to_owned()).collect();
        IncomingEvidence { kind, keys, ..IncomingEvidence::default() }
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
        let user = |keys: &[&str]| links(&evidence(EvidenceKind::User, keys));
        assert!(!user(&["sid:s-1-5-18", "name:system"]));
        assert!(!user(&["local:host:web-01\\system"]));
        assert!(!user(&["name:root"]));
        assert!(user(&["sid:s-1-5-21-1-2-3-1001", "name:administrator"]));
        assert!(user(&["upn:ana@contoso.com"]));
    }

    #[test]
    fn placeholders_do_not_link() {
        let device = |keys: &[&str]| links(&evidence(EvidenceKind::Device, keys));
        assert!(!device(&[]) && !device(&["alert:12"]) && !device(&["host:localhost"]));
        assert!(device(&["mde:a1", "host:localhost"]) && device(&["host:web-01"]));
    }
}
