//! The rows of a list: incidents or alerts.

use crate::db::AnyConnection;
use crate::error::Result;
use crate::queue::alert_rows::{AlertRow, alert_rows};
use crate::queue::list::List;
use crate::queue::page::{QueueRow, rows};

/// Rows of one of the lists, in order.
#[derive(Debug, Clone)]
pub enum Rows {
    Incidents(Vec<QueueRow>),
    Alerts(Vec<AlertRow>),
}

impl Rows {
    /// Reads rows by their ids, in the order of the ids.
    pub fn load(conn: &mut AnyConnection, list: List, ids: &[i64]) -> Result<Self> {
        if list.is_of_alerts() { alert_rows(conn, ids).map(Self::Alerts) } else { rows(conn, ids).map(Self::Incidents) }
    }

    pub fn is_empty(&self) -> bool {
        match self {
            Self::Incidents(rows) => rows.is_empty(),
            Self::Alerts(rows) => rows.is_empty(),
        }
    }
}
