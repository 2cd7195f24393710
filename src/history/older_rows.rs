//! Rows of an older store that are read once after an upgrade, from the newest to the oldest, a page a transaction. A
//! counter has the last row that is still to be read: killed halfway, the reading goes on where it was.

use diesel::prelude::*;

use crate::db::{AnyConnection, Db, Tx};
use crate::error::Result;
use crate::schema::counters;

/// Rows a transaction.
pub(super) const PAGE: i64 = 2_000;

/// What is read, and by which counter.
pub(super) struct OlderRows {
    /// Its value is 0 when everything was read.
    pub counter: &'static str,
    /// Reads at most [`PAGE`] rows up to an id, the newest first, and returns their ids.
    pub read_page: fn(&mut Tx<'_>, last: i64) -> Result<Vec<i64>>,
}

impl OlderRows {
    /// Reads all that are left; returns how many these were.
    pub fn read(&self, db: &Db) -> Result<u64> {
        let mut done = 0;
        while db.read_now(|conn| self.are_left(conn))? {
            done += db.write_in_turn(|tx| self.read_next(tx))?;
        }
        Ok(done)
    }

    pub fn are_left(&self, conn: &mut AnyConnection) -> Result<bool> {
        Ok(self.last(conn)? > 0)
    }

    pub fn last(&self, conn: &mut AnyConnection) -> Result<i64> {
        Ok(counters::table.find(self.counter).select(counters::value).first(conn)?)
    }

    fn read_next(&self, tx: &mut Tx<'_>) -> Result<u64> {
        let last = self.last(tx.conn)?;
        let ids = (self.read_page)(tx, last)?;
        let next = ids.last().map_or(0, |id| id - 1);
        diesel::update(counters::table.find(self.counter)).set(counters::value.eq(next)).execute(tx.conn)?;
        Ok(ids.len() as u64)
    }
}
