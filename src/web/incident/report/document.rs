//! A report as sections of blocks, which the page, the file and the Markdown show alike.

use std::collections::HashMap;

use crate::attachments::Attachment;
use crate::clock;
use crate::history::entry::Entry;
use crate::history::wording;
use crate::incidents::entity_list::EntityList;
use crate::incidents::overview::IncidentEntity;
use crate::incidents::report::{ALERTS, ENTITIES, ENTRIES, Report};
use crate::incidents::story::rows::{Row, rows};
use crate::model::alert::Alert;
use crate::model::change::Change;
use crate::model::techniques;
use crate::model::user::User;
use crate::model::verdict;
use crate::text::{counted, file_size, humanise, source_label, thousands};
use crate::web::incident::report::sections::Section;
use crate::web::incident::report::words;
use crate::web::incident::story::names::assets;
use crate::web::shared::alert_view::AlertView;
use crate::web::shared::defang::{defanged, defanged_site};
use crate::web::shared::markup::Markup;
use crate::web::shared::time_format::Zone;

/// Facts of an entity that a report has.
const FACTS: usize = 6;

/// A report, ready to be written.
pub(super) struct Document {
    pub incident: i64,
    pub title: String,
    /// When its values were read, and in which zone all its times are.
    pub as_of: String,
    pub zone: String,
    pub sections: Vec<SectionView>,
}

pub(super) struct SectionView {
    pub section: Section,
    pub blocks: Vec<Block>,
}

pub(super) enum Block {
    Text(String),
    Table { label: &'static str, head: Vec<&'static str>, rows: Vec<Vec<String>> },
    Entries(Vec<EntryBlock>),
}

/// An entry of Comments and history.
pub(super) struct EntryBlock {
    pub when: String,
    pub who: String,
    pub what: String,
    /// A comment, as typed and as shown.
    pub body: Option<(String, Markup)>,
}

impl Document {
    pub fn new(report: &Report, sections: &[Section], zone: &Zone) -> Self {
        let incident = &report.overview.incident;
        let view = |section: &Section| SectionView { section: *section, blocks: blocks(report, *section, zone) };
        Self {
            incident: incident.id,
            title: defanged(&incident.name),
            as_of: zone.show(clock::now()).full,
            zone: zone.name().to_owned(),
            sections: sections.iter().map(view).collect(),
        }
    }
}

fn blocks(report: &Report, section: Section, zone: &Zone) -> Vec<Block> {
    let people = &report.overview.people;
    match section {
        Section::Overview => words::overview(&report.overview, zone).into_iter().map(Block::Text).collect(),
        Section::Timeline => timeline(report, zone),
        Section::Assets => entities(&report.assets, true, zone),
        Section::Evidence => entities(&report.evidence, false, zone),
        Section::Alerts => {
            let rows = report.alerts.iter().map(|alert| alert_row(alert, report, zone, people)).collect();
            let head = vec!["Alert", "Severity", "Status", "Classification", "Category", "Source", "Description"];
            let table = Block::Table { label: "Alerts", head, rows };
            with_rest(table, report.alerts.len(), incident_alerts(report), "alert", ALERTS)
        }
        Section::Attachments => attachments(report, zone),
        Section::History => {
            let entries = report.entries.iter().map(|entry| entry_block(entry, people, zone)).collect();
            let total = usize::try_from(report.entry_count).unwrap_or(usize::MAX);
            with_rest(Block::Entries(entries), report.entries.len(), total, "entry", limit(ENTRIES))
        }
    }
}

fn attachments(report: &Report, zone: &Zone) -> Vec<Block> {
    if report.attachments.is_empty() {
        return vec![Block::Text("No files are attached.".to_owned())];
    }
    let row = |file: &Attachment| {
        vec![
            defanged(&file.name),
            file.content.label(),
            file_size(file.size),
            file.sha256.clone(),
            file.author(&report.overview.people),
            zone.show(file.at).full,
        ]
    };
    let head = vec!["Name", "Type", "Size", "SHA-256", "Attached by", "Time"];
    vec![Block::Table { label: "Attachments", head, rows: report.attachments.iter().map(row).collect() }]
}

fn incident_alerts(report: &Report) -> usize {
    usize::try_from(report.overview.incident.alert_count).unwrap_or(usize::MAX)
}

fn limit(most: usize) -> i64 {
    i64::try_from(most).unwrap_or(i64::MAX)
}

/// A block, and a sentence where it does not have all.
fn with_rest(block: Block, shown: usize, total: usize, noun: &str, most: i64) -> Vec<Block> {
    let mut blocks = vec![block];
    if shown < total {
        let all = counted(thousands(total), noun);
        blocks.push(Block::Text(format!("A report has at most {}; the incident has {all}.", thousands(most))));
    }
    blocks
}

/// The lines of the attack story: repeats in a row are one.
fn timeline(report: &Report, zone: &Zone) -> Vec<Block> {
    let story = &report.story;
    let all: Vec<usize> = (0..story.alerts.len()).collect();
    let lines = rows(story, &all);
    let shown = lines.iter().take(usize::try_from(ALERTS).unwrap_or(usize::MAX));
    let line = |line: &Row| {
        let opening = line.opening(story)?;
        let name = defanged(&opening.title);
        let title = match line.alerts.len() {
            1 => name,
            times => format!("{name} ({} times until {})", thousands(times), zone.show(line.last).full),
        };
        let (assets, more) = assets(story, opening);
        let mut names: Vec<String> = assets.into_iter().map(|asset| asset.name).collect();
        names.extend((more > 0).then(|| format!("{more} more")));
        Some(vec![zone.show(line.first).full, title, names.join(", "), humanise(&opening.category)])
    };
    let table = Block::Table {
        label: "Timeline",
        head: vec!["Time", "Alert", "Assets", "Category"],
        rows: shown.filter_map(line).collect(),
    };
    with_rest(table, lines.len().min(usize::try_from(ALERTS).unwrap_or(usize::MAX)), lines.len(), "line", ALERTS)
}

/// Assets, or all other evidence, with what could be opened by mistake defanged.
fn entities(list: &EntityList, are_assets: bool, zone: &Zone) -> Vec<Block> {
    if list.total == 0 {
        return vec![Block::Text("None.".to_owned())];
    }
    let rows = list.entities.iter().map(|entity| entity_row(entity, are_assets, zone)).collect();
    let third = if are_assets { "Importance" } else { "Verdict" };
    let head = vec!["Name", "Type", third, "Details", "Alerts", "First seen", "Last seen"];
    let (label, noun) = if are_assets { ("Impacted assets", "asset") } else { ("Evidence", "entity") };
    with_rest(Block::Table { label, head, rows }, list.entities.len(), list.total, noun, limit(ENTITIES))
}

fn entity_row(entity: &IncidentEntity, is_asset: bool, zone: &Zone) -> Vec<String> {
    let name = if entity.kind == "url" { defanged_site(&entity.name) } else { defanged(&entity.name) };
    let facts: Vec<String> =
        entity.facts.iter().take(FACTS).map(|(label, value)| format!("{label}: {}", defanged(value))).collect();
    let third = if is_asset { entity.importance.label().to_owned() } else { verdict::label(&entity.verdict) };
    let known = entity.known.in_words();
    let name = if known.is_empty() { name } else { format!("{name} ({known})") };
    vec![
        name,
        humanise(&entity.kind),
        third,
        facts.join("; "),
        thousands(entity.alert_count),
        zone.show(entity.first_seen).full,
        zone.show(entity.last_seen).full,
    ]
}

fn alert_row(alert: &Alert, report: &Report, zone: &Zone, people: &HashMap<i64, User>) -> Vec<String> {
    let view = AlertView::new(alert, zone, people);
    let named = |id: &String| techniques::name(id).map_or_else(|| id.clone(), |name| format!("{id} {name}"));
    let techniques: Vec<String> = alert.techniques.0.iter().map(named).collect();
    let category = [humanise(&alert.category), techniques.join(", ")];
    vec![
        format!("{}: {}", alert.id, defanged(&alert.title)),
        alert.severity.label().to_owned(),
        view.status.to_owned(),
        alert.outcome().label_if_set(),
        category.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(", "),
        source_label(&alert.service_source),
        defanged(report.descriptions.get(&alert.id).map_or("", String::as_str)),
    ]
}

fn entry_block(entry: &Entry, people: &HashMap<i64, User>, zone: &Zone) -> EntryBlock {
    let body = match &entry.change {
        Change::Commented { body, .. } => Some(defanged(body)),
        _ => None,
    };
    let about = entry.alert_title.as_ref().map(|title| format!("{}: ", defanged(title))).unwrap_or_default();
    let words: String = wording::entry_parts(entry, people).into_iter().map(|part| part.text).collect();
    let words = match (&body, entry.edited) {
        (None, _) => defanged(&words),
        (Some(_), None) => "commented".to_owned(),
        (Some(_), Some(edited)) => format!("commented, edited {}", zone.show(edited).full),
    };
    EntryBlock {
        when: zone.show(entry.at).full,
        who: entry.actor(people),
        what: format!("{about}{words}"),
        body: body.map(|body| {
            let shown = Markup::of_comment(&body, people);
            (body, shown)
        }),
    }
}
