//! Builds evidence other than devices and accounts, with the keys by which alerts are linked.

use std::net::IpAddr;

use serde_json::{Value, json};

use crate::formats::building::clean_text::first_nonempty;
use crate::formats::building::evidence_item::{add_key, new_evidence};
use crate::formats::building::facts::add_fact;
use crate::formats::building::names_in_text::{
    all_names, command_line, is_list_of_commands, member_text, object_in, parts_in, single,
};
use crate::formats::building::packed_names::packed;
use crate::formats::building::terms::normalized;
use crate::model::entity::EvidenceKind;
use crate::model::incoming::IncomingEvidence;

/// The known data of a file.
#[derive(Debug, Default)]
pub(crate) struct File {
    pub name: String,
    /// The folder, or the whole path.
    pub path: String,
    pub sha256: String,
    pub sha1: String,
    pub md5: String,
}

impl File {
    /// A file by its name, path or hash, or by an object that has them.
    pub fn named(text: String) -> Self {
        let Some(members) = object_in(&text) else {
            let file = Self::default().with_hashes(std::slice::from_ref(&text));
            let is_hash = [&file.sha256, &file.sha1, &file.md5].iter().any(|hash| !hash.is_empty());
            return if is_hash { file } else { Self { path: text, ..Self::default() } };
        };
        let text = |wanted: &[&str]| member_text(&members, wanted);
        Self {
            name: text(&["filename", "name"]),
            path: text(&["filepath", "path", "folderpath", "directory"]),
            sha256: text(&["sha256"]),
            sha1: text(&["sha1"]),
            md5: text(&["md5"]),
        }
    }

    /// [`with_hashes`](Self::with_hashes) for the hash or the list of hashes in a text.
    pub fn with_hash_text(self, text: &str) -> Self {
        self.with_hashes(&all_names(EvidenceKind::File, text))
    }

    pub fn has_hash(&self) -> bool {
        [&self.sha256, &self.sha1, &self.md5].iter().any(|hash| !hash.is_empty())
    }

    /// With hashes whose algorithm their length tells; several of one algorithm are a list.
    pub fn with_hashes(mut self, hashes: &[String]) -> Self {
        for (place, length) in [(&mut self.sha256, 64), (&mut self.sha1, 40), (&mut self.md5, 32)] {
            let fits =
                hashes.iter().filter(|hash| hash.len() == length && hash.bytes().all(|byte| byte.is_ascii_hexdigit()));
            if place.is_empty() {
                *place = packed(&fits.cloned().collect::<Vec<_>>());
            }
        }
        self
    }

    /// The files of fields that hold lists, as one text that evidence takes apart; `None` for a single file. Lists
    /// of equal length go together, entry by entry, and a single name or path with each hash. Of other lists each entry
    /// is a file of its own.
    fn several(&self) -> Option<IncomingEvidence> {
        let fields = [&self.name, &self.path, &self.sha256, &self.sha1, &self.md5];
        let lists = fields.map(|text| parts_in(EvidenceKind::File, text).unwrap_or_else(|| vec![text.clone()]));
        let most = lists.iter().map(Vec::len).max().filter(|most| *most > 1)?;
        let keys = ["name", "path", "sha256", "sha1", "md5"];
        let entry = |list: &[String], index: usize| {
            list.get(if list.len() == 1 { 0 } else { index }).cloned().unwrap_or_default()
        };
        let [name, path, hashes @ ..] = &lists;
        let together = [name, path].iter().all(|list| list.len() == most || list.len() == 1)
            && hashes.iter().all(|list| list.len() == most || list.iter().all(String::is_empty));
        let files: Vec<Value> = if together {
            let file = |index| {
                let members = keys.iter().zip(&lists).map(|(key, list)| ((*key).to_owned(), entry(list, index).into()));
                Value::Object(members.collect())
            };
            (0..most).map(file).collect()
        } else {
            let texts = keys.iter().zip(&lists).flat_map(|(key, list)| list.iter().map(move |text| (*key, text)));
            texts.filter(|(_, text)| !text.is_empty()).map(|(key, text)| json!({ key: text })).collect()
        };
        Some(new_evidence(EvidenceKind::File, &Value::Array(files).to_string()))
    }

    /// `None` when it has neither name, path nor hash.
    pub fn build(mut self) -> Option<IncomingEvidence> {
        if let Some(several) = self.several() {
            return Some(several);
        }
        self.look_into();
        let path = self.full_path();
        let last = path.rsplit(['\\', '/']).next().unwrap_or_default();
        let shown = [&*self.name, last, &self.sha256, &self.sha1, &self.md5];
        let mut evidence = new_evidence(EvidenceKind::File, first_nonempty(&shown)?);
        let hashes = [("sha256", &self.sha256, 64), ("sha1", &self.sha1, 40), ("md5", &self.md5, 32)];
        for (key_type, hash, length) in hashes {
            if hash.len() == length && hash.bytes().all(|byte| byte.is_ascii_hexdigit()) {
                add_key(&mut evidence, key_type, hash);
            }
        }
        if evidence.keys.is_empty() {
            add_key(&mut evidence, "path", &path);
        }
        add_fact(&mut evidence.facts, "Path", &path);
        for (label, hash) in [("SHA256", self.sha256), ("SHA1", self.sha1), ("MD5", self.md5)] {
            add_fact(&mut evidence.facts, label, &hash);
        }
        Some(evidence)
    }

    /// Takes what a list of one or an object in place of a text says.
    fn look_into(&mut self) {
        for text in [&mut self.sha256, &mut self.sha1, &mut self.md5] {
            *text = single(EvidenceKind::File, text);
        }
        let given = [&mut self.name, &mut self.path].map(|text| match parts_in(EvidenceKind::File, text) {
            Some(parts) => {
                text.clear();
                parts.into_iter().next().map(Self::named).unwrap_or_default()
            }
            None => Self::default(),
        });
        for inner in given {
            for (place, found) in [
                (&mut self.name, inner.name),
                (&mut self.path, inner.path),
                (&mut self.sha256, inner.sha256),
                (&mut self.sha1, inner.sha1),
                (&mut self.md5, inner.md5),
            ] {
                if place.is_empty() {
                    *place = found;
                }
            }
        }
    }

    /// A file of which only one hash is known.
    pub fn of_hash(algorithm: &str, hash: &str) -> Self {
        let mut file = Self::default();
        let place = match normalized(algorithm).as_str() {
            "sha256" | "sha256ac" => &mut file.sha256,
            "sha1" => &mut file.sha1,
            "md5" => &mut file.md5,
            _ => &mut file.name,
        };
        hash.clone_into(place);
        file
    }

    /// Folder and name together; some sources repeat the name at the end of the folder.
    pub fn full_path(&self) -> String {
        let folder = self.path.trim_end_matches(['\\', '/']);
        let last = folder.rsplit(['\\', '/']).next().unwrap_or_default();
        if folder.is_empty() {
            return format!("{}{}", self.path, self.name);
        }
        if self.name.is_empty() || last.eq_ignore_ascii_case(&self.name) {
            return folder.to_owned();
        }
        let separator = if folder.contains('/') { '/' } else { '\\' };
        format!("{folder}{separator}{}", self.name)
    }
}

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
    fn a_file_is_its_hashes_or_else_its_path() {
        let file = |sha1: &str| File {
            name: "Run.exe".into(),
            path: "C:\\Temp\\".into(),
            sha1: sha1.into(),
            ..File::default()
        };
        let hash = "AB".repeat(20);
        assert_eq!(keys(file(&hash).build()), [format!("sha1:{}", "ab".repeat(20))]);
        assert_eq!(keys(file("not a hash").build()), ["path:c:\\temp\\run.exe"]);
    }

    #[test]
    fn a_path_that_ends_with_the_name_is_whole() {
        let path = |path: &str, name: &str| {
            let (path, name) = (path.to_owned(), name.to_owned());
            File { name, path, ..File::default() }.full_path()
        };
        assert_eq!(path("/opt/x/run.sh", "run.sh"), "/opt/x/run.sh");
        assert_eq!(path("/opt/x", "run.sh"), "/opt/x/run.sh");
        assert_eq!(path("/", "run.sh"), "/run.sh");
        assert_eq!(path("", "run.sh"), "run.sh");
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
