//! Chaining the entries of a store that an earlier version wrote, once: each gets its hash and the time at which it got it,
//! so that nobody takes it for the hash of the moment when it was written.

use std::collections::HashMap;

use diesel::prelude::*;

use crate::clock;
use crate::db::{AnyConnection, Db, Tx};
use crate::error::Result;
use crate::hash_chain::START;
use crate::history::chain::{ChainedEntry, of_incidents};
use crate::history::older_rows::OlderRows;
use crate::schema::{history, incidents};

/// Incidents a transaction.
const INCIDENTS: i64 = 200;

const OLDER: OlderRows = OlderRows { counter: "unchained_incidents", read_page: chain_page };

/// Chains the entries of the incidents that are left; returns how many incidents these were.
pub fn bring_up_to_date(db: &Db) -> Result<u64> {
    OLDER.read(db)
}

/// Whether entries of an older store have no hash yet.
pub fn is_behind(conn: &mut AnyConnection) -> Result<bool> {
    OLDER.are_left(conn)
}

/// The last of the incidents that are still to be chained, 0 when all are.
pub fn last_unchained(conn: &mut AnyConnection) -> Result<i64> {
    OLDER.last(conn)
}

fn chain_page(tx: &mut Tx<'_>, last: i64) -> Result<Vec<i64>> {
    let ids: Vec<i64> = incidents::table
        .filter(incidents::id.le(last))
        .order(incidents::id.desc())
        .limit(INCIDENTS)
        .select(incidents::id)
        .load(tx.conn)?;
    // The lock of a claim: nobody adds an entry meanwhile.
    diesel::update(incidents::table.filter(incidents::id.eq_any(&ids)))
        .set(incidents::revision.eq(incidents::revision))
        .execute(tx.conn)?;
    let unchained: Vec<i64> = incidents::table
        .filter(incidents::id.eq_any(&ids).and(incidents::chain_head.eq(START)))
        .select(incidents::id)
        .load(tx.conn)?;
    let entries = of_incidents(tx.conn, &unchained)?;
    chain(tx, entries)?;
    Ok(ids)
}

/// Chains all entries of some incidents, given in order.
fn chain(tx: &mut Tx<'_>, entries: Vec<ChainedEntry>) -> Result<()> {
    let now = clock::now();
    let mut heads: HashMap<i64, String> = HashMap::new();
    for mut entry in entries {
        entry.chained_at = Some(now);
        let head = heads.entry(entry.incident_id).or_insert_with(|| START.to_owned());
        *head = entry.covered().hash_after(head);
        diesel::update(history::table.find(entry.id))
            .set((history::hash.eq(&*head), history::chained_at.eq(now)))
            .execute(tx.conn)?;
    }
    for (incident, head) in heads {
        diesel::update(incidents::table.find(incident)).set(incidents::chain_head.eq(head)).execute(tx.conn)?;
    }
    Ok(())
}
