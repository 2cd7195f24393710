//! A write in progress.

use diesel::prelude::*;

use super::AnyConnection;
use crate::error::Result;

/// A write in progress: one transaction, and the incidents whose watchers to wake when it commits.
pub struct Tx<'a> {
    pub conn: &'a mut AnyConnection,
    pub(super) touched: Vec<i64>,
    /// The operation that the entries made from now on are part of.
    pub operation: Option<i64>,
    /// Whether new incidents are named from their alerts, or numbered (R5).
    pub automatic_names: bool,
    /// Whether correlation merges incidents that an alert ties together (R12).
    pub automatic_merging: bool,
}

impl Tx<'_> {
    /// Notes that an incident has new entries; its streams are woken after the commit, never before.
    pub fn touch(&mut self, incident: i64) {
        if !self.touched.contains(&incident) {
            self.touched.push(incident);
        }
    }

    /// Takes `count` numbers from a counter and returns the first. One row a name, so ids are the
    /// same plain sequence on both databases and a batch takes a range.
    pub fn take_ids(&mut self, name: &str, count: i64) -> Result<i64> {
        use crate::schema::counters;
        let last: i64 = diesel::update(counters::table.filter(counters::name.eq(name)))
            .set(counters::value.eq(counters::value + count))
            .returning(counters::value)
            .get_result(self.conn)?;
        Ok(last - count + 1)
    }
}
