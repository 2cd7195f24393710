//! The pieces that a filter's conditions are made of.

use crate::queue::index_start::IndexStart;
use crate::queue::sql::Sql;

/// Something rows of a list are found by.
#[derive(Debug, Clone)]
pub(in crate::queue) struct Finder {
    /// Statements that select ids as the column `id`. Each ends inside of its WHERE clause, so that more can be
    /// added. Their union is every row that meets the condition; without any, they cannot be listed. `{start}` is
    /// replaced by what [`IndexStart`] asks of its column.
    pub finds: Vec<Sql>,
    /// The same as a condition on a row `i` of the list.
    pub condition: Sql,
    /// Whether that condition compares texts.
    pub by_text: bool,
}

/// All conditions of a filter.
#[derive(Debug, Clone)]
pub(in crate::queue) struct Conditions {
    pub start: IndexStart,
    /// On the row itself, `i`.
    pub plain: Vec<Sql>,
    pub finders: Vec<Finder>,
}

impl Finder {
    /// A condition that rows are not found by, only checked with.
    pub fn check(condition: Sql) -> Self {
        Self { finds: Vec::new(), condition, by_text: false }
    }

    /// Finds nothing.
    pub fn nothing() -> Self {
        Self { finds: vec![nothing()], condition: Sql::new("1 = 0"), by_text: true }
    }
}

/// A statement that finds nothing.
pub(super) fn nothing() -> Sql {
    Sql::new("SELECT id FROM incidents WHERE 1 = 0{start}")
}

/// A condition on a row that is read in the order's index, written so that no index can answer it ("... IS TRUE"):
/// with one, SQLite and PostgreSQL would rather find by it and sort what they found than walk the
/// order's own index, which takes as long as there are incidents of it. PostgreSQL still knows from its
/// statistics how many rows it holds for; of an expression such as "text || ''" it believes one in 200.
pub(super) fn walked(condition: Sql) -> Sql {
    Sql::new("(").and_then(condition).text(") IS TRUE")
}

/// At least one of several conditions; false without any.
pub(super) fn any(conditions: Vec<Sql>) -> Sql {
    let mut conditions = conditions.into_iter();
    let Some(first) = conditions.next() else { return Sql::new("1 = 0") };
    let rest = conditions.fold(Sql::new("(").and_then(first), |all, one| all.text(" OR ").and_then(one));
    rest.text(")")
}

/// Meets at least one of these finders; `None` if there are none.
pub(super) fn either(ways: Vec<Finder>) -> Option<Finder> {
    if ways.len() < 2 {
        return ways.into_iter().next();
    }
    // If one of them has no statements, neither has the whole.
    let known = ways.iter().all(|way| !way.finds.is_empty());
    let finds = if known { ways.iter().flat_map(|way| way.finds.clone()).collect() } else { Vec::new() };
    let by_text = ways.iter().any(|way| way.by_text);
    let condition = any(ways.into_iter().map(|way| way.condition).collect());
    Some(Finder { finds, condition, by_text })
}
