//! How a page is found without reading what it does not show.
//!
//! Either something that the filter asks for is rare: then its incidents are looked up (at most
//! [`FEW`], or [`FEW_BY_TEXT`] where texts are compared) and put in order. Or everything is common:
//! then the order's index is read, and matches turn up soon: with more than 500 of N incidents, 50 are
//! found among N / 10. Reading at most that many entries of an index decides which it is, so no
//! statistics are needed and both databases do the same. Every index begins with whether an incident is
//! open; when open ones are asked for with others, the two lists are merged.

use std::collections::BTreeSet;

use crate::db::AnyConnection;
use crate::error::Result;
use crate::queue::conditions::{Conditions, Finder, conditions};
use crate::queue::filter::Filter;
use crate::queue::sort::{Cursor, Sort, Value};
use crate::queue::sql::Sql;

/// Most incidents that are looked up instead of walking the order.
const FEW: usize = 500;
/// The same where walking compares texts of every incident that it passes.
const FEW_BY_TEXT: usize = 1_000;
/// Incidents whose ids one statement lists.
const MOST_IDS: usize = 2_000;

/// How a filter is asked of the database.
#[derive(Debug, Clone)]
pub(super) struct Plan {
    open: Option<bool>,
    /// All conditions on a row `i`, except whether it is open.
    conditions: Vec<Sql>,
    /// The only incidents that can be found, where they are few.
    few: Option<Vec<i64>>,
    /// What is not looked up because it is common.
    common: Vec<Finder>,
    order: Vec<Sort>,
}

impl Plan {
    /// Looks up how many incidents meet each condition of the filter.
    pub fn of(conn: &mut AnyConnection, filter: &Filter, viewer: i64) -> Result<Self> {
        let Conditions { open, plain, finders } = conditions(conn, filter, viewer)?;
        let mut conditions = plain;
        let mut few: Option<Vec<i64>> = None;
        let mut common = Vec::new();
        for finder in finders {
            let found = if few.is_none() { look_up(conn, &finder, open, most(&finder))? } else { None };
            if found.is_some() {
                few = found;
                continue;
            }
            conditions.push(finder.condition.clone());
            common.push(finder);
        }
        Ok(Self { open, conditions, few, common, order: filter.sort.total() })
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

    /// The statements that look up how many incidents meet each condition.
    pub fn probes(conn: &mut AnyConnection, filter: &Filter, viewer: i64) -> Result<Vec<Sql>> {
        let Conditions { open, finders, .. } = conditions(conn, filter, viewer)?;
        Ok(finders.iter().flat_map(|finder| finder.finds.iter().map(|find| probe(find, open, most(finder)))).collect())
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
        // Open incidents are few, so they are walked. Otherwise a condition that fits no more incidents
        // than are counted is looked up.
        if self.few.is_none() && self.open != Some(true) {
            for finder in &self.common {
                let most = usize::try_from(2 * limit).unwrap_or(usize::MAX);
                if let Some(found) = look_up(conn, finder, self.open, most)? {
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

    /// Those of some incidents that the filter finds, read by their ids.
    pub fn among(&self, conn: &mut AnyConnection, ids: &[i64]) -> Result<Vec<i64>> {
        let listed = ids.iter().map(i64::to_string).collect::<Vec<_>>().join(", ");
        let asked = Some(Sql::new(format!("i.id IN ({listed})")));
        let open = self.open.map(is_open);
        let few = self.few_condition();
        let conditions: Vec<&Sql> = asked.iter().chain(&open).chain(&few).chain(&self.conditions).collect();
        Sql::new("SELECT i.id AS id FROM incidents i").and_then(Sql::wherever(&conditions)).walking().ids(conn)
    }

    fn counting(&self, limit: i64) -> Sql {
        let few = self.few_condition();
        // Every index begins with it, so both of its values are named where both are wanted.
        let open = match self.open {
            Some(open) => Some(is_open(open)),
            None => few.is_none().then(|| Sql::new("i.is_open IN (true, false)")),
        };
        let conditions: Vec<&Sql> = open.iter().chain(&few).chain(&self.conditions).collect();
        let from = Sql::new("SELECT count(*) AS id FROM (SELECT 1 FROM incidents i");
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
                        Sql::of(format!("i.{} {sign} {{}}", sort.key.column()), [(*value).clone()])
                    })
                    .collect()
            })
            .collect()
    }

    fn page(&self, range: &[Sql], limit: i64, backward: bool) -> Sql {
        let columns: Vec<String> = self
            .order
            .iter()
            .filter(|sort| sort.key.column() != "id")
            .map(|sort| format!(", i.{0} AS {0}", sort.key.column()))
            .collect();
        let order = |of: &str| {
            let keys = self.order.iter().map(|sort| {
                format!("{of}{} {}", sort.key.column(), if sort.descending == backward { "ASC" } else { "DESC" })
            });
            keys.collect::<Vec<_>>().join(", ")
        };
        let few = self.few_condition();
        let half = |open: Option<bool>| {
            let open = open.map(is_open);
            let conditions: Vec<&Sql> = open.iter().chain(&few).chain(range).chain(&self.conditions).collect();
            Sql::new(format!("SELECT i.id AS id{} FROM incidents i", columns.concat()))
                .and_then(Sql::wherever(&conditions))
                .walking()
                .text(&format!(" ORDER BY {} LIMIT {limit}", order("i.")))
        };
        // A few incidents are sorted in any case.
        if self.open.is_some() || self.few.is_some() {
            return half(self.open);
        }
        Sql::new("SELECT id FROM (SELECT * FROM (")
            .and_then(half(Some(true)))
            .text(") a UNION ALL SELECT * FROM (")
            .and_then(half(Some(false)))
            .text(&format!(") b) halves ORDER BY {} LIMIT {limit}", order("")))
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

fn is_open(open: bool) -> Sql {
    Sql::new(format!("i.is_open = {open}"))
}

/// All incidents of a finder; none when they are more than `most`.
fn look_up(conn: &mut AnyConnection, finder: &Finder, open: Option<bool>, most: usize) -> Result<Option<Vec<i64>>> {
    if finder.finds.is_empty() {
        return Ok(None);
    }
    let mut found: BTreeSet<i64> = BTreeSet::new();
    for statement in &finder.finds {
        found.extend(probe(statement, open, most).ids(conn)?);
        if found.len() > most {
            return Ok(None);
        }
    }
    Ok(Some(found.into_iter().collect()))
}

fn most(finder: &Finder) -> usize {
    if finder.by_text { FEW_BY_TEXT } else { FEW }
}

fn probe(statement: &Sql, open: Option<bool>, most: usize) -> Sql {
    let asked = open.map(|open| format!(" AND is_open = {open}")).unwrap_or_default();
    let text = format!("{} LIMIT {}", statement.text.replace("{open}", &asked), most + 1);
    Sql { text, values: statement.values.clone() }
}
