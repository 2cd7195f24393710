//! A rule filled in for alerts like a stored one: its source, its detection, its assets.

use diesel::prelude::*;

use crate::alerts::lookup::{find_alert, find_alerts};
use crate::alerts::overview;
use crate::db::AnyConnection;
use crate::error::{Error, Result};
use crate::model::alert::Alert;
use crate::model::builtin_account::is_builtin_name;
use crate::model::entity::EvidenceKind;
use crate::model::meaningless::is_meaningless_name;
use crate::rules::condition::{AssetKind, TitleTest};
use crate::rules::draft::check::{ASSETS, NAME_LIMIT};
use crate::rules::draft::{Draft, typed_asset};
use crate::rules::rule::EffectKind;
use crate::schema::{alerts, house_rules};
use crate::text::{folded, one_line};

/// The facts in which sources give the id of what detected the alert. They outlive a change of its title.
const DETECTION_IDS: [&str; 4] = ["Rule ID", "Signature ID", "Detector ID", "Check ID"];
/// Most detections to choose from, and most alerts that are looked at for them.
const DETECTIONS: usize = 50;
const ALERTS: i64 = 1_000;

/// A detection among several alerts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Detection {
    /// The latest of its alerts.
    pub alert: i64,
    pub title: String,
    pub source: String,
    pub alerts: usize,
}

/// A draft of a rule about alerts like this one. It resolves them, which keeps them in sight: ignoring is for the
/// person to choose.
pub fn for_alert(conn: &mut AnyConnection, id: i64) -> Result<Draft> {
    let alert = find_alert(conn, id)?;
    let facts = overview::details(conn, id)?.facts;
    let detection = DETECTION_IDS.iter().find_map(|label| {
        let named = facts.iter().find(|(known, value)| known == label && !one_line(value).is_empty())?;
        Some((named.0.clone(), one_line(&named.1)))
    });
    let mut draft = Draft {
        name: free_name(conn, &one_line(&alert.title))?,
        source: source_of(&alert).to_owned(),
        assets: assets_of(conn, id)?,
        effect: EffectKind::Resolve.as_str().to_owned(),
        note: format!("Same detection as alert {id}."),
        reason: format!("Tuned from alert {id}."),
        ..Draft::default()
    };
    match detection {
        Some(named) => (draft.match_fact, draft.match_value) = named,
        None => {
            (draft.title_test, draft.title) = (TitleTest::Exact.as_str().to_owned(), alert.title.trim().to_owned());
        }
    }
    Ok(draft)
}

/// The title, with a number behind it where a rule has this name already.
fn free_name(conn: &mut AnyConnection, title: &str) -> Result<String> {
    let taken: Vec<String> = house_rules::table.select(house_rules::name_key).load(conn)?;
    let numbered = |number: usize| {
        let end = if number > 1 { format!(" ({number})") } else { String::new() };
        let start: String = title.chars().take(NAME_LIMIT - end.len()).collect();
        format!("{}{end}", start.trim())
    };
    Ok((1..=taken.len() + 1).map(numbered).find(|name| !taken.contains(&folded(name))).unwrap_or_default())
}

fn source_of(alert: &Alert) -> &str {
    if alert.service_source.is_empty() { &alert.source } else { &alert.service_source }
}

/// The first assets of an alert, as a form has them. Placeholders and built-in accounts are no assets.
fn assets_of(conn: &mut AnyConnection, alert: i64) -> Result<Vec<String>> {
    let mut found: Vec<String> = Vec::new();
    for item in overview::evidence(conn, alert)? {
        let kind = EvidenceKind::parse(&item.kind);
        let Some(asset) = AssetKind::of(kind) else { continue };
        if is_meaningless_name(kind, &item.name) || (kind == EvidenceKind::User && is_builtin_name(&item.name)) {
            continue;
        }
        let asset = typed_asset(asset, item.name.trim());
        if !found.contains(&asset) {
            found.push(asset);
        }
    }
    found.truncate(ASSETS);
    Ok(found)
}

/// The detections among an incident's alerts, the most frequent first.
pub fn detections_of(conn: &mut AnyConnection, incident: i64) -> Result<Vec<Detection>> {
    let found: Vec<Alert> = alerts::table
        .filter(alerts::incident_id.eq(incident))
        .order(alerts::id.desc())
        .limit(ALERTS)
        .select(Alert::as_select())
        .load(conn)?;
    Ok(distinct(&found))
}

/// The same among some alerts.
pub fn detections_among(conn: &mut AnyConnection, ids: &[i64]) -> Result<Vec<Detection>> {
    let mut found: Vec<Alert> = find_alerts(conn, ids)?.into_values().collect();
    if found.is_empty() {
        return Err(Error::NotFound);
    }
    found.sort_by_key(|alert| std::cmp::Reverse(alert.id));
    Ok(distinct(&found))
}

fn distinct(alerts: &[Alert]) -> Vec<Detection> {
    let mut found: Vec<Detection> = Vec::new();
    for alert in alerts {
        let (title, source) = (one_line(&alert.title), source_of(alert));
        match found.iter_mut().find(|known| known.title == title && known.source == source) {
            Some(known) => known.alerts += 1,
            None => found.push(Detection { alert: alert.id, title, source: source.to_owned(), alerts: 1 }),
        }
    }
    found.sort_by_key(|detection| std::cmp::Reverse(detection.alerts));
    found.truncate(DETECTIONS);
    found
}
