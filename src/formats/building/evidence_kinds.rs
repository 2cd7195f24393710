//! Builds evidence other than devices, accounts and files, with the keys by which alerts are linked.

use std::net::IpAddr;

use crate::formats::building::clean_text::first_nonempty;
use crate::formats::building::evidence_item::{add_key, new_evidence};
use crate::formats::building::facts::add_fact;
use crate::formats::building::file::File;
use crate::formats::building::names_in_text::{command_line, is_list_of_commands, parts_in};
use crate::model::entity::EvidenceKind;
use crate::model::incoming::IncomingEvidence;

/// A process, by its command line; without one by its image, without that by its number.
pub(crate) fn process(command: &str, image: &File, pid: &str) -> Option<IncomingEvidence> {
    let images = parts_in(EvidenceKind::File, &image.path).unwrap_or_default();
    if is_list_of_commands(command) || command.is_empty() && images.len() > 1 {
        let several = if command.is_empty() { &image.path } else { command };
        return Some(new_evidence(EvidenceKind::Process, several));
    }
    let command = command_line(command);
    let command = command.as_str();
    let path = images.into_iter().next().unwrap_or_else(|| image.full_path());
    let file = path.rsplit(['\\', '/']).next().unwrap_or_default();
    let numbered = if pid.is_empty() { String::new() } else { format!("Process {pid}") };
    let mut evidence = new_evidence(EvidenceKind::Process, first_nonempty(&[file, program(command), &numbered])?);
    add_key(&mut evidence, "cmd", first_nonempty(&[command, &path]).unwrap_or_default());
    add_fact(&mut evidence.facts, "Command line", command);
    add_fact(&mut evidence.facts, "Process ID", pid);
    add_fact(&mut evidence.facts, "Image", &path);
    Some(evidence)
}

/// The program of a command line, without its folder.
fn program(command: &str) -> &str {
    let command = command.trim();
    let word = match command.strip_prefix('"') {
        Some(quoted) => quoted.split('"').next(),
        None => command.split_whitespace().next(),
    };
    let path = word.unwrap_or_default();
    path.rsplit(['\\', '/']).next().unwrap_or_default()
}

/// An IP address, in its canonical spelling.
pub(crate) fn ip(address: &str) -> Option<IncomingEvidence> {
    if parts_in(EvidenceKind::Ip, address).is_some() {
        return Some(new_evidence(EvidenceKind::Ip, address));
    }
    let bare = address.trim_matches(['[', ']']);
    let usual = bare.parse::<IpAddr>().map(|ip| ip.to_canonical().to_string());
    let usual = usual.unwrap_or_else(|_| bare.to_owned());
    with_one_key(EvidenceKind::Ip, "ip", &usual)
}

/// A web address.
pub(crate) fn url(url: &str) -> Option<IncomingEvidence> {
    let mut evidence = with_one_key(EvidenceKind::Url, "url", url)?;
    if evidence.name != url {
        add_fact(&mut evidence.facts, "URL", url);
    }
    Some(evidence)
}

/// A mailbox by its address or addresses; `display` is the owner's name.
pub(crate) fn mailbox(addresses: &[String], display: &str) -> Option<IncomingEvidence> {
    if let Some(several) = addresses.iter().find(|text| parts_in(EvidenceKind::Mailbox, text).is_some()) {
        return Some(new_evidence(EvidenceKind::Mailbox, several));
    }
    let bare: Vec<&str> = addresses.iter().map(|text| bare_mail_address(text)).collect();
    let mut evidence =
        new_evidence(EvidenceKind::Mailbox, first_nonempty(&bare).or_else(|| first_nonempty(&[display]))?);
    for address in bare {
        add_key(&mut evidence, "addr", address);
    }
    add_fact(&mut evidence.facts, "Display name", display);
    Some(evidence)
}

/// The address in `"Ana" <ana@contoso.com>`.
fn bare_mail_address(text: &str) -> &str {
    let inner = text.rsplit_once('<').and_then(|(_, rest)| rest.split_once('>'));
    inner.map_or(text, |(address, _)| address).trim()
}

/// A mail message; all copies of it share its network message id.
pub(crate) fn message(subject: &str, sender: &str, ids: &[String]) -> Option<IncomingEvidence> {
    let from = if sender.is_empty() { String::new() } else { format!("Mail from {sender}") };
    let first = ids.iter().map(String::as_str).find(|id| !id.is_empty());
    let shown = [subject, &from, first.unwrap_or_default()];
    let mut evidence = new_evidence(EvidenceKind::MailMessage, first_nonempty(&shown)?);
    for id in ids {
        add_key(&mut evidence, "id", id);
    }
    Some(evidence)
}

/// A registry key, or a value of it when `value_name` is given.
pub(crate) fn registry(hive: &str, key: &str, value_name: &str) -> Option<IncomingEvidence> {
    let parts = [hive, key, value_name].map(|part| part.trim_matches('\\'));
    let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    with_one_key(EvidenceKind::RegistryKey, "id", &parts.join("\\"))
}

/// An application or a cloud resource, by its name and ids.
pub(crate) fn named_resource(kind: EvidenceKind, name: &str, ids: &[String]) -> Option<IncomingEvidence> {
    let first = ids.iter().map(String::as_str).find(|id| !id.is_empty());
    let last = first.and_then(|id| id.rsplit(['/', ':']).next());
    let shown = [name, last.unwrap_or_default(), first.unwrap_or_default()];
    let mut evidence = new_evidence(kind, first_nonempty(&shown)?);
    for id in ids {
        add_key(&mut evidence, "id", id);
    }
    Some(evidence)
}

/// A group of alike mail messages.
pub(crate) fn mail_cluster(count: &str, id: &str) -> Option<IncomingEvidence> {
    let name = match count {
        "" => "Mail cluster".to_owned(),
        "1" => "Mail cluster of 1 message".to_owned(),
        count => format!("Mail cluster of {count} messages"),
    };
    other("Mail cluster", &name, id)
}

/// Any other entity: `label` is its type, which is part of the key because ids of different types may be
/// equal.
pub(crate) fn other(label: &str, name: &str, id: &str) -> Option<IncomingEvidence> {
    let shown = match (name, id) {
        ("", "") => return None,
        ("", id) => format!("{label} {id}"),
        (name, _) => name.to_owned(),
    };
    let mut evidence = new_evidence(EvidenceKind::Other, &shown);
    add_key(&mut evidence, "id", &format!("{label}:{}", first_nonempty(&[id, name])?));
    add_fact(&mut evidence.facts, "Type", label);
    Some(evidence)
}

fn with_one_key(kind: EvidenceKind, key_type: &str, value: &str) -> Option<IncomingEvidence> {
    let mut evidence = new_evidence(kind, first_nonempty(&[value])?);
    add_key(&mut evidence, key_type, value);
    Some(evidence)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(evidence: Option<IncomingEvidence>) -> Vec<String> {
        evidence.map(|evidence| evidence.keys).unwrap_or_default()
    }

    #[test]
    fn a_process_is_named_after_its_program() {
        let name = |command: &str, pid: &str| process(command, &File::default(), pid).map(|evidence| evidence.name);
        let quoted = "\"C:\\Program Files\\x.exe\" -a";
        assert_eq!(name(quoted, "1").as_deref(), Some("x.exe"));
        assert_eq!(name("/bin/sh -c id", "").as_deref(), Some("sh"));
        assert_eq!(name("", "7").as_deref(), Some("Process 7"));
        assert_eq!(name("", ""), None);
    }

    #[test]
    fn addresses_have_one_spelling() {
        assert_eq!(keys(ip("::ffff:192.0.2.7")), ["ip:192.0.2.7"]);
        assert_eq!(keys(ip("[2001:DB8::0001]")), ["ip:2001:db8::1"]);
        let ana = ["\"Ana\" <Ana@Contoso.test>".to_owned()];
        assert_eq!(keys(mailbox(&ana, "Ana")), ["addr:ana@contoso.test"]);
    }

    #[test]
    fn equal_ids_of_different_types_are_different_entities() {
        assert_ne!(keys(other("Pod", "", "1")), keys(other("Node", "", "1")));
    }
}
