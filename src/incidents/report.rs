//! What a report of an incident is made of, read at one moment.

use std::collections::HashMap;

use diesel::prelude::*;

use crate::attachments::{self, Attachment};
use crate::db::AnyConnection;
use crate::error::Result;
use crate::history::entry::Entry;
use crate::history::timeline::{self, Before, Kinds};
use crate::incidents::entity_list::{self, EntityList, Wanted};
use crate::incidents::overview::{self, Overview};
use crate::incidents::story::read::{self, Story, Within};
use crate::model::alert::Alert;
use crate::model::importance;
use crate::schema::{alert_details, alerts};

/// Alerts and entries that a report has at most, and entities of either list: more is no reading for people.
pub const ALERTS: i64 = 2_000;
pub const ENTITIES: usize = 1_000;
pub const ENTRIES: usize = 2_000;

/// An incident with everything that a report tells of it.
#[derive(Debug, Clone)]
pub struct Report {
    pub overview: Overview,
    /// The first alerts by time, at most [`ALERTS`].
    pub alerts: Vec<Alert>,
    /// The same with the entities that each names.
    pub story: Story,
    /// What each source says of its alert, by the alert's id.
    pub descriptions: HashMap<i64, String>,
    /// Devices, users and mailboxes, those with the most alerts first, at most [`ENTITIES`].
    pub assets: EntityList,
    /// Everything else that alerts name, the worst verdict first, at most [`ENTITIES`].
    pub evidence: EntityList,
    /// Files that are attached, the newest first.
    pub attachments: Vec<Attachment>,
    /// Comments and history, the oldest first: at most the newest [`ENTRIES`].
    pub entries: Vec<Entry>,
    pub entry_count: i64,
}

pub fn load(conn: &mut AnyConnection, incident: i64) -> Result<Report> {
    let overview = overview::load(conn, incident)?;
    let alerts = overview::alerts(conn, incident, ALERTS)?;
    let all = Wanted { most: Some(ENTITIES), ..Wanted::default() };
    Ok(Report {
        story: read::load(conn, incident, Within::default())?,
        descriptions: descriptions(conn, incident)?,
        attachments: attachments::read::of_incident(conn, incident)?,
        entries: entries(conn, incident)?,
        entry_count: timeline::count(conn, incident)?,
        overview,
        alerts,
        assets: entity_list::load(conn, incident, &Wanted { kinds: &importance::ASSETS, ..all.clone() })?,
        evidence: entity_list::load(conn, incident, &Wanted { without_assets: true, ..all })?,
    })
}

fn descriptions(conn: &mut AnyConnection, incident: i64) -> Result<HashMap<i64, String>> {
    let found: Vec<(i64, String)> = alert_details::table
        .inner_join(alerts::table.on(alerts::id.eq(alert_details::alert_id)))
        .filter(alerts::incident_id.eq(incident).and(alert_details::description.ne("")))
        .order((alerts::first_activity, alerts::id))
        .limit(ALERTS)
        .select((alert_details::alert_id, alert_details::description))
        .load(conn)?;
    Ok(found.into_iter().collect())
}

fn entries(conn: &mut AnyConnection, incident: i64) -> Result<Vec<Entry>> {
    let mut all: Vec<Entry> = Vec::new();
    loop {
        let before = all.last().map(|entry| Before::Entry(entry.id));
        let page = timeline::of_incident(conn, incident, Kinds::All, before)?;
        let more = page.more && !page.entries.is_empty();
        all.extend(page.entries);
        if !more || all.len() >= ENTRIES {
            all.truncate(ENTRIES);
            all.reverse();
            return Ok(all);
        }
    }
}
