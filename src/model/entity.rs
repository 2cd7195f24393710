//! One host or account under several spellings is one entity. Each entity has keys ("fqdn:...",
//! "sid:...", see `incoming`); evidence that shows a known key is that entity, and teaches it the
//! keys it did not have.

use serde::{Deserialize, Serialize};

use crate::hash::sha256_hex;
use crate::model::importance::Importance;

/// Keys longer than this are stored as their hash, so that an index entry stays small.
const KEY_LIMIT: usize = 200;

const KINDS: [(EvidenceKind, &str); 12] = [
    (EvidenceKind::Device, "device"),
    (EvidenceKind::User, "user"),
    (EvidenceKind::Mailbox, "mailbox"),
    (EvidenceKind::Ip, "ip"),
    (EvidenceKind::File, "file"),
    (EvidenceKind::Process, "process"),
    (EvidenceKind::Url, "url"),
    (EvidenceKind::MailMessage, "mailMessage"),
    (EvidenceKind::RegistryKey, "registryKey"),
    (EvidenceKind::CloudApplication, "cloudApplication"),
    (EvidenceKind::CloudResource, "cloudResource"),
    (EvidenceKind::Other, "other"),
];

impl EvidenceKind {
    /// The stored value.
    pub fn as_str(self) -> &'static str {
        KINDS.iter().find(|(kind, _)| *kind == self).map_or("other", |(_, name)| name)
    }

    /// Reads the stored value; what is unknown is `Other`.
    pub fn parse(name: &str) -> Self {
        KINDS.iter().find(|(_, known)| *known == name).map_or(Self::Other, |(kind, _)| *kind)
    }
}

/// The entity that a piece of evidence is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resolved {
    pub id: i64,
    pub kind: EvidenceKind,
    pub name: String,
    /// Whether sharing it means anything: not for built-in accounts or private addresses.
    pub links: bool,
    pub importance: Importance,
}

pub(crate) fn bounded(key: &str) -> String {
    bounded_to(key, KEY_LIMIT)
}

/// A key of at most `limit` bytes: a longer one keeps its type and becomes its hash.
pub fn bounded_to(key: &str, limit: usize) -> String {
    if key.len() <= limit {
        return key.to_owned();
    }
    let kind = key.split(':').next().unwrap_or_default();
    format!("{kind}:#{}", sha256_hex(key.as_bytes()))
}

/// A bare name may belong to several; it identifies only where nothing contradicts it.
pub(crate) fn is_weak(key: &str) -> bool {
    ["host:", "name:", "local:host:"].iter().any(|weak| key.starts_with(weak))
}

/// The type of a key; of a built-in account's, the type of its device's key.
pub(crate) fn key_type(key: &str) -> &str {
    key.strip_prefix("local:").unwrap_or(key).split(':').next().unwrap_or_default()
}

/// The kinds of evidence that have a meaning of their own; everything else is `Other`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize)]
pub enum EvidenceKind {
    Device,
    User,
    Mailbox,
    Ip,
    File,
    Process,
    Url,
    MailMessage,
    RegistryKey,
    CloudApplication,
    CloudResource,
    #[default]
    Other,
}
