//! How alerts of one title were classified before.

use diesel::prelude::*;

use crate::db::AnyConnection;
use crate::error::Result;
use crate::model::alert::AlertStatus;
use crate::model::outcome::Classification;
use crate::schema::alerts;
use crate::text::folded;

/// Resolved alerts that are looked at: the newest.
pub const COUNTED: i64 = 1_000;

/// How the newest resolved alerts of a title were classified.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TitleOutcomes {
    /// Resolved alerts that were looked at.
    pub resolved: i64,
    /// Each classification that one has, the most frequent first; also [`Classification::Unknown`].
    pub each: Vec<(Classification, i64)>,
    /// Whether there are more.
    pub more: bool,
}

/// How the newest resolved alerts with a title were classified.
pub fn of_title(conn: &mut AnyConnection, title: &str) -> Result<TitleOutcomes> {
    let mut found: Vec<String> = alerts::table
        .filter(alerts::title_key.eq(folded(title)).and(alerts::status.eq(AlertStatus::Resolved.as_str())))
        .order(alerts::id.desc())
        .limit(COUNTED + 1)
        .select(alerts::classification)
        .load(conn)?;
    let most = usize::try_from(COUNTED).unwrap_or(usize::MAX);
    let more = found.len() > most;
    found.truncate(most);
    let count = |one: Classification| {
        let alerts = found.iter().filter(|stored| Classification::parse(stored).unwrap_or_default() == one).count();
        (one, i64::try_from(alerts).unwrap_or(i64::MAX))
    };
    let mut each: Vec<(Classification, i64)> = Classification::ALL.iter().map(|one| count(*one)).collect();
    each.retain(|(_, alerts)| *alerts > 0);
    each.sort_by_key(|(_, alerts)| -alerts);
    Ok(TitleOutcomes { resolved: i64::try_from(found.len()).unwrap_or(i64::MAX), each, more })
}
