//! The condition of each dimension on a row `i` of alerts.
//!
//! What alerts are found by: their severity, outcome and owner in indexes of their own; a category, source, product or
//! technique through the incidents that have it as a facet, where these are few; entities through their evidence; and
//! titles, of which there are few compared with the alerts.

use crate::db::AnyConnection;
use crate::db::text_index::Searched;
use crate::error::Result;
use crate::model::facet::facet_key;
use crate::model::outcome::{Classification, Determination};
use crate::model::severity::Severity;
use crate::queue::conditions::finder::{Conditions, Finder, any, either, walked};
use crate::queue::conditions::name_search::{self, Way, kinds_searched, of_kinds};
use crate::queue::conditions::row::{by_creation, by_owner, by_time};
use crate::queue::dimension::Dimension;
use crate::queue::filter::Filter;
use crate::queue::sort::{SEVERITY_OF_ALERT, Value};
use crate::queue::sql::Sql;
use crate::text::folded;

/// Incidents with a facet whose alerts are looked at; more are read in the order of the list.
const MOST_INCIDENTS: usize = 500;
/// Pieces of evidence whose alerts are looked up; with more, evidence is looked up for each alert of the list.
const MOST_EVIDENCE: usize = 10_000;

pub(super) fn add(
    conn: &mut AnyConnection,
    dimension: Dimension,
    filter: &Filter,
    viewer: i64,
    all: &mut Conditions,
) -> Result<()> {
    let values = dimension.values(filter);
    if values.is_empty() {
        return Ok(());
    }
    match dimension {
        Dimension::Severity => all.finders.push(by_severity(&filter.severity)),
        Dimension::Classification => all.finders.push(by_classification(values)),
        Dimension::Determination => all.finders.push(by_determination(&filter.determination)),
        Dimension::AssignedTo => all.finders.extend(by_owner(conn, filter.list, &values, viewer)?),
        Dimension::Category => all.finders.push(by_text(conn, dimension, "category", &values)?),
        Dimension::ServiceSource => all.finders.push(by_text(conn, dimension, "service_source", &values)?),
        Dimension::DetectionSource => all.finders.push(by_text(conn, dimension, "detection_source", &values)?),
        Dimension::Product => all.finders.push(by_text(conn, dimension, "product", &values)?),
        Dimension::Technique => all.finders.push(by_technique(conn, &values)?),
        Dimension::Device => all.finders.extend(by_entities(conn, &["device"], &values)?),
        Dimension::User => all.finders.extend(by_entities(conn, &["user", "mailbox"], &values)?),
        Dimension::Entity => all.finders.extend(by_entities(conn, &[], &values)?),
        Dimension::Title => all.finders.push(by_title(&filter.title)),
        Dimension::Source => all.finders.push(by_source(&filter.source)),
        Dimension::Asset => all.finders.extend(filter.asset.map(|asset| with_entities(conn, &[asset])).transpose()?),
        Dimension::CreatedFrom => all.finders.extend(by_creation(filter)),
        Dimension::CreatedTo if filter.created_from.is_none() => all.finders.extend(by_creation(filter)),
        Dimension::Search => all.finders.push(by_search(conn, &filter.q)?),
        Dimension::Updated => by_time(filter, all),
        // The start, part of the condition of the range, or of incidents only.
        Dimension::Status
        | Dimension::CreatedTo
        | Dimension::Handled
        | Dimension::UpdatedFrom
        | Dimension::UpdatedTo
        | Dimension::AlertSeverity
        | Dimension::FollowUp
        | Dimension::Tag
        | Dimension::TagMatch
        | Dimension::MultipleSources
        | Dimension::MultipleCategories
        | Dimension::AllAlertsResolved => {}
    }
    Ok(())
}

fn by_severity(wanted: &[Severity]) -> Finder {
    let rank = SEVERITY_OF_ALERT.replace("i.", "");
    let find = |severity: &Severity| {
        Sql::new(format!("SELECT id FROM alerts WHERE {rank} = {}{{named start}}", severity.rank()))
    };
    let values = wanted.iter().map(|severity| severity.as_str().to_owned());
    let condition = walked(Sql::is_any("i.severity", values));
    Finder { finds: wanted.iter().map(find).collect(), condition, by_text: false }
}

/// By classification; an index lists the alerts that have one.
fn by_classification(values: Vec<String>) -> Finder {
    let unset = Classification::Unknown.as_str();
    let condition = walked(Sql::is_any("i.classification", values.clone()));
    if values.iter().any(|value| value == unset) {
        return Finder::check(condition);
    }
    let find = |value: String| {
        let text =
            format!("SELECT id FROM alerts WHERE classification <> '{unset}' AND classification = {{}}{{start}}");
        Sql::of(text, [Value::Text(value)])
    };
    Finder { finds: values.into_iter().map(find).collect(), condition, by_text: false }
}

/// By determination, with the classifications that it goes with, which the same index begins with.
fn by_determination(wanted: &[Determination]) -> Finder {
    let values = wanted.iter().map(|determination| determination.as_str().to_owned());
    let condition = walked(Sql::is_any("i.determination", values));
    if wanted.contains(&Determination::Unknown) {
        return Finder::check(condition);
    }
    let unset = Classification::Unknown;
    let find = |determination: &Determination| {
        let goes_with = |one: &&Classification| **one != unset && one.determinations().contains(determination);
        let with = Classification::ALL.iter().filter(goes_with).map(|one| one.as_str().to_owned());
        Sql::new(format!("SELECT id FROM alerts WHERE classification <> '{}' AND ", unset.as_str()))
            .and_then(Sql::is_any("classification", with))
            .and_then(Sql::of(" AND determination = {}{start}", [Value::Text(determination.as_str().to_owned())]))
    };
    Finder { finds: wanted.iter().map(find).collect(), condition, by_text: false }
}

/// By a column that holds a text, which is a facet of the incident too, in any case. The databases fold different
/// letters, so that texts with others than those of ASCII are compared as the alerts of these incidents spell them.
fn by_text(conn: &mut AnyConnection, facet: Dimension, column: &str, values: &[String]) -> Result<Finder> {
    let incidents = with_facet(conn, facet, values)?;
    let keys: Vec<String> = values.iter().map(|value| facet_key(value)).collect();
    let mut spelled: Vec<String> = Vec::new();
    if !keys.iter().all(|key| key.is_ascii()) && !incidents.is_empty() {
        let among =
            format!("SELECT DISTINCT {column} AS word FROM alerts WHERE incident_id IN ({})", listed(&incidents));
        spelled = Sql::new(among).words(conn)?;
        spelled.retain(|word| keys.contains(&facet_key(word)));
    }
    let condition = |of: &str| {
        let folded = Sql::is_any(&format!("lower({of}{column})"), keys.iter().cloned());
        let as_spelled = Sql::is_any(&format!("{of}{column}"), spelled.iter().cloned());
        any(std::iter::once(folded).chain((!spelled.is_empty()).then_some(as_spelled)).collect())
    };
    Ok(of_incidents(&incidents, condition))
}

/// By technique; what used T1059.001 used T1059.
fn by_technique(conn: &mut AnyConnection, values: &[String]) -> Result<Finder> {
    let condition = |of: &str| {
        let has = |value: &String| {
            // The column holds a JSON list of texts.
            let code: String =
                value.to_uppercase().chars().filter(|c| c.is_ascii_alphanumeric() || *c == '.').collect();
            let patterns = [format!("%\"{code}\"%"), format!("%\"{code}.%")].map(Value::Text);
            Sql::of(format!("(upper({of}techniques) LIKE {{}} OR upper({of}techniques) LIKE {{}})"), patterns)
        };
        any(values.iter().map(has).collect())
    };
    Ok(of_incidents(&with_facet(conn, Dimension::Technique, values)?, condition))
}

/// The incidents that have one of these facets, at most one more than [`MOST_INCIDENTS`].
fn with_facet(conn: &mut AnyConnection, facet: Dimension, values: &[String]) -> Result<Vec<i64>> {
    let keys = values.iter().map(|value| facet_key(value));
    let incidents = Sql::of(
        "SELECT incident_id AS id FROM incident_facets WHERE facet = {} AND ",
        [Value::Text(facet.as_str().to_owned())],
    );
    incidents.and_then(Sql::is_any("value", keys)).text(&format!(" LIMIT {}", MOST_INCIDENTS + 1)).ids(conn)
}

/// A condition on alerts that only alerts of these incidents can meet.
fn of_incidents(incidents: &[i64], condition: impl Fn(&str) -> Sql) -> Finder {
    let check = walked(condition("i."));
    if incidents.len() > MOST_INCIDENTS {
        return Finder::check(check);
    }
    if incidents.is_empty() {
        return Finder::nothing();
    }
    let find = Sql::new(format!("SELECT id FROM alerts WHERE incident_id IN ({}) AND ", listed(incidents)));
    Finder { finds: vec![find.and_then(condition("")).text("{start}")], condition: check, by_text: false }
}

fn listed(ids: &[i64]) -> String {
    ids.iter().map(i64::to_string).collect::<Vec<_>>().join(", ")
}

/// Has an entity of some kinds with one of these texts in a name, or as an identifier.
fn by_entities(conn: &mut AnyConnection, kinds: &[&str], texts: &[String]) -> Result<Option<Finder>> {
    let ways = texts.iter().map(|typed| by_entity(conn, kinds, typed)).collect::<Result<Vec<_>>>()?;
    Ok(either(ways))
}

fn by_entity(conn: &mut AnyConnection, kinds: &[&str], typed: &str) -> Result<Finder> {
    let Some(entities) = name_search::entities(conn, kinds, typed)? else {
        return Ok(name_search::compared_in_each_row("evidence", "alert_id", of_kinds("n.kind", kinds), typed));
    };
    if entities.is_empty() {
        return Ok(Finder::nothing());
    }
    with_entities(conn, &entities)
}

/// Has one of some entities.
fn with_entities(conn: &mut AnyConnection, entities: &[i64]) -> Result<Finder> {
    let entities = listed(entities);
    let evidence = format!("SELECT id FROM evidence WHERE entity_id IN ({entities}) LIMIT {}", MOST_EVIDENCE + 1);
    let is_common = Sql::new(evidence).ids(conn)?.len() > MOST_EVIDENCE;
    let find = format!(
        "SELECT DISTINCT e.alert_id AS id FROM evidence e JOIN alerts a ON a.id = e.alert_id \
         WHERE e.entity_id IN ({entities}){{start}}"
    );
    // The `+` keeps SQLite from reading all evidence of the entities for each alert.
    let condition = Sql::new(format!("evidence x WHERE x.alert_id = i.id AND +x.entity_id IN ({entities})"));
    let finds = if is_common { Vec::new() } else { vec![Sql::new(find)] };
    Ok(Finder { finds, condition: Sql::has(condition), by_text: true })
}

/// Has exactly this title.
fn by_title(title: &str) -> Finder {
    let key = || [Value::Text(folded(title))];
    let finds = vec![Sql::of("SELECT id FROM alerts WHERE title_key = {}{start}", key())];
    Finder { finds, condition: walked(Sql::of("i.title_key = {}", key())), by_text: false }
}

/// Was sent by exactly this source.
fn by_source(source: &str) -> Finder {
    let source = || [Value::Text(source.to_owned())];
    let finds = vec![Sql::of("SELECT id FROM alerts WHERE source = {}{start}", source())];
    Finder { finds, condition: walked(Sql::of("i.source = {}", source())), by_text: false }
}

/// Title, ID, or anything in it by any of its names and identifiers.
fn by_search(conn: &mut AnyConnection, typed: &str) -> Result<Finder> {
    let finds = match name_search::words(conn, Searched::AlertTitles, typed)? {
        None => Vec::new(),
        Some(titles) if titles.is_empty() => vec![Sql::new("SELECT id FROM alerts WHERE 1 = 0{start}")],
        Some(titles) => {
            vec![Sql::new("SELECT id FROM alerts WHERE ").and_then(Sql::is_any("title_key", titles)).text("{start}")]
        }
    };
    let condition = Way::of(typed).condition("i.title_key", typed);
    let titled = Finder { finds, condition, by_text: true };
    let mut ways = vec![titled, by_entity(conn, kinds_searched(typed), typed)?];
    if let Some(id) = name_search::id(typed) {
        let id = [Value::Number(id)];
        let finds = vec![Sql::of("SELECT id FROM alerts WHERE id = {}{start}", id.clone())];
        ways.push(Finder { finds, condition: Sql::of("i.id = {}", id), by_text: false });
    }
    Ok(either(ways).unwrap_or_else(Finder::nothing))
}
