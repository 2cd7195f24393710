//! The entities of an incident as its tabs list them: evidence with the worst verdict first, assets by their
//! alerts, filtered by kind and text, a page at a time.

use std::collections::HashMap;

use diesel::prelude::*;

use crate::db::AnyConnection;
use crate::entities::known_to_us::{self, KnownToUs};
use crate::error::Result;
use crate::incidents::overview::IncidentEntity;
use crate::incidents::reported::{self, Reported};
use crate::model::importance::{self, Importance};
use crate::model::verdict;
use crate::schema::{alerts, entities, evidence, incident_entities};
use crate::text::folded;

/// Entities on one page.
pub const PAGE: usize = 100;
/// Pieces of evidence of an entity whose names and facts are read.
const READ: usize = 12;

/// Which entities are listed.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// Only these kinds; none: all.
    pub kinds: &'static [&'static str],
    /// One kind of them.
    pub kind: Option<&'static str>,
    /// What a name or fact contains.
    pub text: String,
    /// How many come before the page.
    pub skip: usize,
    /// Leaves out the assets that a list of assets has.
    pub without_assets: bool,
    /// How many are on the page; none: [`PAGE`].
    pub most: Option<usize>,
}

impl Wanted {
    /// Whether the list is one of assets, which leaves out what has no identity of its own.
    fn only_assets(&self) -> bool {
        !self.kinds.is_empty()
    }
}

/// A page of the entities of an incident.
#[derive(Debug, Clone, Default)]
pub struct EntityList {
    pub entities: Vec<IncidentEntity>,
    /// How many there are of each kind that contain the text.
    pub kinds: Vec<(String, usize)>,
    /// How many there are without any filter.
    pub total: usize,
    /// How many the filter finds.
    pub found: usize,
    /// How many come before the page.
    pub skipped: usize,
    /// The pieces of evidence whose facts the page shows.
    pub evidence: Vec<i64>,
}

#[derive(Debug, Queryable)]
struct Row {
    id: i64,
    kind: String,
    name: String,
    name_key: String,
    importance: String,
    alert_count: i64,
    first_seen: i64,
    last_seen: i64,
}

/// What the incident's alerts say of an entity, all of them together.
#[derive(Debug, Default)]
struct Together {
    verdict: String,
    /// Each remediation status with its alerts; the latest alert's is the last.
    remediations: Vec<(String, usize)>,
    evidence: Vec<i64>,
    contains_text: bool,
}

impl Together {
    fn add(&mut self, id: i64, verdict: String, remediation: String) {
        if self.evidence.is_empty() || verdict::rank(&verdict) < verdict::rank(&self.verdict) {
            self.verdict = verdict;
        }
        let known = self.remediations.iter().position(|(status, _)| *status == remediation);
        let times = known.map_or(0, |place| self.remediations.remove(place).1);
        self.remediations.push((remediation, times + 1));
        self.evidence.push(id);
    }
}

/// A page of an incident's entities.
pub fn load(conn: &mut AnyConnection, incident: i64, wanted: &Wanted) -> Result<EntityList> {
    let mut rows = rows(conn, incident, wanted)?;
    let total = rows.len();
    let text = folded(&wanted.text);
    let mut together = together(conn, incident, &text)?;
    let has_text = |row: &Row| {
        text.is_empty() || row.name_key.contains(&text) || together.get(&row.id).is_some_and(|all| all.contains_text)
    };
    rows.retain(has_text);
    let kinds = count_kinds(&rows);
    rows.retain(|row| wanted.kind.is_none_or(|kind| row.kind == kind));
    let rank = |row: &Row| match together.get(&row.id) {
        Some(all) if !wanted.only_assets() => verdict::rank(&all.verdict),
        _ => 0,
    };
    rows.sort_by_cached_key(|row| (rank(row), -row.alert_count, row.name_key.clone(), row.id));
    let found = rows.len();
    let skipped = if wanted.skip < found { wanted.skip } else { 0 };
    let page: Vec<(Row, Together)> = rows
        .into_iter()
        .skip(skipped)
        .take(wanted.most.unwrap_or(PAGE))
        .map(|row| {
            let all = together.remove(&row.id).unwrap_or_default();
            (row, all)
        })
        .collect();
    let evidence: Vec<i64> = page.iter().flat_map(|(_, all)| all.evidence.iter().take(READ)).copied().collect();
    let mut reported = reported::by_entity(conn, &evidence)?;
    let mut known = known_to_us::of(conn, &page.iter().map(|(row, _)| row.id).collect::<Vec<_>>())?;
    let entities = page
        .into_iter()
        .map(|(row, all)| {
            let said = reported.remove(&row.id).unwrap_or_default();
            let known = known.remove(&row.id).unwrap_or_default();
            IncidentEntity { known, ..entity(row, all, said) }
        })
        .collect();
    Ok(EntityList { entities, kinds, total, found, skipped, evidence })
}

fn rows(conn: &mut AnyConnection, incident: i64, wanted: &Wanted) -> Result<Vec<Row>> {
    let mut query = incident_entities::table
        .inner_join(entities::table)
        .filter(incident_entities::incident_id.eq(incident))
        .select((
            entities::id,
            entities::kind,
            entities::name,
            entities::name_key,
            entities::importance,
            incident_entities::alert_count,
            incident_entities::first_seen,
            incident_entities::last_seen,
        ))
        .into_boxed();
    if wanted.only_assets() {
        query = query.filter(incident_entities::kind.eq_any(wanted.kinds.to_vec())).filter(entities::links);
    }
    if wanted.without_assets {
        query = query.filter(incident_entities::kind.ne_all(importance::ASSETS).or(entities::links.eq(false)));
    }
    Ok(query.load(conn)?)
}

fn count_kinds(rows: &[Row]) -> Vec<(String, usize)> {
    let mut kinds: HashMap<&str, usize> = HashMap::new();
    for row in rows {
        *kinds.entry(&row.kind).or_default() += 1;
    }
    kinds.into_iter().map(|(kind, count)| (kind.to_owned(), count)).collect()
}

/// Entity, piece of evidence, verdict, remediation, name and facts.
type WithFacts = (i64, i64, String, String, String, String);

/// Reads all evidence of the incident, in the order of its alerts. Names and facts only when a text is looked for:
/// they are most of it.
fn together(conn: &mut AnyConnection, incident: i64, text: &str) -> Result<HashMap<i64, Together>> {
    let of_incident = evidence::table.inner_join(alerts::table).filter(alerts::incident_id.eq(incident)).order((
        alerts::first_activity,
        alerts::id,
        evidence::id,
    ));
    let mut found: HashMap<i64, Together> = HashMap::new();
    if text.is_empty() {
        let all: Vec<(i64, i64, String, String)> = of_incident
            .select((evidence::entity_id, evidence::id, evidence::verdict, evidence::remediation))
            .load(conn)?;
        for (entity, id, verdict, remediation) in all {
            found.entry(entity).or_default().add(id, verdict, remediation);
        }
        return Ok(found);
    }
    let all: Vec<WithFacts> = of_incident
        .select((
            evidence::entity_id,
            evidence::id,
            evidence::verdict,
            evidence::remediation,
            evidence::name,
            evidence::facts,
        ))
        .load(conn)?;
    let in_json = serde_json::to_string(text)?;
    let in_json = in_json.trim_matches('"');
    for (entity, id, verdict, remediation, name, facts) in all {
        let together = found.entry(entity).or_default();
        together.contains_text =
            together.contains_text || folded(&name).contains(text) || in_facts(&facts, text, in_json);
        together.add(id, verdict, remediation);
    }
    Ok(found)
}

/// Whether the label or value of a fact contains a text. Few facts are taken apart: those whose JSON contains it.
fn in_facts(facts: &str, text: &str, in_json: &str) -> bool {
    folded(facts).contains(in_json) && {
        let facts: Vec<(String, String)> = serde_json::from_str(facts).unwrap_or_default();
        facts.iter().any(|(label, value)| folded(label).contains(text) || folded(value).contains(text))
    }
}

fn entity(row: Row, all: Together, mut said: Reported) -> IncidentEntity {
    let (facts, by_alert) = said.take_facts(&row.kind, &row.name);
    IncidentEntity {
        id: row.id,
        name: said.shown_name(&row.kind, &row.name),
        kind: row.kind,
        importance: Importance::parse(&row.importance).unwrap_or_default(),
        known: KnownToUs::default(),
        verdict: all.verdict,
        remediations: all.remediations,
        facts,
        by_alert,
        alert_count: row.alert_count,
        first_seen: row.first_seen,
        last_seen: row.last_seen,
    }
}

#[cfg(test)]
mod tests {
    use super::{Together, in_facts};

    #[test]
    fn the_worst_verdict_and_the_latest_remediation_count() {
        let mut all = Together::default();
        let seen =
            [("noThreatsFound", "none"), ("malicious", "prevented"), ("unknown", "none"), ("suspicious", "none")];
        for (id, (verdict, remediation)) in (1..).zip(seen) {
            all.add(id, verdict.to_owned(), remediation.to_owned());
        }
        assert_eq!(all.verdict, "malicious");
        assert_eq!(all.remediations, [("prevented".to_owned(), 1), ("none".to_owned(), 3)]);
    }

    #[test]
    fn facts_are_searched_by_label_and_value_and_not_by_how_they_are_stored() {
        let facts = r#"[["Path","C:\\Temp\\Läufer.exe"],["Size","7"]]"#;
        let finds = |text: &str| {
            let in_json = serde_json::to_string(text).unwrap();
            in_facts(facts, text, in_json.trim_matches('"'))
        };
        assert!(finds("c:\\temp\\läufer") && finds("size") && finds("7"));
        assert!(!finds("],[") && !finds("\\\\") && !finds("other"));
    }
}
