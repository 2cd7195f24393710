//! What the alerts of an entity tell of it, and who told it when.

use std::collections::HashMap;

use diesel::prelude::*;

use crate::db::AnyConnection;
use crate::error::Result;
use crate::model::verdict;
use crate::schema::{alerts, evidence};

/// Pieces of evidence that a page reads: the newest.
pub const READ: i64 = 200;

/// A fact, with the newest alert that tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownFact {
    pub label: String,
    pub value: String,
    pub alert: i64,
    /// The service source of that alert.
    pub source: String,
    /// When that alert began, in microseconds UTC.
    pub at: i64,
    /// How many of the alerts that were read tell it.
    pub times: i64,
}

/// What alerts say of an entity.
#[derive(Debug, Clone, Default)]
pub struct KnownFacts {
    /// What the newest alert tells first.
    pub facts: Vec<KnownFact>,
    /// Each verdict with the number of alerts, the worst first.
    pub verdicts: Vec<(String, i64)>,
    /// Whether there is more evidence than was read.
    pub more: bool,
}

type Row = (i64, String, i64, String, String);

/// What the newest `read` alerts of an entity say.
pub fn load(conn: &mut AnyConnection, entity: i64, read: i64) -> Result<KnownFacts> {
    let mut rows: Vec<Row> = evidence::table
        .inner_join(alerts::table)
        .filter(evidence::entity_id.eq(entity))
        .order(evidence::alert_id.desc())
        .limit(read + 1)
        .select((alerts::id, alerts::service_source, alerts::first_activity, evidence::verdict, evidence::facts))
        .load(conn)?;
    let most = usize::try_from(read).unwrap_or(usize::MAX);
    let more = rows.len() > most;
    rows.truncate(most);
    let mut known = KnownFacts { more, ..KnownFacts::default() };
    let mut places: HashMap<(String, String), usize> = HashMap::new();
    let mut verdicts: HashMap<String, i64> = HashMap::new();
    for (alert, source, at, verdict, facts) in rows {
        *verdicts.entry(verdict).or_default() += 1;
        let facts: Vec<(String, String)> = serde_json::from_str(&facts).unwrap_or_default();
        for (label, value) in facts {
            let place = *places.entry((label.clone(), value.clone())).or_insert_with(|| {
                known.facts.push(KnownFact { label, value, alert, source: source.clone(), at, times: 0 });
                known.facts.len() - 1
            });
            if let Some(fact) = known.facts.get_mut(place) {
                fact.times += 1;
            }
        }
    }
    known.verdicts = verdicts.into_iter().filter(|(verdict, _)| !verdict::label(verdict).is_empty()).collect();
    known.verdicts.sort_by_key(|(verdict, count)| (verdict::rank(verdict), -count));
    Ok(known)
}
