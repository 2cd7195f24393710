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
}
