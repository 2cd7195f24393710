//! A checkpoint: what all hash chains were at some time. It is a line of JSON wherever it is sent.

use diesel::prelude::*;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::hash_chain::Link;
use crate::proof::signing::{SigningKey, is_signed};
use crate::schema::checkpoints;

/// How far the chains have come.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Heads {
    /// The id of the newest entry of incidents, 0 without any.
    pub last_entry: i64,
    /// The hash of the hashes of all entries of incidents up to it, in the order of their ids: see [`and_entry`].
    pub entries_hash: String,
    /// The newest entry of entities, and its hash.
    pub last_entity_entry: i64,
    pub entity_entries_hash: String,
    /// The newest entry of the audit log, and its hash.
    pub last_audit_entry: i64,
    pub audit_hash: String,
}

/// The hash of all entries of incidents once one more comes. A further checkpoint goes on from the one before, so that
/// making it takes as long as there are new entries.
pub fn and_entry(before: &str, entry: &str) -> String {
    Link::after(before).text(entry).hash()
}

/// A checkpoint as it is stored and as it is sent.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable, Serialize, Deserialize)]
#[diesel(table_name = checkpoints, treat_none_as_default_value = false)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Checkpoint {
    #[serde(rename = "number")]
    pub id: i64,
    /// Microseconds UTC; RFC 3339 in JSON.
    #[serde(with = "rfc3339")]
    pub at: i64,
    pub last_entry: i64,
    pub entries_hash: String,
    pub last_entity_entry: i64,
    pub entity_entries_hash: String,
    pub last_audit_entry: i64,
    pub audit_hash: String,
    /// The hash of the checkpoint before.
    pub previous: String,
    /// The hash of all of the above.
    pub hash: String,
    pub public_key: String,
    /// Of `hash`, as text.
    pub signature: String,
}

impl Checkpoint {
    /// Signs a checkpoint after the one with the hash `previous`.
    pub fn sign(id: i64, at: i64, heads: Heads, previous: &str, key: &SigningKey) -> Self {
        let mut checkpoint = Self {
            id,
            at,
            last_entry: heads.last_entry,
            entries_hash: heads.entries_hash,
            last_entity_entry: heads.last_entity_entry,
            entity_entries_hash: heads.entity_entries_hash,
            last_audit_entry: heads.last_audit_entry,
            audit_hash: heads.audit_hash,
            previous: previous.to_owned(),
            hash: String::new(),
            public_key: key.public_key(),
            signature: String::new(),
        };
        checkpoint.hash = checkpoint.hash_of_content();
        checkpoint.signature = key.sign(&checkpoint.hash);
        checkpoint
    }

    fn hash_of_content(&self) -> String {
        Link::after(&self.previous)
            .number(self.id)
            .number(self.at)
            .number(self.last_entry)
            .text(&self.entries_hash)
            .number(self.last_entity_entry)
            .text(&self.entity_entries_hash)
            .number(self.last_audit_entry)
            .text(&self.audit_hash)
            .hash()
    }

    /// Whether its hash is that of its content, and its signature that of a key.
    pub fn is_signed_by(&self, public_key: &str) -> bool {
        self.hash == self.hash_of_content() && is_signed(&self.hash, public_key, &self.signature)
    }

    pub fn heads(&self) -> Heads {
        Heads {
            last_entry: self.last_entry,
            entries_hash: self.entries_hash.clone(),
            last_entity_entry: self.last_entity_entry,
            entity_entries_hash: self.entity_entries_hash.clone(),
            last_audit_entry: self.last_audit_entry,
            audit_hash: self.audit_hash.clone(),
        }
    }

    /// One line, without its end.
    pub fn line(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Reads a line.
    pub fn parse(line: &str) -> Option<Self> {
        serde_json::from_str(line).ok()
    }
}

/// A time in microseconds as people and other programs read it.
pub fn shown_time(at: i64) -> String {
    format!("{:.6}", Timestamp::from_microsecond(at).unwrap_or_default())
}

mod rfc3339 {
    use jiff::Timestamp;
    use serde::{Deserialize as _, Deserializer, Serializer};

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes every field by reference")]
    pub fn serialize<S: Serializer>(at: &i64, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&super::shown_time(*at))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse::<Timestamp>().map(Timestamp::as_microsecond).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_read_as_it_was_written_and_a_changed_one_is_found() {
        let folder = tempfile::tempdir().unwrap();
        let key = SigningKey::read_or_make(&folder.path().join("key")).unwrap();
        let heads = Heads { last_entry: 7, entries_hash: "ab".into(), ..Heads::default() };
        let checkpoint = Checkpoint::sign(1, 1_735_689_600_000_001, heads, "", &key);
        let line = checkpoint.line();
        assert!(line.contains("\"at\":\"2025-01-01T00:00:00.000001Z\""), "{line}");
        assert_eq!(Checkpoint::parse(&line).as_ref(), Some(&checkpoint));
        assert!(checkpoint.is_signed_by(&key.public_key()));
        let changed = Checkpoint::parse(&line.replace("\"lastEntry\":7", "\"lastEntry\":6")).unwrap();
        assert!(!changed.is_signed_by(&key.public_key()));
    }
}
