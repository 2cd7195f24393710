//! The other episodes of an alert's finding (R16), for its page.

use diesel::prelude::*;

use crate::db::AnyConnection;
use crate::error::Result;
use crate::model::alert::Alert;
use crate::model::outcome::Outcome;
use crate::schema::{alerts, incidents};

/// An episode before or after the alert's own.
#[derive(Debug, Clone)]
pub struct OtherEpisode {
    pub alert: i64,
    /// The incident that it is in now, and its name.
    pub incident: i64,
    pub name: String,
    /// How the incident is classified; the alert itself where the incident is not.
    pub outcome: Outcome,
}

/// The episodes right before and right after the alert's own.
#[derive(Debug, Clone, Default)]
pub struct Neighbours {
    pub earlier: Option<OtherEpisode>,
    pub later: Option<OtherEpisode>,
}

pub fn neighbours(conn: &mut AnyConnection, alert: &Alert) -> Result<Neighbours> {
    Ok(Neighbours {
        earlier: if alert.episode > 1 { episode(conn, alert, alert.episode - 1)? } else { None },
        later: episode(conn, alert, alert.episode + 1)?,
    })
}

fn episode(conn: &mut AnyConnection, alert: &Alert, number: i64) -> Result<Option<OtherEpisode>> {
    let found: Option<(Alert, String, String, String)> = alerts::table
        .inner_join(incidents::table)
        .filter(alerts::source.eq(&alert.source))
        .filter(alerts::provider_alert_id.eq(&alert.provider_alert_id))
        .filter(alerts::episode.eq(number))
        .select((Alert::as_select(), incidents::name, incidents::classification, incidents::determination))
        .first(conn)
        .optional()?;
    Ok(found.map(|(other, name, classification, determination)| {
        let incident = Outcome::stored(&classification, &determination);
        let outcome = if incident.is_set() { incident } else { other.outcome() };
        OtherEpisode { alert: other.id, incident: other.incident_id, name, outcome }
    }))
}
