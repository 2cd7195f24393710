//! The page of an entity, ready for its template.

use askama::Template;

use crate::entities::activity::{Activity, COUNTED};
use crate::entities::counts::IncidentCounts;
use crate::entities::incidents::{After, IncidentOfEntity};
use crate::entities::known_facts::KnownFact;
use crate::entities::known_to_us::KnownToUs;
use crate::entities::lookup::Entity;
use crate::entities::overview::Overview;
use crate::entities::{kind, known_facts, together};
use crate::model::importance::Importance;
use crate::model::outcome::Outcome;
use crate::model::severity::Severity;
use crate::model::verdict;
use crate::queue::list::List;
use crate::text::{counted, plural, source_label, thousands};
use crate::web::entity::data::PageData;
use crate::web::entity::forms::FormsView;
use crate::web::entity::history::HistoryView;
use crate::web::shared::alert_view::AlertView;
use crate::web::shared::choices::owner_name;
use crate::web::shared::layout::Layout;
use crate::web::shared::shown_value::ShownValue;
use crate::web::shared::time_format::{ShownTime, Zone};
use crate::web::shared::{paths, queue_links};

/// The height of the tallest bar.
const HEIGHT: i64 = 60;
/// Facts that are shown at once.
const FACTS: usize = 10;

#[derive(Template)]
#[template(path = "entity/page.html")]
pub(super) struct EntityPage {
    pub layout: Layout,
    pub entity: EntityView,
    pub forms: FormsView,
    pub history: HistoryView,
}

impl EntityPage {
    fn active(&self) -> &'static str {
        "search"
    }

    /// Only incidents have tags that people cannot remove.
    fn no_tags(&self) -> &'static [String] {
        &[]
    }
}

pub(super) struct EntityView {
    pub id: i64,
    pub href: String,
    /// The kind as stored, for its icon, and in words.
    pub kind: String,
    pub kind_label: String,
    pub name: ShownValue,
    pub importance: Importance,
    pub known: KnownToUs,
    pub identifiers: Vec<ShownValue>,
    /// Links to what others know: name and address.
    pub links_outside: Vec<(String, String)>,
    pub names: Vec<String>,
    pub first: Option<ShownTime>,
    pub last: Option<ShownTime>,
    /// "Malicious in 3 alerts".
    pub verdicts: Vec<(String, String, String)>,
    /// "2 open, 1,000+ resolved incidents".
    pub counts: String,
    /// "Of 40 resolved incidents: 38 false positive, 2 true positive".
    pub outcomes: String,
    pub incidents: Vec<IncidentRow>,
    pub first_page: Option<String>,
    pub next_page: Option<String>,
    /// The queue with all of them.
    pub queue_href: String,
    pub chart: ChartView,
    pub newest: Vec<AlertView>,
    pub alerts_href: String,
    pub facts: Vec<FactRow>,
    pub more_facts: Vec<FactRow>,
    pub facts_of: String,
    pub together: Vec<TogetherRow>,
    pub together_of: String,
}

pub(super) struct IncidentRow {
    pub id: i64,
    pub name: String,
    pub severity: Severity,
    pub status: &'static str,
    pub status_value: &'static str,
    pub classification: String,
    pub note: String,
    pub owner: String,
    pub alerts: String,
    pub last: ShownTime,
}

pub(super) struct FactRow {
    pub value: ShownValue,
    pub source: String,
    pub alert: i64,
    pub alert_href: String,
    pub when: ShownTime,
    pub times: String,
}

pub(super) struct TogetherRow {
    pub kind: String,
    pub kind_label: String,
    pub name: ShownValue,
    pub href: String,
    pub alerts: String,
}

pub(super) struct BarView {
    pub x: usize,
    pub y: i64,
    pub height: i64,
    pub title: String,
    pub begins: ShownTime,
    pub alerts: String,
}

/// The alerts over time.
#[derive(Default)]
pub(super) struct ChartView {
    /// "12 alerts, by day".
    pub summary: String,
    /// In units of the drawing.
    pub width: usize,
    pub bars: Vec<BarView>,
}

/// The width of a bar with the gap after it.
const STEP: usize = 10;

impl EntityView {
    pub fn new(data: PageData, is_later_page: bool, zone: &Zone) -> Self {
        let PageData { overview, incidents, next, activity, newest, facts, together, links_outside, .. } = data;
        let Entity { id, ref name, importance, .. } = overview.entity;
        let kind_value = kind::in_address(&overview.entity.kind, name);
        let href = paths::entity(&overview.entity.kind, name, id);
        let mut rows: Vec<FactRow> = facts.facts.iter().map(|fact| fact_row(fact, zone)).collect();
        let more_facts = rows.split_off(rows.len().min(FACTS));
        Self {
            id,
            kind: overview.entity.kind.clone(),
            kind_label: kind::label(kind_value),
            name: ShownValue::name(&overview.entity.kind, "name", name),
            importance,
            known: overview.known.clone(),
            identifiers: overview.keys.iter().map(|(key, value)| ShownValue::fact(key_label(key), value)).collect(),
            links_outside: links_outside
                .iter()
                .filter(|link| link.kinds.iter().any(|kind| kind == kind_value))
                .map(|link| (link.name.clone(), link.address(looked_up(&overview))))
                .collect(),
            names: overview.names.clone(),
            first: overview.first_seen.map(|at| zone.show(at)),
            last: overview.last_seen.map(|at| zone.show(at)),
            verdicts: facts
                .verdicts
                .iter()
                .map(|(value, alerts)| (verdict::label(value), value.clone(), counted(thousands(*alerts), "alert")))
                .collect(),
            counts: counts_in_words(overview.counts),
            outcomes: outcomes(&overview),
            incidents: incidents.into_iter().map(|one| incident_row(one, zone)).collect(),
            first_page: is_later_page.then(|| href.clone()),
            next_page: next.map(After::as_text).map(|after| format!("{href}?after={after}")),
            queue_href: queue_links::everything(List::Incidents, &[("entity", name.as_str())]),
            chart: chart(&activity, zone),
            newest: newest.iter().map(|alert| AlertView::new(alert, zone, &std::collections::HashMap::new())).collect(),
            alerts_href: queue_links::everything(List::Alerts, &[("entity", name.as_str())]),
            facts: rows,
            more_facts,
            facts_of: if facts.more { format!("In its newest {} alerts.", known_facts::READ) } else { String::new() },
            together: together.into_iter().map(|(entity, alerts)| together_row(&entity, alerts)).collect(),
            together_of: format!("In its newest alerts, at most {}.", together::READ),
            href,
        }
    }
}

/// "2 open, 1,000+ resolved incidents".
fn counts_in_words(counts: IncidentCounts) -> String {
    let (open, closed) = (counts.open.label(), counts.closed.label());
    format!("{open} open, {closed} resolved {}", plural(closed.as_str(), "incident"))
}

/// What is asked about: of a file its hash, where it is known; of anything else its name.
fn looked_up(overview: &Overview) -> &str {
    let hash = ["sha256", "sha1", "md5"].iter().find_map(|wanted| overview.keys.iter().find(|(key, _)| key == wanted));
    hash.filter(|_| overview.entity.kind == "file").map_or(&overview.entity.name, |(_, value)| value)
}

fn key_label(key: &str) -> &'static str {
    match key {
        "sid" => "SID",
        "aad" => "Entra ID",
        "mde" => "Defender device ID",
        "upn" => "User principal name",
        "fqdn" => "Full name",
        "sha256" => "SHA256",
        "sha1" => "SHA1",
        "md5" => "MD5",
        "addr" => "Address",
        _ => "Identifier",
    }
}

fn outcomes(overview: &Overview) -> String {
    let counted_incidents = overview.counted();
    if counted_incidents == 0 {
        return String::new();
    }
    let each: Vec<String> = overview
        .outcomes
        .iter()
        .map(|(classification, count)| format!("{} {}", thousands(*count), classification.label().to_lowercase()))
        .collect();
    let newest = if counted_incidents < overview.counts.closed.counted() { "the newest " } else { "" };
    format!("Of {newest}{}: {}.", counted(thousands(counted_incidents), "resolved incident"), each.join(", "))
}

fn incident_row(one: IncidentOfEntity, zone: &Zone) -> IncidentRow {
    let incident = one.incident;
    let outcome = Outcome { classification: incident.classification, determination: incident.determination };
    IncidentRow {
        id: incident.id,
        severity: incident.severity,
        status: incident.status.label(),
        status_value: incident.status.as_str(),
        classification: outcome.label_if_set(),
        note: incident.resolving_note.unwrap_or_default(),
        owner: owner_name(one.owner.as_ref()),
        alerts: thousands(one.alerts),
        last: zone.show(one.last_seen),
        name: incident.name,
    }
}

fn fact_row(fact: &KnownFact, zone: &Zone) -> FactRow {
    FactRow {
        value: ShownValue::fact(&fact.label, &fact.value),
        source: source_label(&fact.source),
        alert: fact.alert,
        alert_href: paths::alert(fact.alert),
        when: zone.show(fact.at),
        times: thousands(fact.times),
    }
}

fn together_row(entity: &Entity, alerts: i64) -> TogetherRow {
    let kind = kind::in_address(&entity.kind, &entity.name);
    TogetherRow {
        kind: entity.kind.clone(),
        kind_label: kind::label(kind),
        name: ShownValue::name(&entity.kind, "name", &entity.name),
        href: paths::entity(&entity.kind, &entity.name, entity.id),
        alerts: thousands(alerts),
    }
}

fn chart(activity: &Activity, zone: &Zone) -> ChartView {
    let most = activity.bars.iter().map(|bar| bar.alerts).max().unwrap_or(0).max(1);
    let bars: Vec<BarView> = (0..)
        .step_by(STEP)
        .zip(&activity.bars)
        .map(|(x, bar)| {
            // At least one pixel, so that it is visible.
            let height = if bar.alerts == 0 { 0 } else { (bar.alerts * HEIGHT / most).max(1) };
            let begins = zone.show(bar.begins);
            let title = format!("{} from {}", counted(thousands(bar.alerts), "alert"), begins.text);
            BarView { x: x + 1, y: HEIGHT - height, height, title, begins, alerts: thousands(bar.alerts) }
        })
        .collect();
    if bars.is_empty() {
        return ChartView::default();
    }
    let newest = if activity.more { format!("The newest {}", thousands(COUNTED)) } else { thousands(activity.counted) };
    let alerts = if activity.counted == 1 { "alert" } else { "alerts" };
    ChartView { summary: format!("{newest} {alerts}, by {}", activity.length), width: bars.len() * STEP, bars }
}
