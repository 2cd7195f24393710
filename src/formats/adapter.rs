//! One provider's format.

use serde_json::Value;

use crate::formats::not_taken::NotTaken;
use crate::model::incoming::Incoming;

/// One provider's format.
#[derive(Debug)]
pub struct Adapter {
    /// Its name in `?format=` and `--format`: camel case, and the source where it has only one. It never
    /// changes, because tokens and scripts use it.
    pub name: &'static str,
    /// The product, and which of its records: "Falco events".
    pub label: &'static str,
    /// Whether a JSON object is of this format. Adapters are asked in the order of the registry; the first
    /// that answers yes reads the object.
    pub detect: fn(&Value) -> bool,
    /// Reads one record of this format.
    pub parse: fn(&Value) -> Result<Incoming, NotTaken>,
    /// The vendor's documentation of the records: its title or address.
    pub documentation: &'static str,
    /// Which members each field of an alert is read from.
    pub fields: Fields,
}

/// Which members of a record the fields of an alert are read from, for people; empty where the format has none.
/// A test compares the empty ones with what the samples give.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fields {
    pub title: &'static str,
    pub id: &'static str,
    pub severity: &'static str,
    pub times: &'static str,
    pub device: &'static str,
    pub user: &'static str,
    pub address: &'static str,
    pub file: &'static str,
    pub hash: &'static str,
    pub process: &'static str,
    pub url: &'static str,
    pub technique: &'static str,
    pub category: &'static str,
    pub status: &'static str,
}

impl Fields {
    pub const NONE: Self = Self {
        title: "",
        id: "",
        severity: "",
        times: "",
        device: "",
        user: "",
        address: "",
        file: "",
        hash: "",
        process: "",
        url: "",
        technique: "",
        category: "",
        status: "",
    };

    /// Each field's name with its members.
    pub fn cells(&self) -> [(&'static str, &'static str); 14] {
        [
            ("title", self.title),
            ("id", self.id),
            ("severity", self.severity),
            ("times", self.times),
            ("device", self.device),
            ("user", self.user),
            ("address", self.address),
            ("file", self.file),
            ("hash", self.hash),
            ("process", self.process),
            ("url", self.url),
            ("technique", self.technique),
            ("category", self.category),
            ("status", self.status),
        ]
    }
}
