//! What of an alert and of an incident decides what it counts as, and sums of alerts that a database has made.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use crate::clock::DAY;
use crate::model::incident::Status;
use crate::model::outcome::Classification;
use crate::schema::{alerts, incident_work, incidents};

/// What an alert counts as.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = alerts)]
pub struct AlertFact {
    /// When its source created it, in microseconds UTC.
    pub created_at: i64,
    pub source: String,
    pub title: String,
    pub title_key: String,
    pub category: String,
    #[diesel(deserialize_as = String)]
    pub classification: Classification,
}

/// What an incident counts as. Times are in microseconds UTC.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = incidents)]
pub struct IncidentFact {
    pub created_at: i64,
    #[diesel(deserialize_as = String)]
    pub status: Status,
    #[diesel(deserialize_as = String)]
    pub classification: Classification,
    pub assigned_to: Option<i64>,
    /// When a person first assigned it.
    #[diesel(select_expression = incident_work::assigned_at.nullable())]
    pub assigned_at: Option<i64>,
    /// When a person first commented it.
    #[diesel(select_expression = incident_work::commented_at.nullable())]
    pub commented_at: Option<i64>,
    /// When a person resolved it.
    #[diesel(select_expression = incident_work::resolved_at.nullable())]
    pub resolved_at: Option<i64>,
    /// How often people reopened it.
    #[diesel(select_expression = incident_work::reopened.nullable())]
    pub reopened: Option<i64>,
}

/// Alerts of one day, source, category as it is spelled, title and classification.
#[derive(Debug, QueryableByName)]
pub struct AlertSum {
    #[diesel(sql_type = BigInt)]
    pub day: i64,
    #[diesel(sql_type = Text)]
    pub source: String,
    #[diesel(sql_type = Text)]
    pub category: String,
    #[diesel(sql_type = Text)]
    pub title_key: String,
    #[diesel(sql_type = Text)]
    pub title: String,
    #[diesel(sql_type = Text)]
    pub classification: String,
    #[diesel(sql_type = BigInt)]
    pub alerts: i64,
    /// Repeats that were counted as one of them.
    #[diesel(sql_type = BigInt)]
    pub repeats: i64,
}

/// Alerts of one day, asset and classification.
#[derive(Debug, QueryableByName)]
pub struct AssetSum {
    #[diesel(sql_type = BigInt)]
    pub day: i64,
    #[diesel(sql_type = BigInt)]
    pub entity: i64,
    #[diesel(sql_type = Text)]
    pub classification: String,
    #[diesel(sql_type = BigInt)]
    pub alerts: i64,
}

/// How a statement is made of alerts `i`: its columns, its joins, its grouping.
#[derive(Debug)]
pub struct Sums {
    pub columns: String,
    pub joins: &'static str,
    pub ending: String,
}

/// The sums that [`AlertSum`] reads.
pub fn alert_sums() -> Sums {
    let day = day_of("i.created_at");
    Sums {
        columns: format!(
            "{day} AS day, i.source AS source, i.category AS category, i.title_key AS title_key, \
             MIN(i.title) AS title, i.classification AS classification, COUNT(*) AS alerts, \
             CAST(SUM(i.occurrences - 1) AS bigint) AS repeats"
        ),
        joins: "",
        ending: format!("GROUP BY {day}, i.source, i.category, i.title_key, i.classification"),
    }
}

/// The sums that [`AssetSum`] reads.
pub fn asset_sums() -> Sums {
    let day = day_of("i.created_at");
    Sums {
        columns: format!("{day} AS day, e.entity_id AS entity, i.classification AS classification, COUNT(*) AS alerts"),
        joins: "JOIN evidence e ON e.alert_id = i.id \
                JOIN entities n ON n.id = e.entity_id AND n.links AND n.kind IN ('device', 'user', 'mailbox')",
        ending: format!("GROUP BY {day}, e.entity_id, i.classification"),
    }
}

/// [`crate::model::lesson::day`] of a column: databases round towards zero, also before 1970.
fn day_of(column: &str) -> String {
    format!("(({column} - (({column} % {DAY}) + {DAY}) % {DAY}) / {DAY})")
}

#[cfg(test)]
mod tests {
    use super::asset_sums;
    use crate::model::importance::ASSETS;

    #[test]
    fn the_statement_names_the_kinds_of_assets() {
        assert!(ASSETS.iter().all(|kind| asset_sums().joins.contains(&format!("'{kind}'"))));
    }
}
