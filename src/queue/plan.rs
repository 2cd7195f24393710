//! How a page is found without reading what it does not show.
//!
//! Either something that the filter asks for is rare: then its rows are looked up (at most
//! [`FEW`], or [`FEW_BY_TEXT`] where texts are compared) and put in order. Or everything is common:
//! then the order's index is read, and matches turn up soon: with more than 500 of N incidents, 50 are
//! found among N / 10. Reading at most that many entries of an index decides which it is, so no
//! statistics are needed and both databases do the same. The index of an order
//! begins with a [start](crate::queue::index_start): whether
//! an incident is open, or the status of an alert; when several of its values are asked for, their lists are merged.
//! The alerts of one incident are read by its ID and sorted.

mod statements;

use std::collections::BTreeSet;

use crate::db::AnyConnection;
use crate::error::Result;
use crate::queue::conditions::{Conditions, Finder, conditions};
use crate::queue::filter::Filter;
use crate::queue::index_start::IndexStart;
use crate::queue::list::List;
use crate::queue::sort::{Cursor, Sort, Value};
use crate::queue::sql::Sql;

/// Most rows that are looked up instead of walking the order.
const FEW: usize = 500;
/// The same where walking compares texts of every row that it passes.
const FEW_BY_TEXT: usize = 1_000;
/// Rows whose ids one statement lists.
const MOST_IDS: usize = 2_000;

/// How a filter is asked of the database.
#[derive(Debug, Clone)]
pub(super) struct Plan {
    list: List,
    start: IndexStart,
    /// All conditions on a row `i`, except the start's.
    conditions: Vec<Sql>,
    /// The only rows that can be found, where they are few.
    few: Option<Vec<i64>>,
    /// What is not looked up because it is common.
    common: Vec<Finder>,
    order: Vec<Sort>,
    /// Only the first alert of each title.
    is_grouped: bool,
}

impl Plan {
    /// Looks up how many rows meet each condition of the filter.
    pub fn of(conn: &mut AnyConnection, filter: &Filter, viewer: i64) -> Result<Self> {
        let Conditions { start, plain, finders } = conditions(conn, filter, viewer)?;
        let mut conditions = plain;
        let mut few: Option<Vec<i64>> = None;
        let mut common = Vec::new();
        for finder in finders {
            let found = if few.is_none() { look_up(conn, &finder, &start, most(&finder))? } else { None };
            if found.is_some() {
                few = found;
                continue;
            }
            conditions.push(finder.condition.clone());
            common.push(finder);
        }
        let (order, is_grouped) = (filter.sort.total(), filter.is_grouped());
        Ok(Self { list: filter.list, start, conditions, few, common, order, is_grouped })
    }

    /// The ids of the filter's page in order, and whether more follow.
    pub fn page_ids(&self, conn: &mut AnyConnection, filter: &Filter) -> Result<(Vec<i64>, bool)> {
        let mut ids = self.ids(conn, filter.after.as_ref(), filter.limit + 1, false)?;
        let more = ids.len() > usize::try_from(filter.limit).unwrap_or(usize::MAX);
        if more {
            ids.pop();
        }
        Ok((ids, more))
    }

    /// The statements that look up how many rows meet each condition.
    pub fn probes(conn: &mut AnyConnection, filter: &Filter, viewer: i64) -> Result<Vec<Sql>> {
        let Conditions { start, finders, .. } = conditions(conn, filter, viewer)?;
        Ok(finders
            .iter()
            .flat_map(|finder| finder.finds.iter().map(|find| probe(find, &start, most(finder))))
            .collect())
    }

    /// Ids in the order, at most `limit`, after a position in it; or, `backward`, before the position,
    /// the nearest first.
    pub fn ids(
        &self,
        conn: &mut AnyConnection,
        after: Option<&Cursor>,
        limit: i64,
        backward: bool,
    ) -> Result<Vec<i64>> {
        let mut ids = Vec::new();
        for range in self.ranges(after, backward) {
            let wanted = limit - i64::try_from(ids.len()).unwrap_or(i64::MAX);
            if wanted <= 0 {
                break;
            }
            ids.extend(self.page(&range, wanted, backward).ids(conn)?);
        }
        Ok(ids)
    }

    /// How many there are, counted to `limit`.
    pub fn count(&self, conn: &mut AnyConnection, limit: i64) -> Result<i64> {
        // What is open is little, so it is walked. Otherwise a condition that fits no more rows than are
        // counted is looked up.
        if self.few.is_none() && !self.start.is_open {
            for finder in &self.common {
                let most = usize::try_from(2 * limit).unwrap_or(usize::MAX);
                if let Some(found) = look_up(conn, finder, &self.start, most)? {
                    return self.count_among(conn, &found, limit);
                }
            }
        }
        let counted = self.counting(limit).ids(conn)?;
        Ok(counted.first().copied().unwrap_or(0))
    }

    fn count_among(&self, conn: &mut AnyConnection, ids: &[i64], limit: i64) -> Result<i64> {
        let mut count = 0;
        for ids in ids.chunks(MOST_IDS) {
            let among = Self { few: Some(ids.to_vec()), ..self.clone() };
            count += among.counting(limit - count).ids(conn)?.first().copied().unwrap_or(0);
            if count >= limit {
                break;
            }
        }
        Ok(count)
    }

    /// Those of some rows that the filter finds, read by their ids.
    pub fn among(&self, conn: &mut AnyConnection, ids: &[i64]) -> Result<Vec<i64>> {
        let listed = ids.iter().map(i64::to_string).collect::<Vec<_>>().join(", ");
        let asked = Some(Sql::new(format!("i.id IN ({listed})")));
        let (start, few) = (self.start.condition(), self.few_condition());
        let conditions: Vec<&Sql> = asked.iter().chain(&start).chain(&few).chain(&self.conditions).collect();
        Sql::new(format!("SELECT i.id AS id FROM {} i", self.list.table()))
            .and_then(Sql::wherever(&conditions))
            .walking()
            .ids(conn)
    }

    /// The position of a row in the order; none where there is no such row.
    pub fn position(&self, conn: &mut AnyConnection, id: i64) -> Result<Option<Cursor>> {
        let mut position = Vec::with_capacity(self.order.len());
        for Sort { key, .. } in &self.order {
            let expression = key.expression(self.list.is_of_alerts());
            // PostgreSQL's CASE gives a shorter integer.
            let column = if key.is_text() {
                format!("{expression} AS word")
            } else {
                format!("CAST({expression} AS bigint) AS id")
            };
            let select = format!("SELECT {column} FROM {} i WHERE i.id = {{}}", self.list.table());
            let select = Sql::of(select, [Value::Number(id)]);
            let value = if key.is_text() {
                select.words(conn)?.pop().map(Value::Text)
            } else {
                select.ids(conn)?.pop().map(Value::Number)
            };
            let Some(value) = value else { return Ok(None) };
            position.push(value);
        }
        Ok(Some(Cursor(position)))
    }

    /// Every statement of a page, the one with most rows first, and of the total.
    pub fn statements(&self, after: Option<&Cursor>, limit: i64, counted: i64) -> Vec<Sql> {
        let ranges = self.ranges(after, false);
        ranges.iter().rev().map(|range| self.page(range, limit, false)).chain([self.counting(counted)]).collect()
    }
}

/// All rows of a finder; none when they are more than `most`.
fn look_up(conn: &mut AnyConnection, finder: &Finder, start: &IndexStart, most: usize) -> Result<Option<Vec<i64>>> {
    if finder.finds.is_empty() {
        return Ok(None);
    }
    let mut found: BTreeSet<i64> = BTreeSet::new();
    for statement in &finder.finds {
        found.extend(probe(statement, start, most).ids(conn)?);
        if found.len() > most {
            return Ok(None);
        }
    }
    Ok(Some(found.into_iter().collect()))
}

fn most(finder: &Finder) -> usize {
    if finder.by_text { FEW_BY_TEXT } else { FEW }
}

fn probe(statement: &Sql, start: &IndexStart, most: usize) -> Sql {
    let text = format!("{} LIMIT {}", start.put_into(&statement.text), most + 1);
    Sql { text, values: statement.values.clone() }
}
