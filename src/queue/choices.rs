//! The values that the queue's filters offer: those in use.
//!
//! A `DISTINCT` over the facets of 100,000 incidents reads a million rows to find a dozen values; these
//! statements jump from one value to the next on the index (facet, value, incident).

use std::collections::{HashMap, HashSet};

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use crate::db::AnyConnection;
use crate::error::Result;
use crate::model::naming;
use crate::queue::dimension::{Dimension, Kind};
use crate::queue::list::List;
use crate::schema::alerts;

/// Values of one dimension that are listed; any other can be written in the URL.
const MOST_VALUES: usize = 300;
/// Incidents whose alerts are read at once to learn how values are spelled.
const BATCH: usize = 100;

/// A value in use, in lower case as it is indexed, and one incident that has it.
#[derive(Debug, QueryableByName)]
struct Used {
    #[diesel(sql_type = Text)]
    value: String,
    #[diesel(sql_type = BigInt)]
    incident: i64,
}

/// A service source with the detection sources that report through it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Service {
    pub value: String,
    pub detections: Vec<String>,
}

/// What the filters offer, each value as its alerts spell it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Choices {
    values: HashMap<Dimension, Vec<String>>,
    pub services: Vec<Service>,
}

impl Choices {
    /// The values of a dimension that are offered because they are in use, and the known categories.
    pub fn of(&self, dimension: Dimension) -> &[String] {
        self.values.get(&dimension).map(Vec::as_slice).unwrap_or_default()
    }
}

/// Defender's categories that are no tactics.
const OTHER_CATEGORIES: [&str; 4] = ["Malware", "Ransomware", "SuspiciousActivity", "UnwantedSoftware"];
/// Dimensions whose values are columns of `alerts`, where their spelling is read.
const SPELLED_AS_IN_ALERTS: [Dimension; 3] = [Dimension::ServiceSource, Dimension::DetectionSource, Dimension::Product];

/// Looks up what is in use.
pub fn load(conn: &mut AnyConnection) -> Result<Choices> {
    let mut used: HashMap<Dimension, Vec<Used>> = HashMap::new();
    for dimension in listed() {
        used.insert(dimension, diesel::sql_query(skip_scan(dimension)).load(conn)?);
    }
    let of = |dimension: Dimension| used.get(&dimension).map(Vec::as_slice).unwrap_or_default();
    let samples = SPELLED_AS_IN_ALERTS.into_iter().flat_map(of).map(|used| used.incident);
    let spelled = spellings(conn, samples.collect())?;
    Ok(Choices {
        values: used.iter().map(|(dimension, used)| (*dimension, offered(*dimension, used, &spelled))).collect(),
        services: with_detections(of(Dimension::ServiceSource), of(Dimension::DetectionSource), &spelled),
    })
}

/// The dimensions whose values in use are looked up.
fn listed() -> impl Iterator<Item = Dimension> {
    let is_listed = |dimension: &Dimension| matches!(dimension.kind(List::Incidents), Kind::InUse | Kind::CodesInUse);
    Dimension::ALL.iter().copied().filter(is_listed)
}

/// The values of a dimension as people read and choose them.
fn offered(dimension: Dimension, used: &[Used], spelled: &Spelled) -> Vec<String> {
    let values = used.iter().map(|used| used.value.as_str());
    if dimension == Dimension::Category {
        let known: Vec<&str> = naming::stages().iter().chain(&OTHER_CATEGORIES).copied().collect();
        let others = values.filter(|value| !known.iter().any(|known| known.eq_ignore_ascii_case(value)));
        known.iter().copied().chain(others).map(str::to_owned).collect()
    } else if SPELLED_AS_IN_ALERTS.contains(&dimension) {
        values.map(|value| spelled.of(value)).collect()
    } else if dimension.kind(List::Incidents) == Kind::CodesInUse {
        values.map(str::to_uppercase).collect()
    } else {
        values.map(str::to_owned).collect()
    }
}

/// The statements that find the values, for looking at how the database reads them.
pub fn statements() -> Vec<String> {
    listed().map(skip_scan).collect()
}

/// The statement that jumps from value to value. A facet's name is one of ours, never typed.
fn skip_scan(facet: Dimension) -> String {
    let of = format!("FROM incident_facets f WHERE f.facet = '{}'", facet.as_str());
    format!(
        "WITH RECURSIVE used(value, place) AS ( \
           SELECT (SELECT min(f.value) {of}), 1 \
           UNION ALL \
           SELECT (SELECT min(f.value) {of} AND f.value > used.value), used.place + 1 \
           FROM used WHERE used.value IS NOT NULL AND used.place < {MOST_VALUES}) \
         SELECT used.value AS value, (SELECT f.incident_id {of} AND f.value = used.value LIMIT 1) AS incident \
         FROM used WHERE used.value IS NOT NULL"
    )
}

/// How alerts spell what is indexed in lower case, and which detection sources go with a service.
#[derive(Default)]
struct Spelled {
    words: HashMap<String, String>,
    service_of: HashMap<String, String>,
}

impl Spelled {
    fn of(&self, value: &str) -> String {
        self.words.get(value).cloned().unwrap_or_else(|| value.to_owned())
    }
}

fn spellings(conn: &mut AnyConnection, incidents: HashSet<i64>) -> Result<Spelled> {
    let ids: Vec<i64> = incidents.into_iter().collect();
    let mut spelled = Spelled::default();
    for ids in ids.chunks(BATCH) {
        let rows: Vec<(String, String, String)> = alerts::table
            .filter(alerts::incident_id.eq_any(ids))
            .select((alerts::service_source, alerts::detection_source, alerts::product))
            .distinct()
            .load(conn)?;
        for (service, detection, product) in rows {
            spelled.service_of.entry(detection.to_lowercase()).or_insert_with(|| service.to_lowercase());
            for word in [service, detection, product] {
                spelled.words.entry(word.to_lowercase()).or_insert(word);
            }
        }
    }
    Ok(spelled)
}

fn with_detections(services: &[Used], detections: &[Used], spelled: &Spelled) -> Vec<Service> {
    let mut listed: Vec<(&str, Service)> = services
        .iter()
        .map(|used| (used.value.as_str(), Service { value: spelled.of(&used.value), detections: Vec::new() }))
        .collect();
    for used in detections {
        let service = spelled.service_of.get(&used.value).map(String::as_str).unwrap_or_default();
        if let Some((_, found)) = listed.iter_mut().find(|(value, _)| *value == service) {
            found.detections.push(spelled.of(&used.value));
        } else {
            // A detection without a service is offered, too.
            listed.push(("", Service { value: String::new(), detections: vec![spelled.of(&used.value)] }));
        }
    }
    listed.into_iter().map(|(_, service)| service).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn detections_stand_under_the_service_that_reports_them() {
        let used = |value: &str| Used { value: value.to_owned(), incident: 1 };
        let spelled = Spelled {
            words: HashMap::from([("wazuh".to_owned(), "Wazuh".to_owned())]),
            service_of: HashMap::from([("rootcheck".to_owned(), "wazuh".to_owned())]),
        };
        let found = with_detections(&[used("wazuh")], &[used("rootcheck"), used("alone")], &spelled);
        assert_eq!(found[0], Service { value: "Wazuh".into(), detections: vec!["rootcheck".into()] });
        assert_eq!(found[1], Service { value: String::new(), detections: vec!["alone".into()] });
    }
}
