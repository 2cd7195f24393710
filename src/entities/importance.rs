//! How important an asset is: people mark devices, users and mailboxes, and the open incidents of a marked
//! one are scored again in the same transaction.

use diesel::prelude::*;

use crate::db::Tx;
use crate::entities::entries::{self, EntityChange};
use crate::entities::lookup::Entity;
use crate::error::{Error, Result};
use crate::history::claim::claim_many;
use crate::history::commit::commit;
use crate::history::incident_changes::{IncidentChanges, Recompute};
use crate::model::actor::Actor;
use crate::model::importance::{Importance, is_asset};
use crate::permissions::{Action, require};
use crate::schema::{entities, incident_entities};

/// Open incidents of one asset that are scored at once, the newest first. Older ones beyond it
/// follow with their next change.
const AT_ONCE: i64 = 2_000;

/// What marking an asset did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Marked {
    pub name: String,
    pub importance: Importance,
    /// Open incidents that were scored again.
    pub rescored: usize,
}

/// Marks an asset. The same mark again records nothing.
pub fn set(tx: &mut Tx<'_>, actor: &Actor, entity: i64, value: &str) -> Result<Marked> {
    require(actor, Action::Work)?;
    let importance = Importance::parse(value)
        .ok_or_else(|| Error::at_field("importance", "Choose Low, Normal, High or Very high."))?;
    let Entity { id, kind, name, importance: before, .. } = entries::hold(tx, entity)?;
    if !is_asset(&kind) {
        return Err(Error::at_field("importance", "Only devices, users and mailboxes can have an importance."));
    }
    if before == importance {
        return Ok(Marked { name, importance, rescored: 0 });
    }
    diesel::update(entities::table.find(id)).set(entities::importance.eq(importance.as_str())).execute(tx.conn)?;
    let rescored = rescore_open_incidents(tx, actor, id)?;
    entries::record(tx, actor, id, &[EntityChange::Importance { from: before, to: importance }])?;
    Ok(Marked { name, importance, rescored })
}

/// Scores the open incidents of an asset anew; returns how many there are.
fn rescore_open_incidents(tx: &mut Tx<'_>, actor: &Actor, entity: i64) -> Result<usize> {
    let ids: Vec<i64> = incident_entities::table
        .filter(incident_entities::entity_id.eq(entity))
        .filter(incident_entities::is_open.eq(true))
        .order(incident_entities::incident_id.desc())
        .limit(AT_ONCE)
        .select(incident_entities::incident_id)
        .load(tx.conn)?;
    let claimed = claim_many(tx, &ids)?;
    let count = claimed.len();
    let changes = claimed.into_iter().map(|one| IncidentChanges::recomputing(one, Recompute::Importance)).collect();
    commit(tx, actor, changes)?;
    Ok(count)
}

/// Two spellings were found to be one asset: it keeps what it was marked as, or else becomes what
/// the other was marked as; of two marks the higher.
pub(crate) fn joined(tx: &mut Tx<'_>, kept: (i64, Importance), lost: Importance) -> Result<Importance> {
    let (id, kept) = kept;
    let joined = match (kept, lost) {
        (Importance::Normal, other) | (other, Importance::Normal) => other,
        (one, other) => one.max(other),
    };
    if joined != kept {
        diesel::update(entities::table.find(id)).set(entities::importance.eq(joined.as_str())).execute(tx.conn)?;
    }
    Ok(joined)
}
