//! What the alerts of an incident say of its entities: names and facts as these alerts reported them (R17),
//! not what the same entity was called elsewhere.

use std::collections::HashMap;

use diesel::prelude::*;

use crate::db::AnyConnection;
use crate::error::Result;
use crate::schema::{alerts, evidence};

/// Pieces of evidence that are read of an incident, the earliest ones.
const READ: i64 = 5_000;
/// Facts and further names that an entity shows.
const SHOWN: usize = 12;

/// What alerts say of one entity.
#[derive(Debug, Default)]
pub(super) struct Reported {
    names: Vec<String>,
    facts: Vec<(String, String)>,
}

/// What an incident's alerts say of some entities.
pub(super) fn by_entity(conn: &mut AnyConnection, incident: i64, ids: &[i64]) -> Result<HashMap<i64, Reported>> {
    let rows: Vec<(i64, String, String)> = evidence::table
        .inner_join(alerts::table)
        .filter(alerts::incident_id.eq(incident))
        .filter(evidence::entity_id.eq_any(ids))
        .order((alerts::first_activity, alerts::id, evidence::id))
        .limit(READ)
        .select((evidence::entity_id, evidence::name, evidence::facts))
        .load(conn)?;
    let mut found: HashMap<i64, Reported> = HashMap::new();
    for (entity, name, facts) in rows {
        let reported = found.entry(entity).or_default();
        add(&mut reported.names, name);
        let facts: Vec<(String, String)> = serde_json::from_str(&facts).unwrap_or_default();
        for fact in facts {
            add(&mut reported.facts, fact);
        }
    }
    Ok(found)
}

fn add<T: PartialEq>(list: &mut Vec<T>, one: T) {
    if list.len() < SHOWN && !list.contains(&one) {
        list.push(one);
    }
}

impl Reported {
    /// The name under which the incident shows it: of an asset its best name, of anything else one that was
    /// reported here.
    pub fn shown_name(&self, kind: &str, best: &str) -> String {
        let is_asset = matches!(kind, "device" | "user" | "mailbox");
        let known = is_asset || self.names.iter().any(|name| name == best);
        self.names.first().filter(|_| !known).map_or_else(|| best.to_owned(), Clone::clone)
    }

    /// The facts, and the further names that were reported here.
    pub fn take_facts(&mut self, kind: &str, best: &str) -> Vec<(String, String)> {
        let shown = self.shown_name(kind, best);
        let mut facts = std::mem::take(&mut self.facts);
        let others = self.names.iter().filter(|name| !name.eq_ignore_ascii_case(&shown));
        facts.extend(others.map(|name| ("Also reported as".to_owned(), name.clone())));
        facts
    }
}
