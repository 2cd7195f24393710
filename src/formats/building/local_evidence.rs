//! Evidence without an identity of its own: a built-in account and a path of a web server belong to their device, the
//! account of a computer is that computer, and a placeholder belongs to its alert (R17). Every record passes here after its adapter or
//! mapping.

use crate::formats::building::principals::Device;
use crate::hash::sha256_hex;
use crate::model::builtin_account;
use crate::model::entity::EvidenceKind;
use crate::model::incoming::{IncomingAlert, IncomingEvidence};

/// Characters of the hash that stands for an alert and a name.
const HASH_LENGTH: usize = 40;

/// Gives each piece of evidence without an identity of its own the keys of what it belongs to. A path without a host
/// belongs to its device.
pub(crate) fn give_owners(alert: &mut IncomingAlert) {
    add_computers(alert);
    let device = alert.evidence.iter().find(|item| item.kind == EvidenceKind::Device && !item.keys.is_empty());
    let of_device = device.map(|device| device.keys.clone()).unwrap_or_default();
    let IncomingAlert { source, provider_alert_id, evidence, .. } = alert;
    for item in evidence {
        if item.kind == EvidenceKind::User {
            set_device_keys(item, &of_device);
        }
        if item.kind == EvidenceKind::Url && item.name.starts_with('/') {
            item.keys = of_device.iter().map(|device| format!("local:{device}{}", item.name)).collect();
        }
        if item.keys.is_empty() {
            item.keys = vec![alert_key(source, provider_alert_id, item)];
        }
    }
}

/// Adds the devices whose own accounts the alert names ("WEB-01$"), as far as it does not have them.
fn add_computers(alert: &mut IncomingAlert) {
    let accounts = alert.evidence.iter().filter(|item| item.kind == EvidenceKind::User);
    let named: Vec<String> = accounts.filter_map(|item| builtin_account::computer_of(&item.keys)).collect();
    for name in named {
        let Some(device) = computer(&name) else { continue };
        let is_there = alert
            .evidence
            .iter()
            .any(|item| item.kind == EvidenceKind::Device && item.keys.iter().any(|key| device.keys.contains(key)));
        if !is_there {
            alert.evidence.push(device);
        }
    }
}

fn computer(name: &str) -> Option<IncomingEvidence> {
    Device { names: vec![name.to_uppercase()], ..Device::default() }.build().filter(|device| !device.keys.is_empty())
}

/// Replaces the keys of a built-in account by those of its device with the account's name; without a device it
/// has none.
fn set_device_keys(item: &mut IncomingEvidence, of_device: &[String]) {
    let (owner, name) = match builtin_account::computer_of(&item.keys) {
        Some(computer) => (vec![format!("host:{computer}")], format!("{computer}$")),
        None => match builtin_account::name_of(&item.keys) {
            Some(name) => (of_device.to_vec(), name),
            None => return,
        },
    };
    item.keys = owner.iter().map(|device| format!("local:{device}\\{name}")).collect();
}

fn alert_key(source: &str, id: &str, item: &IncomingEvidence) -> String {
    let hash = sha256_hex(format!("{source}\0{id}\0{}", item.name).as_bytes());
    format!("alert:{}", hash.chars().take(HASH_LENGTH).collect::<String>())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::formats::building::draft::Draft;
    use crate::formats::building::evidence_kinds;
    use crate::formats::building::principals::Account;
    use crate::model::linking::links;

    fn alert(id: &str, devices: &[&str], accounts: &[&str]) -> IncomingAlert {
        let device = |name: &&str| Device { names: vec![(*name).to_owned()], ..Device::default() }.build();
        let account = |name: &&str| Account { name: (*name).to_owned(), ..Account::default() }.build();
        let mut evidence: Vec<_> = devices.iter().filter_map(device).collect();
        evidence.extend(accounts.iter().filter_map(account));
        let mut alert = IncomingAlert { provider_alert_id: id.to_owned(), evidence, ..IncomingAlert::default() };
        give_owners(&mut alert);
        alert
    }

    #[test]
    fn a_built_in_account_belongs_to_its_device() {
        let on = |device: &str| alert("1", &[device], &["NT AUTHORITY\\SYSTEM"]).evidence.pop().unwrap();
        assert_eq!(on("web-01").keys, on("WEB-01").keys);
        assert_ne!(on("web-01").keys, on("web-02").keys);
        assert_eq!(on("web-01").name, "NT AUTHORITY\\SYSTEM");
        assert!(!links(&on("web-01")));
    }

    #[test]
    fn a_path_of_a_web_server_belongs_to_its_device() {
        let on = |device: &str| {
            let evidence = vec![
                Device { names: vec![device.to_owned()], ..Device::default() }.build().unwrap(),
                evidence_kinds::url("/old/backup.php").unwrap(),
            ];
            let mut alert = IncomingAlert { evidence, ..IncomingAlert::default() };
            give_owners(&mut alert);
            alert.evidence.pop().unwrap()
        };
        assert_eq!(on("web-01").name, "/old/backup.php");
        assert_eq!(on("web-01").keys, on("WEB-01").keys);
        assert_ne!(on("web-01").keys, on("web-02").keys);
        assert!(!links(&on("web-01")));
    }

    #[test]
    fn a_placeholder_belongs_to_its_alert() {
        let of = |id: &str| alert(id, &[], &["-"]).evidence.pop().unwrap();
        assert_eq!(of("1"), of("1"));
        assert_ne!(of("1").keys, of("2").keys);
        assert_eq!(of("1").name, "-");
        assert!(!links(&of("1")));
    }

    fn alert_of(id: &str, add: impl Fn(&mut Draft)) -> Vec<IncomingEvidence> {
        let mut draft = Draft::new("test", "Test");
        draft.alert.title = "Test".to_owned();
        draft.alert.provider_alert_id = id.to_owned();
        add(&mut draft);
        let mut alert = draft.into_alert().unwrap();
        give_owners(&mut alert);
        alert.evidence
    }

    #[test]
    fn an_address_that_every_machine_has_is_shown_with_its_roles_and_links_nothing() {
        for (sent, shown) in [
            ("127.0.0.1", "127.0.0.1"),
            ("127.0.0.53:53", "127.0.0.53"),
            ("::1", "::1"),
            ("[::1]:80", "::1"),
            ("::ffff:127.0.0.1", "127.0.0.1"),
            ("0.0.0.0", "0.0.0.0"),
            ("::", "::"),
        ] {
            let of = |id: &str| {
                alert_of(id, |draft| {
                    draft.add_ip(sent, &["source"]);
                    draft.add_ip(sent, &["destination"]);
                })
            };
            let found = of("1");
            let [address] = found.as_slice() else { panic!("{sent}: {found:?}") };
            assert_eq!((address.kind, address.name.as_str()), (EvidenceKind::Ip, shown));
            assert_eq!(address.roles, ["source", "destination"], "{sent}");
            assert!(!links(address), "{sent}");
            assert_ne!(of("2")[0].keys, address.keys, "{sent}");
        }
        assert_eq!(alert_of("1", |draft| draft.add_ip("127.0.0.1, 192.0.2.7", &[])).len(), 2);
        assert!(alert_of("1", |draft| draft.add_ip("-", &[])).is_empty());
    }

    #[test]
    fn no_key_of_what_means_nothing_ties_two_alerts() {
        let account = |name: &str| Account { name: name.to_owned(), ..Account::default() }.build();
        let device = |name: &str| Device { names: vec![name.to_owned()], ..Device::default() }.build();
        let of = |id: &str| {
            alert_of(id, |draft| {
                for name in ["unknown", "CONTOSO\\-", "-@-", "N/A\\none"] {
                    draft.add_evidence(account(name), &[]);
                }
                for name in ["127.0.0.1", "::1", "localhost", "Not Available"] {
                    draft.add_evidence(device(name), &[]);
                    draft.add_evidence(evidence_kinds::url(name), &[]);
                    draft.add_evidence(evidence_kinds::mailbox(&[name.to_owned()], ""), &[]);
                }
                for url in ["http://127.0.0.1:8080/admin/login", "localhost:8080/admin/login", "https://[::1]/admin"] {
                    draft.add_evidence(evidence_kinds::url(url), &[]);
                }
            })
        };
        let (one, two) = (of("1"), of("2"));
        assert_eq!(one.len(), 19);
        assert_eq!(
            one.iter().map(|item| &item.name).collect::<Vec<_>>(),
            two.iter().map(|item| &item.name).collect::<Vec<_>>()
        );
        for item in &one {
            assert!(!links(item), "{item:?}");
            assert!(two.iter().all(|other| !other.keys.iter().any(|key| item.keys.contains(key))), "{item:?}");
        }
    }

    #[test]
    fn the_account_of_a_computer_brings_its_device() {
        let found = alert("1", &[], &["CONTOSO\\WEB-01$"]).evidence;
        let [account, device] = found.as_slice() else { unreachable!() };
        assert_eq!((account.name.as_str(), device.name.as_str()), ("CONTOSO\\WEB-01$", "WEB-01"));
        assert!(!links(account) && links(device));
        assert_eq!(alert("1", &["web-01.contoso.test"], &["WEB-01$"]).evidence.len(), 2);
    }
}
