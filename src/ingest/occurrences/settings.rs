//! Occurrences as people see and set them: how often a detection was seen, its latest occurrences with
//! their payloads, and for how long a source's repeats count as one. The counting itself is in
//! `counting`.

use std::collections::HashMap;

use diesel::prelude::*;

use crate::accounts::setting_changes::{self, Setting, SettingChange};
use crate::db::{AnyConnection, Tx};
use crate::each;
use crate::error::{Error, Result};
use crate::model::actor::Actor;
use crate::permissions::{Action, require};
use crate::schema::{alert_occurrences, repeat_rules, sources};

/// Sensors, which send every repeat as a new alert; other products count repeats themselves.
const SENSORS: [&str; 13] = [
    "wazuh",
    "suricata",
    "falco",
    "sigma",
    "elasticSecurity",
    "aminer",
    "zeek",
    "fortiGate",
    "paloAltoFirewall",
    "okta",
    "splunk",
    "graylog",
    "crowdSec",
];
/// How long after the last occurrence a sensor's repeat still counts as one, in minutes. Beyond an
/// hour somebody may have acted in between.
const SENSOR_MINUTES: i64 = 60;

/// The kind of these rules in the record of changes.
const KIND: &str = "repeatRule";
/// Occurrences that the alert page lists: as many as keep their payload.
const LISTED: i64 = 10;
/// Longest time that can be set, in minutes: an alert counts repeats for a day at most.
pub const LONGEST: i64 = 1_440;

/// A later occurrence of an alert.
#[derive(Debug, Clone, Queryable)]
pub struct Occurrence {
    pub provider_alert_id: String,
    /// Microseconds UTC.
    pub at: i64,
    payload: String,
}

impl Occurrence {
    /// The record that it was sent as; only the latest occurrences keep it.
    pub fn payload(&self) -> Option<&str> {
        Some(self.payload.as_str()).filter(|payload| !payload.is_empty())
    }
}

/// The latest occurrences of an alert after its first, newest first.
pub fn latest(conn: &mut AnyConnection, alert: i64) -> Result<Vec<Occurrence>> {
    Ok(alert_occurrences::table
        .filter(alert_occurrences::alert_id.eq(alert))
        .order((alert_occurrences::at.desc(), alert_occurrences::provider_alert_id.desc()))
        .limit(LISTED)
        .select((alert_occurrences::provider_alert_id, alert_occurrences::at, alert_occurrences::payload))
        .load(conn)?)
}

/// For how many minutes after the last occurrence a repeat of this source is counted; 0 never.
pub fn minutes(conn: &mut AnyConnection, source: &str) -> Result<i64> {
    let rule: Option<i64> = repeat_rules::table.find(source).select(repeat_rules::minutes).first(conn).optional()?;
    Ok(rule.unwrap_or_else(|| default_minutes(source)))
}

/// The minutes of a source for which nobody has set any.
pub fn default_minutes(source: &str) -> i64 {
    if is_sensor(source) { SENSOR_MINUTES } else { 0 }
}

/// Whether a source is a sensor: each of its alerts is one event, while other products tell what belongs together.
pub(in crate::ingest) fn is_sensor(source: &str) -> bool {
    SENSORS.contains(&source)
}

/// The minutes of every source that somebody has set; all others count for the default.
pub fn rules(conn: &mut AnyConnection) -> Result<HashMap<String, i64>> {
    let rows: Vec<(String, i64)> =
        repeat_rules::table.select((repeat_rules::source, repeat_rules::minutes)).load(conn)?;
    Ok(rows.into_iter().collect())
}

/// Sets the minutes of a source as typed. Occurrences that are counted already stay counted.
pub fn set(tx: &mut Tx<'_>, actor: &Actor, source: &str, typed: &str) -> Result<()> {
    require(actor, Action::Administer)?;
    let minutes = typed
        .trim()
        .parse::<i64>()
        .ok()
        .filter(|minutes| (0..=LONGEST).contains(minutes))
        .ok_or_else(|| Error::at_field("minutes", "Enter a whole number of minutes from 0 to 1,440."))?;
    let change = setting_changes::next(tx)?;
    let known: i64 = sources::table.filter(sources::name.eq(source)).count().get_result(tx.conn)?;
    if known == 0 {
        return Err(Error::at_field("minutes", "There is no source with this name."));
    }
    let before = self::minutes(tx.conn, source)?;
    if before == minutes {
        return Ok(());
    }
    let row = (repeat_rules::source.eq(source), repeat_rules::minutes.eq(minutes));
    each!(tx.conn, inner => diesel::insert_into(repeat_rules::table)
        .values(row)
        .on_conflict(repeat_rules::source)
        .do_update()
        .set(repeat_rules::minutes.eq(minutes))
        .execute(inner))?;
    let setting = Setting { kind: KIND, id: 0, name: source };
    setting_changes::note(tx, actor, change, setting, (Some(before.to_string()), Some(minutes.to_string())))
}

/// The latest changes of these rules, newest first; their bodies are the minutes.
pub fn changes(conn: &mut AnyConnection, limit: i64) -> Result<Vec<SettingChange>> {
    setting_changes::latest(conn, KIND, None, limit)
}
