//! What of an alert and of an incident decides what it counts as.

use diesel::prelude::*;

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
