//! Deriving an incident's counts, times, scope, name and severity by adding alerts to what it has. Pure.
//! `recompute` does it from all its alerts when some left.

use std::collections::HashSet;

use crate::model::change::Change;
use crate::model::entity::{EvidenceKind, Resolved};
use crate::model::facet::facet_key;
use crate::model::incident::{Incident, NameSource, Scope};
use crate::model::naming;
use crate::model::planned_change::PlannedChange;
use crate::model::severity::{Severity, SeveritySource};
use crate::model::signals::AlertSignals;
use crate::model::titles::{AlertTitle, Rarity};

/// Names of a kind kept for lists.
pub(super) const NAMES_SHOWN: usize = 3;

/// What an alert adds to its incident.
#[derive(Debug, Clone, Copy)]
pub(super) struct Added<'a> {
    pub title: &'a str,
    pub severity: Severity,
    pub is_open: bool,
    pub category: &'a str,
    pub techniques: &'a [String],
    /// The hash of its detection, and in how many other alerts that was seen lately.
    pub detection: &'a str,
    pub elsewhere: i64,
    /// How rare its detection was when it joined.
    pub rarity: Rarity,
    pub service_source: &'a str,
    pub detection_source: &'a str,
    pub product: &'a str,
    pub first_activity: i64,
    pub last_activity: i64,
}

/// Adds alerts and the entities that are new to the incident. Name and severity stay: the changes
/// of [`set_automatic_name_and_severity`] set them.
pub(super) fn add(incident: &mut Incident, alerts: &[Added<'_>], newcomers: &[&Resolved]) {
    let began = incident.alert_count > 0;
    for alert in alerts {
        incident.alert_count += 1;
        incident.open_alert_count += i64::from(alert.is_open);
        note(&mut incident.scope, alert);
    }
    let first = alerts.iter().map(|alert| alert.first_activity).min();
    let last = alerts.iter().map(|alert| alert.last_activity).max();
    if let (Some(first), Some(last)) = (first, last) {
        incident.first_activity = if began { incident.first_activity.min(first) } else { first };
        incident.last_activity = if began { incident.last_activity.max(last) } else { last };
    }
    for entity in newcomers.iter().filter(|entity| entity.links) {
        let (count, names) = match entity.kind {
            EvidenceKind::Device => (&mut incident.device_count, &mut incident.scope.devices),
            EvidenceKind::User => (&mut incident.user_count, &mut incident.scope.users),
            EvidenceKind::Mailbox => (&mut incident.mailbox_count, &mut incident.scope.mailboxes),
            _ => continue,
        };
        *count += 1;
        incident.scope.signals.note_asset(entity.importance, &entity.name);
        if names.len() < NAMES_SHOWN {
            names.push(entity.name.clone());
        }
    }
}

/// Adds the sources, category and title of an alert to a scope.
pub(super) fn note(scope: &mut Scope, alert: &Added<'_>) {
    insert(&mut scope.service_sources, alert.service_source);
    insert(&mut scope.detection_sources, alert.detection_source);
    insert(&mut scope.products, alert.product);
    if !alert.category.is_empty() && !scope.categories.iter().any(|known| known == alert.category) {
        scope.categories.push(alert.category.to_owned());
        scope.categories.sort();
        scope.categories.sort_by_key(|category| naming::stage_order(category));
    }
    scope.titles.note(&alert.title());
    scope.signals.note_alert(&alert.signals());
}

impl Added<'_> {
    /// What its incident's name follows from, with the category and the sources.
    pub fn title(&self) -> AlertTitle<'_> {
        let Self { title, severity, rarity, first_activity, .. } = *self;
        AlertTitle { title, severity, rarity, first_activity }
    }

    /// The values that its incident's priority follows from.
    pub fn signals(&self) -> AlertSignals<'_> {
        let Self { title, severity, category, techniques, detection, elsewhere, .. } = *self;
        AlertSignals { title, severity, category, techniques, detection, elsewhere }
    }
}

fn insert(values: &mut Vec<String>, value: &str) {
    if !value.is_empty()
        && let Err(place) = values.binary_search_by(|known| known.as_str().cmp(value))
    {
        values.insert(place, value.to_owned());
    }
}

/// The automatic name of an incident as it stands.
pub(super) fn name(incident: &Incident) -> String {
    naming::automatic(&naming::Facts {
        titles: &incident.scope.titles,
        categories: &incident.scope.categories,
        devices: incident.device_count,
        users: if incident.user_count > 0 { incident.user_count } else { incident.mailbox_count },
        multiple_sources: naming::several_reported(&incident.scope.service_sources, &incident.scope.detection_sources),
        only_microsoft: naming::only_microsoft_reported(&incident.scope.service_sources),
    })
}

/// Sets the incident's name and severity as long as these are automatic, and returns the changes. `highest` is the highest severity of its alerts.
pub(super) fn set_automatic_name_and_severity(incident: &mut Incident, highest: Severity) -> Vec<PlannedChange> {
    let mut changes = Vec::new();
    let name = name(incident);
    if incident.name_source == NameSource::Automatic && incident.name != name {
        changes.push(PlannedChange::incident(Change::Renamed {
            from: std::mem::replace(&mut incident.name, name.clone()),
            from_source: NameSource::Automatic,
            to: name,
            to_source: NameSource::Automatic,
        }));
    }
    if incident.severity_source == SeveritySource::Automatic && incident.severity != highest {
        changes.push(PlannedChange::incident(Change::SeveritySet {
            from: std::mem::replace(&mut incident.severity, highest),
            from_source: SeveritySource::Automatic,
            to: highest,
            to_source: SeveritySource::Automatic,
        }));
    }
    changes
}

/// What the queue filters by, as facet and value.
pub(super) fn facets(added: &Added<'_>, into: &mut HashSet<(&'static str, String)>) {
    for (facet, value) in [
        ("category", added.category),
        ("serviceSource", added.service_source),
        ("detectionSource", added.detection_source),
        ("product", added.product),
        ("alertSeverity", added.severity.as_str()),
    ] {
        let value = facet_key(value);
        if !value.is_empty() {
            into.insert((facet, value));
        }
    }
    for technique in added.techniques.iter().map(|technique| facet_key(technique)) {
        // What used T1059.001 used T1059.
        if let Some((whole, _)) = technique.split_once('.') {
            into.insert(("technique", whole.to_owned()));
        }
        into.insert(("technique", technique));
    }
}
