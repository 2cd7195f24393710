//! Who sends items, and how many of them one transaction stores.

use std::sync::Arc;
use std::time::Duration;

use crate::db::Pace;
use crate::model::actor::Actor;

/// Least and most items in one transaction: enough to amortise a commit and to write a page once for many rows.
const LEAST: usize = 50;
pub(super) const MOST: usize = 500;

/// How long a transaction may take: a person who saves meanwhile does not notice.
const LONGEST: Duration = Duration::from_millis(100);

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
    /// How many items one transaction stores, unless their bytes end it earlier. All that a server receives shares one.
    pub pace: Arc<Pace>,
}

/// The pace of storing items.
pub fn pace() -> Arc<Pace> {
    Arc::new(Pace::new(LEAST, MOST, LONGEST))
}

impl Feed {
    /// What a token sends.
    pub fn of_token(actor: Actor, format: &str, pace: Arc<Pace>) -> Self {
        Self { label: actor.label().to_owned(), token: actor.id(), format: format.to_owned(), pace, actor }
    }

    /// A file taken in from the command line.
    pub fn of_import(name: &str, format: &str) -> Self {
        let label = format!("Import of {name}");
        Self { actor: Actor::System("Import"), label, token: None, format: format.to_owned(), pace: pace() }
    }
}
