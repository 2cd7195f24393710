//! What a new server still lacks, for the checklist of its administrator.

use diesel::prelude::*;

use crate::accounts::users;
use crate::db::AnyConnection;
use crate::error::Result;
use crate::ingest::senders;
use crate::schema::alerts;

/// The source of the alert that the checklist sends; connecting it connects no product.
pub const TEST_SOURCE: &str = "watchdeskTest";

/// How far the first hour has come.
#[derive(Debug, Clone)]
pub struct FirstHour {
    /// The newest token that may send alerts.
    pub token: Option<String>,
    /// Whether such a token has been used.
    pub sent: bool,
    /// The incident of the first alert.
    pub incident: Option<i64>,
    /// How many people can sign in.
    pub people: usize,
    /// The sources that tokens send, without that of the test alert.
    pub sources: Vec<String>,
}

/// Whether an alert has ever come in.
pub fn has_alerts(conn: &mut AnyConnection) -> Result<bool> {
    Ok(alerts::table.select(alerts::id).first::<i64>(conn).optional()?.is_some())
}

/// How far it has come.
pub fn load(conn: &mut AnyConnection) -> Result<FirstHour> {
    let sending = senders::list(conn)?;
    let incident = alerts::table.order(alerts::id).select(alerts::incident_id).first(conn).optional()?;
    let mut sources: Vec<String> = sending.iter().flat_map(|one| one.sources.clone()).collect();
    sources.retain(|source| source != TEST_SOURCE);
    sources.sort();
    sources.dedup();
    Ok(FirstHour {
        token: sending.last().map(|one| one.token.name.clone()),
        sent: incident.is_some() || sending.iter().any(|one| one.token.last_used_at.is_some()),
        incident,
        people: users::list(conn)?.into_iter().filter(|user| !user.disabled).count(),
        sources,
    })
}
