//! The statements of a plan.

use crate::queue::plan::Plan;
use crate::queue::sort::{Cursor, Sort, SortKey, Value};
use crate::queue::sql::Sql;

impl Plan {
    pub(super) fn counting(&self, limit: i64) -> Sql {
        let few = self.few_condition();
        let start = if self.is_sorted() { self.start.condition() } else { Some(self.start.named()) };
        let conditions: Vec<&Sql> = start.iter().chain(&few).chain(&self.conditions).collect();
        let from = Sql::new(format!("SELECT count(*) AS id FROM (SELECT 1 FROM {} i", self.list.table()));
        from.and_then(Sql::wherever(&conditions)).counting().text(&format!(" LIMIT {limit}) c"))
    }

    /// The ranges that make up what comes after a place, in order: what equals it in all keys but the
    /// last, then in all but the last two, and so on. Each is one stretch of the order's index; the
    /// same as one condition with ORs would be read from the top.
    pub(super) fn ranges(&self, after: Option<&Cursor>, backward: bool) -> Vec<Vec<Sql>> {
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
                        Sql::of(format!("{} {sign} {{}}", self.key(at, **sort)), [(*value).clone()])
                    })
                    .collect()
            })
            .collect()
    }

    pub(super) fn page(&self, range: &[Sql], limit: i64, backward: bool) -> Sql {
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
        let part = |start: Option<Sql>| {
            let conditions: Vec<&Sql> = start.iter().chain(&few).chain(range).chain(&self.conditions).collect();
            let order = self.ordered(backward, |at, sort| self.key(at, sort));
            self.selecting("")
                .and_then(Sql::wherever(&conditions))
                .walking()
                .text(&format!(" ORDER BY {order} LIMIT {limit}"))
        };
        if self.is_sorted() {
            return part(self.start.condition());
        }
        let mut parts: Vec<Sql> = self.start.parts().into_iter().map(|start| part(Some(start))).collect();
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
    pub(super) fn selecting(&self, further: &str) -> Sql {
        let columns = self.order.iter().enumerate().filter(|(_, sort)| sort.key != SortKey::Id);
        let columns: Vec<String> = columns
            .map(|(at, sort)| format!(", {} AS key{at}", sort.key.expression(self.list.is_of_alerts())))
            .collect();
        Sql::new(format!("SELECT i.id AS id{}{further} FROM {} i", columns.concat(), self.list.table()))
    }

    /// All alerts of an incident that the filter finds, each with its place among those of its title, from 1, how many
    /// these are, and how many of them are open.
    pub(super) fn with_places(&self) -> Sql {
        let order = self.ordered(false, |_, sort| sort.key.expression(self.list.is_of_alerts()).to_owned());
        let further = format!(
            ", i.title_key AS title_key, row_number() OVER (PARTITION BY i.title_key ORDER BY {order}) AS place, \
             count(*) OVER (PARTITION BY i.title_key) AS among, \
             sum(CASE i.status WHEN 'resolved' THEN 0 ELSE 1 END) OVER (PARTITION BY i.title_key) AS open"
        );
        let (start, few) = (self.start.condition(), self.few_condition());
        let conditions: Vec<&Sql> = start.iter().chain(&few).chain(&self.conditions).collect();
        self.selecting(&further).and_then(Sql::wherever(&conditions)).walking()
    }

    /// The alerts that have the titles of some others, those of a title together and in order: of titles with more
    /// than `most` only the first.
    pub fn same_titles(&self, ids: &[i64], most: i64) -> Sql {
        let listed = ids.iter().map(i64::to_string).collect::<Vec<_>>().join(", ");
        Sql::new("SELECT id, place, among, open FROM (").and_then(self.with_places()).text(&format!(
            ") g WHERE (place = 1 OR among <= {most}) \
             AND title_key IN (SELECT r.title_key FROM alerts r WHERE r.id IN ({listed})) ORDER BY title_key, place"
        ))
    }

    /// How a key of the order is written.
    pub(super) fn key(&self, at: usize, sort: Sort) -> String {
        if self.is_grouped { alias(at, sort) } else { sort.key.expression(self.list.is_of_alerts()).to_owned() }
    }

    /// The order's keys, each as `name` says, with their directions.
    pub(super) fn ordered(&self, backward: bool, name: impl Fn(usize, Sort) -> String) -> String {
        let keys = self.order.iter().enumerate().map(|(at, sort)| {
            format!("{} {}", name(at, *sort), if sort.descending == backward { "ASC" } else { "DESC" })
        });
        keys.collect::<Vec<_>>().join(", ")
    }

    /// Whether few rows are read and sorted, so that no index gives their order.
    pub(super) fn is_sorted(&self) -> bool {
        self.few.is_some() || self.list.incident().is_some()
    }

    pub(super) fn few_condition(&self) -> Option<Sql> {
        let few = self.few.as_ref()?;
        if few.is_empty() {
            return Some(Sql::new("1 = 0"));
        }
        let listed = few.iter().map(i64::to_string).collect::<Vec<_>>().join(", ");
        Some(Sql::new(format!("i.id IN ({listed})")))
    }
}

/// The column of a key of the order, where it is selected.
fn alias(at: usize, sort: Sort) -> String {
    if sort.key == SortKey::Id { "id".to_owned() } else { format!("key{at}") }
}
