//! What the page of an entity shows at its head: names, identifiers, when it was seen, and how its incidents ended.

use diesel::prelude::*;

use crate::db::AnyConnection;
use crate::entities::counts::{self, IncidentCounts};
use crate::entities::known_to_us::{self, KnownToUs};
use crate::entities::lookup::Entity;
use crate::error::Result;
use crate::model::outcome::Classification;
use crate::schema::{entity_keys, entity_names, incident_entities, incidents};

/// Closed incidents whose classification is counted: the newest.
const OUTCOMES: i64 = 1_000;

/// What is known of an entity.
#[derive(Debug, Clone)]
pub struct Overview {
    pub entity: Entity,
    /// Its names beside the best.
    pub names: Vec<String>,
    /// Type and value of what identifies it: ("sid", "S-1-5-21-...").
    pub keys: Vec<(String, String)>,
    pub known: KnownToUs,
    /// Microseconds UTC; none where no alert names it any more.
    pub first_seen: Option<i64>,
    pub last_seen: Option<i64>,
    pub counts: IncidentCounts,
    /// How the newest closed incidents were classified, and how many each; at most 1,000 in all.
    pub outcomes: Vec<(Classification, i64)>,
}

impl Overview {
    /// How many closed incidents [`Self::outcomes`] counts.
    pub fn counted(&self) -> i64 {
        self.outcomes.iter().map(|(_, count)| count).sum()
    }
}

pub fn load(conn: &mut AnyConnection, entity: Entity) -> Result<Overview> {
    let id = entity.id;
    let (first_seen, last_seen) = seen(conn, id)?;
    let keys: Vec<String> = entity_keys::table
        .filter(entity_keys::entity_id.eq(id))
        .order(entity_keys::key)
        .select(entity_keys::key)
        .load(conn)?;
    Ok(Overview {
        names: entity_names::table
            .filter(entity_names::entity_id.eq(id))
            .order(entity_names::id)
            .select(entity_names::name)
            .load(conn)?,
        keys: keys.iter().filter_map(|key| identifier(key)).collect(),
        known: known_to_us::of(conn, &[id])?.remove(&id).unwrap_or_default(),
        first_seen,
        last_seen,
        counts: counts::of(conn, &[id])?.remove(&id).unwrap_or_default(),
        outcomes: outcomes(conn, id)?,
        entity,
    })
}

/// When alerts saw an entity first and last: each an end of an index.
pub(super) fn seen(conn: &mut AnyConnection, entity: i64) -> Result<(Option<i64>, Option<i64>)> {
    use incident_entities as e;
    let of = || e::table.filter(e::entity_id.eq(entity));
    let first = of().order(e::first_seen).select(e::first_seen).first(conn).optional()?;
    let last = of().order(e::last_seen.desc()).select(e::last_seen).first(conn).optional()?;
    Ok((first, last))
}

/// Type and value of a key that tells an entity from all others; short names, command lines and hashed keys do not.
fn identifier(key: &str) -> Option<(String, String)> {
    let (key_type, value) = key.split_once(':')?;
    let told = ["sid", "aad", "mde", "upn", "fqdn", "sha256", "sha1", "md5", "addr"];
    (told.contains(&key_type) && !value.starts_with('#')).then(|| (key_type.to_owned(), value.to_owned()))
}

fn outcomes(conn: &mut AnyConnection, entity: i64) -> Result<Vec<(Classification, i64)>> {
    let newest: Vec<i64> = incident_entities::table
        .filter(incident_entities::entity_id.eq(entity).and(incident_entities::is_open.eq(false)))
        .order(incident_entities::incident_id.desc())
        .limit(OUTCOMES)
        .select(incident_entities::incident_id)
        .load(conn)?;
    let mut all: Vec<(Classification, i64)> = Classification::ALL.iter().map(|one| (*one, 0)).collect();
    for ids in newest.chunks(crate::db::LISTED) {
        let found: Vec<(String, i64)> = incidents::table
            .filter(incidents::id.eq_any(ids))
            .group_by(incidents::classification)
            .select((incidents::classification, diesel::dsl::count_star()))
            .load(conn)?;
        for (classification, count) in found {
            let classification = Classification::parse(&classification).unwrap_or_default();
            if let Some(one) = all.iter_mut().find(|(known, _)| *known == classification) {
                one.1 += count;
            }
        }
    }
    all.retain(|(_, count)| *count > 0);
    Ok(all)
}
