//! How a page is found without reading what it does not show.
//!
//! Either something that the filter asks for is rare: then its rows are looked up (at most
//! [`FEW`], or [`FEW_BY_TEXT`] where texts are compared) and put in order. Or everything is common:
//! then the order's index is read, and matches turn up soon: with more than 500 of N incidents, 50 are
//! found among N / 10. Reading at most that many entries of an index decides which it is, so no
//! statistics are needed and both databases do the same. Every index begins with a [lead](crate::queue::lead): whether
//! an incident is open, or the status of an alert; when several of its values are asked for, their lists are merged.
//! The alerts of one incident are read by its ID and sorted.

use std::collections::BTreeSet;

use crate::db::AnyConnection;
use crate::error::Result;
use crate::queue::conditions::{Conditions, Finder, conditions};
use crate::queue::filter::Filter;
use crate::queue::lead::Lead;
use crate::queue::list::List;
use crate::queue::sort::{Cursor, Sort, SortKey, Value};
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
    lead: Lead,
    /// All conditions on a row `i`, except the lead's.
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
        let Conditions { lead, plain, finders } = conditions(conn, filter, viewer)?;
        let mut conditions = plain;
        let mut few: Option<Vec<i64>> = None;
        let mut common = Vec::new();
        for finder in finders {
            let found = if few.is_none() { look_up(conn, &finder, &lead, most(&finder))? } else { None };
            if found.is_some() {
                few = found;
                continue;
            }
            conditions.push(finder.condition.clone());
            common.push(finder);
        }
        let (order, is_grouped) = (filter.sort.total(), filter.is_grouped());
        Ok(Self { list: filter.list, lead, conditions, few, common, order, is_grouped })
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
        let Conditions { lead, finders, .. } = conditions(conn, filter, viewer)?;
        Ok(finders.iter().flat_map(|finder| finder.finds.iter().map(|find| probe(find, &lead, most(finder)))).collect())
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
        if self.few.is_none() && !self.lead.is_open {
            for finder in &self.common {
                let most = usize::try_from(2 * limit).unwrap_or(usize::MAX);
                if let Some(found) = look_up(conn, finder, &self.lead, most)? {
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
        let (lead, few) = (self.lead.condition(), self.few_condition());
        let conditions: Vec<&Sql> = asked.iter().chain(&lead).chain(&few).chain(&self.conditions).collect();
        Sql::new(format!("SELECT i.id AS id FROM {} i", self.list.table())).and_then(Sql::wherever(&conditions)).walking().ids(conn)
    }

    fn counting(&self, limit: i64) -> Sql {
        let few = self.few_condition();
        let lead = if self.is_sorted() { self.lead.condition() } else { Some(self.lead.named()) };
        let conditions: Vec<&Sql> = lead.iter().chain(&few).chain(&self.conditions).collect();
        let from = Sql::new(format!("SELECT count(*) AS id FROM (SELECT 1 FROM {} i", self.list.table()));
        from.and_then(Sql::wherever(&conditions)).counting().text(&format!(" LIMIT {limit}) c"))
    }

    /// The ranges that make up what comes after a place, in order: what equals it in all keys but the
    /// last, then in all but the last two, and so on. Each is one stretch of the order's index; the
    /// same as one condition with ORs would be read from the top.
    fn ranges(&self, after: Option<&Cursor>, backward: bool) -> Vec<Vec<Sql>> {
        let Some(after) = after else { return vec![Vec::new()] };
        let keys: Vec<(&Sort, &Value)> = self.order.iter().zip(&after.0).collect();
        (0..keys.len())
            .rev()
            .map(|last| {
                keys.iter()
                    .take(last + 1)
                    .enumerate()
                    .map(|(at, (sort, value))| {
                        let sign = match (at == last, sort.descending != backward) {
                            (false, _) => "=",
                            (true, true) => "<",
                            (true, false) => ">",
                        };
                        Sql::of(format!("{} {sign} {{}}", self.key(at, sort)), [(*value).clone()])
                    })
                    .collect()
            })
            .collect()
    }

    fn page(&self, range: &[Sql], limit: i64, backward: bool) -> Sql {
        if self.is_grouped {
            let conditions: Vec<&Sql> = range.iter().collect();
            let order = self.ordered(backward, |at, sort| self.key(at, sort));
            return Sql::new("SELECT id FROM (")
                .and_then(self.with_places())
                .text(") g WHERE place = 1")
                .and_then(Sql::and(&conditions))
                .text(&format!(" ORDER BY {order} LIMIT {limit}"));
        }
        let few = self.few_condition();
        let part = |lead: Option<Sql>| {
            let conditions: Vec<&Sql> = lead.iter().chain(&few).chain(range).chain(&self.conditions).collect();
            let order = self.ordered(backward, |at, sort| self.key(at, sort));
            self.selecting("").and_then(Sql::wherever(&conditions)).walking().text(&format!(" ORDER BY {order} LIMIT {limit}"))
        };
        if self.is_sorted() {
            return part(self.lead.condition());
        }
        let mut parts: Vec<Sql> = self.lead.parts().into_iter().map(|lead| part(Some(lead))).collect();
        if parts.len() < 2 {
            return parts.pop().unwrap_or_else(|| part(None));
        }
        let mut merged = Sql::new("SELECT id FROM (");
        for (at, part) in parts.into_iter().enumerate() {
            let all = if at == 0 { "" } else { " UNION ALL " };
            merged = merged.text(&format!("{all}SELECT * FROM (")).and_then(part).text(&format!(") part{at}"));
        }
        merged.text(&format!(") parts ORDER BY {} LIMIT {limit}", self.ordered(backward, alias)))
    }

    /// Selects ids with the order's keys, and `further` columns.
    fn selecting(&self, further: &str) -> Sql {
        let columns = self.order.iter().enumerate().filter(|(_, sort)| sort.key != SortKey::Id);
        let columns: Vec<String> =
            columns.map(|(at, sort)| format!(", {} AS key{at}", sort.key.expression(self.list))).collect();
        Sql::new(format!("SELECT i.id AS id{}{further} FROM {} i", columns.concat(), self.list.table()))
    }

    /// All alerts of an incident that the filter finds, each with its place among those of its title, from 1, and how
    /// many these are.
    fn with_places(&self) -> Sql {
        let order = self.ordered(false, |_, sort| sort.key.expression(self.list).to_owned());
        let further = format!(
            ", i.title_key AS title_key, row_number() OVER (PARTITION BY i.title_key ORDER BY {order}) AS place, \
             count(*) OVER (PARTITION BY i.title_key) AS among"
        );
        let (lead, few) = (self.lead.condition(), self.few_condition());
        let conditions: Vec<&Sql> = lead.iter().chain(&few).chain(&self.conditions).collect();
        self.selecting(&further).and_then(Sql::wherever(&conditions)).walking()
    }

    /// The alerts that have the titles of some others, those of a title together and in order: of titles with more
    /// than `most` only the first.
    pub fn same_titles(&self, ids: &[i64], most: i64) -> Sql {
        let listed = ids.iter().map(i64::to_string).collect::<Vec<_>>().join(", ");
        Sql::new("SELECT id, place, among FROM (").and_then(self.with_places()).text(&format!(
            ") g WHERE (place = 1 OR among <= {most}) \
             AND title_key IN (SELECT r.title_key FROM alerts r WHERE r.id IN ({listed})) ORDER BY title_key, place"
        ))
    }

    /// How a key of the order is written.
    fn key(&self, at: usize, sort: &Sort) -> String {
        if self.is_grouped { alias(at, sort) } else { sort.key.expression(self.list).to_owned() }
    }

    /// The order's keys, each as `name` says, with their directions.
    fn ordered(&self, backward: bool, name: impl Fn(usize, &Sort) -> String) -> String {
        let keys = self.order.iter().enumerate().map(|(at, sort)| {
            format!("{} {}", name(at, sort), if sort.descending == backward { "ASC" } else { "DESC" })
        });
        keys.collect::<Vec<_>>().join(", ")
    }

    /// Whether few rows are read and sorted, so that no index gives their order.
    fn is_sorted(&self) -> bool {
        self.few.is_some() || self.list.incident().is_some()
    }

    /// The position of a row in the order; none where there is no such row.
    pub fn position(&self, conn: &mut AnyConnection, id: i64) -> Result<Option<Cursor>> {
        let mut position = Vec::with_capacity(self.order.len());
        for Sort { key, .. } in &self.order {
            let expression = key.expression(self.list);
            // PostgreSQL's CASE gives a shorter integer.
            let column =
                if key.is_text() { format!("{expression} AS word") } else { format!("CAST({expression} AS bigint) AS id") };
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

    fn few_condition(&self) -> Option<Sql> {
        let few = self.few.as_ref()?;
        if few.is_empty() {
            return Some(Sql::new("1 = 0"));
        }
        let listed = few.iter().map(i64::to_string).collect::<Vec<_>>().join(", ");
        Some(Sql::new(format!("i.id IN ({listed})")))
    }

    /// Every statement of a page, the one with most rows first, and of the total.
    pub fn statements(&self, after: Option<&Cursor>, limit: i64, counted: i64) -> Vec<Sql> {
        let ranges = self.ranges(after, false);
        ranges.iter().rev().map(|range| self.page(range, limit, false)).chain([self.counting(counted)]).collect()
    }
}

/// The column of a key of the order, where it is selected.
fn alias(at: usize, sort: &Sort) -> String {
    if sort.key == SortKey::Id { "id".to_owned() } else { format!("key{at}") }
}

/// All rows of a finder; none when they are more than `most`.
fn look_up(conn: &mut AnyConnection, finder: &Finder, lead: &Lead, most: usize) -> Result<Option<Vec<i64>>> {
    if finder.finds.is_empty() {
        return Ok(None);
    }
    let mut found: BTreeSet<i64> = BTreeSet::new();
    for statement in &finder.finds {
        found.extend(probe(statement, lead, most).ids(conn)?);
        if found.len() > most {
            return Ok(None);
        }
    }
    Ok(Some(found.into_iter().collect()))
}

fn most(finder: &Finder) -> usize {
    if finder.by_text { FEW_BY_TEXT } else { FEW }
}

fn probe(statement: &Sql, lead: &Lead, most: usize) -> Sql {
    let text = format!("{} LIMIT {}", lead.put_into(&statement.text), most + 1);
    Sql { text, values: statement.values.clone() }
}
