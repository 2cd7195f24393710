//! Inserting the evidence of alerts, and naming their assets for lists.

use std::collections::BTreeSet;

use diesel::prelude::*;

use crate::db::Tx;
use crate::each;
use crate::error::Result;
use crate::history::entity_texts::EntityTexts;
use crate::model::alert::Assets;
use crate::model::entity::Resolved;
use crate::model::incoming::IncomingEvidence;
use crate::model::meaningless::is_meaningless_name;
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
    name: String,
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
        name: item.name.clone(),
    })
}

pub(super) fn insert_evidence_rows(tx: &mut Tx<'_>, mut rows: Vec<EvidenceRow>) -> Result<()> {
    // The counter's row is a lock that a commit without evidence must not wait for.
    if rows.is_empty() {
        return Ok(());
    }
    let mut texts = EntityTexts::default();
    for row in &rows {
        texts.note(row.entity_id, &row.name, &row.facts);
    }
    texts.store(tx)?;
    let first = tx.take_ids("evidence", i64::try_from(rows.len()).unwrap_or(i64::MAX))?;
    for (row, id) in rows.iter_mut().zip(first..) {
        row.id = id;
    }
    for batch in rows.chunks(BATCH) {
        each!(tx.conn, inner => diesel::insert_into(evidence::table).values(batch).execute(inner))?;
    }
    Ok(())
}

/// The assets of an alert, by the names that it gave them itself (R17).
pub(super) fn assets(evidence: &[IncomingEvidence], resolved: &[Resolved]) -> Assets {
    use crate::model::entity::EvidenceKind as Kind;
    let names = |kind: Kind| {
        let mut names: Vec<String> = Vec::new();
        let mut named: BTreeSet<i64> = BTreeSet::new();
        for (item, entity) in evidence.iter().zip(resolved) {
            if entity.kind != kind || !entity.links || names.len() == ASSETS_SHOWN || !named.insert(entity.id) {
                continue;
            }
            let name = if is_meaningless_name(kind, &item.name) { &entity.name } else { &item.name };
            if !names.contains(name) {
                names.push(name.clone());
            }
        }
        names
    };
    Assets { devices: names(Kind::Device), users: names(Kind::User), mailboxes: names(Kind::Mailbox) }
}
