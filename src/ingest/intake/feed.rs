//! Who sends items, and how many of them one transaction stores.

use crate::model::actor::Actor;

/// Items in one transaction: large enough to amortise a commit and to write a page once for many rows,
/// small enough that a person who saves meanwhile does not notice (some 100 ms).
pub const BATCH: usize = 500;

/// Bytes that end a batch earlier.
pub(crate) const BATCH_BYTES: usize = 4 * 1024 * 1024;

/// Who sends items, and the name under which they are reported.
#[derive(Debug, Clone)]
pub struct Feed {
    pub actor: Actor,
    /// The token's name, or "Import of alerts.jsonl".
    pub label: String,
    pub token: Option<i64>,
    /// As asked for: "auto", or a format by name.
    pub format: String,
}

impl Feed {
    /// What a token sends.
    pub fn of_token(actor: Actor, format: &str) -> Self {
        Self { label: actor.label().to_owned(), token: actor.id(), format: format.to_owned(), actor }
    }

    /// A file taken in from the command line.
    pub fn of_import(name: &str, format: &str) -> Self {
        let label = format!("Import of {name}");
        Self { actor: Actor::System("Import"), label, token: None, format: format.to_owned() }
    }
}
