//! What is known of an incident that may have to be grouped otherwise.

use std::collections::{BTreeMap, HashMap};

use diesel::prelude::*;

use crate::correlation::index::parts::Member;
use crate::correlation::index::{AlertToPlace, CorrelationIndex, KeysToLoad};
use crate::correlation::link_key::LinkKey;
use crate::correlation::stored_keys;
use crate::db::{AnyConnection, LISTED};
use crate::error::Result;
use crate::model::alert::detection;
use crate::model::linked_by::LinkedBy;
use crate::model::severity::Severity;
use crate::schema::alerts;

/// An alert with what links it.
#[derive(Debug)]
pub(super) struct StoredAlert {
    pub id: i64,
    first: i64,
    last: i64,
    category: String,
    detection: String,
    fixed: bool,
    /// Within which time a house rule lets it link.
    within: Option<i64>,
    keys: Vec<LinkKey>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = alerts)]
struct Row {
    id: i64,
    source: String,
    title: String,
    subject: String,
    category: String,
    first_activity: i64,
    last_activity: i64,
    #[diesel(deserialize_as = String)]
    linked_by: LinkedBy,
}

/// The alerts of an incident and what is known around them.
pub(super) struct StoredIncident {
    pub alerts: Vec<StoredAlert>,
    pub index: CorrelationIndex,
}

impl StoredAlert {
    pub fn as_placed(&self) -> AlertToPlace<'_> {
        AlertToPlace {
            first: self.first,
            last: self.last,
            category: &self.category,
            severity: Severity::Medium,
            detection: &self.detection,
            link_keys: &self.keys,
            within: self.within,
        }
    }

    pub fn as_member(&self) -> Member<'_> {
        Member { alert: self.id, as_placed: self.as_placed(), fixed: self.fixed }
    }

    /// What it is routine on and was not known to be.
    pub fn routine_on<'k>(&'k self, index: &CorrelationIndex) -> Option<&'k LinkKey> {
        // Where a rule says how far an alert links, it links even when it is routine.
        if self.fixed || self.within.is_some() {
            return None;
        }
        let by_id = index.routine_on(&self.as_placed())?.id;
        self.keys.iter().find(|key| key.id == by_id)
    }

    pub fn first(&self) -> i64 {
        self.first
    }

    /// Its first and last activity.
    pub fn span(&self) -> (i64, i64) {
        (self.first, self.last)
    }
}

/// Within which time house rules let alerts link, by alert, in microseconds.
pub(super) fn within_rules(conn: &mut AnyConnection, ids: &[i64]) -> Result<HashMap<i64, i64>> {
    let mut found = HashMap::new();
    for ids in ids.chunks(LISTED) {
        let rows: Vec<(i64, String)> = alerts::table
            .filter(alerts::id.eq_any(ids))
            .filter(alerts::linked_by.like("%\"within\":%"))
            .select((alerts::id, alerts::linked_by))
            .load(conn)?;
        let within = |(id, text): (i64, String)| Some((id, LinkedBy::try_from(text).ok()?.within?));
        found.extend(rows.into_iter().filter_map(within));
    }
    Ok(found)
}

impl StoredIncident {
    pub fn load(conn: &mut AnyConnection, incident: i64) -> Result<Self> {
        let rows: Vec<Row> = alerts::table
            .filter(alerts::incident_id.eq(incident))
            .order((alerts::first_activity, alerts::id))
            .select(Row::as_select())
            .load(conn)?;
        let mut keys = stored_keys::of_incident(conn, incident)?;
        let detections: BTreeMap<i64, String> =
            rows.iter().map(|row| (row.id, detection(&row.source, &row.title, &row.subject))).collect();
        stored_keys::name_sources(conn, &mut keys, &detections)?;
        let stored: Vec<StoredAlert> = rows
            .into_iter()
            .map(|row| StoredAlert {
                keys: keys.remove(&row.id).unwrap_or_default(),
                detection: detections.get(&row.id).cloned().unwrap_or_default(),
                fixed: row.linked_by.is_fixed(),
                within: row.linked_by.within,
                id: row.id,
                first: row.first_activity,
                last: row.last_activity,
                category: row.category,
            })
            .collect();
        let mut to_load = KeysToLoad::default();
        for alert in &stored {
            to_load.add(&alert.as_placed());
        }
        let index = CorrelationIndex::load(conn, &to_load)?;
        Ok(Self { alerts: stored, index })
    }
}
