//! One provider's format.

use serde_json::Value;

use crate::formats::not_taken::NotTaken;
use crate::model::incoming::Incoming;

/// One provider's format.
#[derive(Debug)]
pub struct Adapter {
    /// As in `?format=` and `--format`.
    pub name: &'static str,
    /// As a person knows it.
    pub label: &'static str,
    /// Whether a JSON object is of this format. Asked in the table's order; the first that says
    /// yes reads it.
    pub detect: fn(&Value) -> bool,
    pub parse: fn(&Value) -> Result<Incoming, NotTaken>,
}
