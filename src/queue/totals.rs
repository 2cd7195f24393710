//! Totals that took long to count, cached for a moment.
//!
//! Ten thousand rows are counted in a millisecond or two where an index has all that the filter asks,
//! and in ten or twenty where each row must be looked at: longer than the page itself takes. What was
//! counted quickly is never cached, so that a small store's total is always exact.

use std::collections::HashMap;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use crate::db::AnyConnection;
use crate::error::Result;
use crate::hash::sha256_hex;
use crate::queue::filter::Filter;
use crate::queue::page;

/// A total that took less is counted again each time.
const QUICK: Duration = Duration::from_millis(2);
/// How long "10,000+" is shown although something was written meanwhile, and any total while nothing
/// was (by this process; another one may have). A smaller total is exact, so it is counted again
/// whenever anything was written.
const SHORT: Duration = Duration::from_secs(1);
const LONG: Duration = Duration::from_secs(2);
/// Most totals that are cached; then all are dropped.
const MOST_CACHED: usize = 1_000;

#[derive(Debug, Clone, Copy)]
struct Cached {
    total: i64,
    commits: u64,
    at: Instant,
}

impl Cached {
    fn lasts(&self, commits: u64) -> Duration {
        match (self.commits == commits, self.total > page::COUNTED) {
            (true, _) => LONG,
            (false, true) => SHORT,
            (false, false) => Duration::ZERO,
        }
    }
}

/// The totals of filters that people look at.
#[derive(Debug, Default)]
pub struct Totals(Mutex<HashMap<String, Cached>>);

impl Totals {
    /// How many rows a filter finds, at most [`page::COUNTED`] + 1; `commits` is how much was
    /// written so far, as the database counts it. `recount` counts in any case.
    pub fn count(
        &self,
        conn: &mut AnyConnection,
        filter: &Filter,
        viewer: i64,
        commits: u64,
        recount: bool,
    ) -> Result<i64> {
        let key = key(filter, viewer);
        let known = self.0.lock().ok().and_then(|known| known.get(&key).copied());
        if let Some(known) = known.filter(|_| !recount)
            && known.at.elapsed() < known.lasts(commits)
        {
            return Ok(known.total);
        }
        let at = Instant::now();
        let total = page::count(conn, filter, viewer)?;
        if let Ok(mut known) = self.0.lock() {
            if at.elapsed() < QUICK {
                known.remove(&key);
            } else {
                if known.len() >= MOST_CACHED {
                    known.clear();
                }
                known.insert(key, Cached { total, commits, at });
            }
        }
        Ok(total)
    }
}

/// What a total depends on: neither the order nor the page.
fn key(filter: &Filter, viewer: i64) -> String {
    let sort = filter.list.default_order();
    let counted = Filter { after: None, pane: None, sort, ..filter.clone() };
    let mut key = format!("{:?} ", filter.list);
    key += &form_urlencoded::Serializer::new(String::new()).extend_pairs(counted.to_pairs()).finish();
    if filter.assigned_to.iter().any(|name| name == "me") {
        key.push(' ');
        key.push_str(&viewer.to_string());
    }
    // Of one size however long the filter is.
    sha256_hex(key.as_bytes())
}
