//! The short facts of an entity, as a link to it shows them: little is read, and that by index.

use crate::db::AnyConnection;
use crate::entities::counts::{self, IncidentCounts};
use crate::entities::known_facts;
use crate::entities::known_to_us::{self, KnownToUs};
use crate::entities::lookup::{Entity, find};
use crate::entities::overview::seen;
use crate::error::Result;

/// Alerts whose facts and verdicts are read: the newest.
const READ: i64 = 20;
/// Facts that are shown.
const FACTS: usize = 3;

/// What the card shows.
#[derive(Debug, Clone)]
pub struct Card {
    pub entity: Entity,
    pub known: KnownToUs,
    pub counts: IncidentCounts,
    /// Microseconds UTC; none where no alert names it any more.
    pub first_seen: Option<i64>,
    pub last_seen: Option<i64>,
    /// The worst that its newest alerts say of it; empty for nothing.
    pub verdict: String,
    /// Label and value: what its newest alerts tell, each label once.
    pub facts: Vec<(String, String)>,
}

/// The card of the entity with an id, or of the one that it turned out to be.
pub fn load(conn: &mut AnyConnection, id: i64) -> Result<Card> {
    let entity = find(conn, id)?;
    let id = entity.id;
    let (first_seen, last_seen) = seen(conn, id)?;
    let known = known_facts::load(conn, id, READ)?;
    let mut facts: Vec<(String, String)> = Vec::new();
    for fact in known.facts.into_iter().filter(|fact| fact.value != entity.name) {
        if facts.len() < FACTS && !facts.iter().any(|(label, _)| *label == fact.label) {
            facts.push((fact.label, fact.value));
        }
    }
    Ok(Card {
        known: known_to_us::of(conn, &[id])?.remove(&id).unwrap_or_default(),
        counts: counts::of(conn, &[id])?.remove(&id).unwrap_or_default(),
        first_seen,
        last_seen,
        verdict: known.verdicts.into_iter().next().map(|(verdict, _)| verdict).unwrap_or_default(),
        facts,
        entity,
    })
}
