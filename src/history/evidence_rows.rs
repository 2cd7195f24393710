//! Inserting the evidence of alerts, and naming their assets for lists.

use diesel::prelude::*;

use crate::db::Tx;
use crate::each;
use crate::error::Result;
use crate::model::alert::Assets;
use crate::model::entity::Resolved;
use crate::model::incoming::IncomingEvidence;
use crate::schema::evidence;

pub(super) const ASSETS_SHOWN: usize = 3;

/// Rows a statement.
const BATCH: usize = 500;

#[derive(Insertable)]
#[diesel(table_name = evidence)]
pub(super) struct EvidenceRow {
    id: i64,
    alert_id: i64,
    entity_id: i64,
    roles: String,
    verdict: String,
    remediation: String,
    facts: String,
    first_seen: i64,
    linking: bool,
}

pub(super) fn evidence_row(
    alert_id: i64,
    entity_id: i64,
    item: &IncomingEvidence,
    first_seen: i64,
    linking: bool,
) -> Result<EvidenceRow> {
    Ok(EvidenceRow {
        id: 0,
        alert_id,
        entity_id,
        roles: serde_json::to_string(&item.roles)?,
        verdict: item.verdict.clone(),
        remediation: item.remediation.clone(),
        facts: serde_json::to_string(&item.facts)?,
        first_seen,
        linking,
    })
}

pub(super) fn insert_evidence_rows(tx: &mut Tx<'_>, mut rows: Vec<EvidenceRow>) -> Result<()> {
    // The counter's row is a lock that a commit without evidence must not wait for.
    if rows.is_empty() {
        return Ok(());
    }
    let first = tx.take_ids("evidence", i64::try_from(rows.len()).unwrap_or(i64::MAX))?;
    for (row, id) in rows.iter_mut().zip(first..) {
        row.id = id;
    }
    for batch in rows.chunks(BATCH) {
        each!(tx.conn, inner => diesel::insert_into(evidence::table).values(batch).execute(inner))?;
    }
    Ok(())
}

pub(super) fn assets(resolved: &[Resolved]) -> Assets {
    use crate::model::entity::EvidenceKind as Kind;
    let names = |kind: Kind| {
        let mut names: Vec<String> = Vec::new();
        for entity in resolved.iter().filter(|entity| entity.kind == kind && entity.links) {
            if names.len() < ASSETS_SHOWN && !names.contains(&entity.name) {
                names.push(entity.name.clone());
            }
        }
        names
    };
    Assets { devices: names(Kind::Device), users: names(Kind::User), mailboxes: names(Kind::Mailbox) }
}
