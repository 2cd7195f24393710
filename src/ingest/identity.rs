//! The identity of an alert, and finding the alerts that are stored already.

use std::collections::{BTreeMap, HashMap};

use diesel::prelude::*;

use crate::db::AnyConnection;
use crate::error::Result;
use crate::model::alert::Alert;
use crate::model::incoming::IncomingAlert;
use crate::schema::alerts;

/// Values listed in a statement.
const LISTED: usize = 500;

/// Source and the provider's id of the alert.
pub(crate) type Identity<'a> = (&'a str, &'a str);

/// The identity of an alert (R14).
pub(super) fn identity(alert: &IncomingAlert) -> Identity<'_> {
    (&alert.source, &alert.provider_alert_id)
}

/// Those of the alerts that are stored, each with its latest episode (R16).
pub(super) fn load_stored<'r>(
    conn: &mut AnyConnection,
    alerts: &[(&'r IncomingAlert, &'r str)],
) -> Result<HashMap<Identity<'r>, Alert>> {
    let mut by_source: BTreeMap<&str, BTreeMap<&str, Identity<'r>>> = BTreeMap::new();
    for (alert, _) in alerts {
        by_source.entry(&alert.source).or_default().insert(&alert.provider_alert_id, identity(alert));
    }
    let mut found = HashMap::new();
    for (source, wanted) in by_source {
        let ids: Vec<&str> = wanted.keys().copied().collect();
        for ids in ids.chunks(LISTED) {
            let rows: Vec<Alert> = alerts::table
                .filter(alerts::source.eq(source))
                .filter(alerts::provider_alert_id.eq_any(ids))
                .order(alerts::episode)
                .select(Alert::as_select())
                .load(conn)?;
            for row in rows {
                if let Some(identity) = wanted.get(row.provider_alert_id.as_str()) {
                    found.insert(*identity, row);
                }
            }
        }
    }
    Ok(found)
}
