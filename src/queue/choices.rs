//! The values that the queue's filters offer: those in use.
//!
//! A `DISTINCT` over the facets of 100,000 incidents reads a million rows to find a dozen values;
//! this jumps from one value to the next on the index (facet, value, incident), one look each.

use std::collections::{HashMap, HashSet};

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use crate::db::AnyConnection;
use crate::error::Result;
use crate::model::naming;
use crate::schema::alerts;

/// Values of one filter that are listed; any other can be written in the URL.
const MOST: usize = 300;
/// Incidents whose alerts are read in one go for how values are spelled.
const BATCH: usize = 100;

/// What is indexed of incidents, value by value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Facet {
    Category,
    Service,
    Detection,
    Product,
    Technique,
}

impl Facet {
    fn as_str(self) -> &'static str {
        match self {
            Self::Category => "category",
            Self::Service => "serviceSource",
            Self::Detection => "detectionSource",
            Self::Product => "product",
            Self::Technique => "technique",
        }
    }
}

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
    /// Categories that are no tactics and no other category of Defender's.
    pub more_categories: Vec<String>,
    pub services: Vec<Service>,
    pub products: Vec<String>,
    /// ATT&CK's numbers: T1059.001.
    pub techniques: Vec<String>,
}

/// Defender's categories that are no tactics.
pub const OTHER_CATEGORIES: [&str; 4] = ["Malware", "Ransomware", "SuspiciousActivity", "UnwantedSoftware"];

/// Looks up what is in use.
pub fn load(conn: &mut AnyConnection) -> Result<Choices> {
    let mut used = |facet| in_use(conn, facet);
    let (categories, services) = (used(Facet::Category)?, used(Facet::Service)?);
    let (detections, products, techniques) = (used(Facet::Detection)?, used(Facet::Product)?, used(Facet::Technique)?);
    let samples = services.iter().chain(&detections).chain(&products).map(|used| used.incident);
    let spelled = spellings(conn, samples.collect())?;
    let known: Vec<&&str> = naming::stages().iter().chain(&OTHER_CATEGORIES).collect();
    Ok(Choices {
        more_categories: categories
            .into_iter()
            .map(|used| used.value)
            .filter(|value| !known.iter().any(|known| known.eq_ignore_ascii_case(value)))
            .collect(),
        services: with_detections(&services, &detections, &spelled),
        products: products.into_iter().map(|used| spelled.of(&used.value)).collect(),
        techniques: techniques.into_iter().map(|used| used.value.to_uppercase()).collect(),
    })
}

/// The statements that find the values, for looking at how the database reads them.
pub fn statements() -> Vec<String> {
    [Facet::Category, Facet::Service, Facet::Detection, Facet::Product, Facet::Technique]
        .into_iter()
        .map(skip_scan)
        .collect()
}

fn in_use(conn: &mut AnyConnection, facet: Facet) -> Result<Vec<Used>> {
    Ok(diesel::sql_query(skip_scan(facet)).load(conn)?)
}

/// The statement that jumps from value to value. A facet is one of five words of ours.
fn skip_scan(facet: Facet) -> String {
    let of = format!("FROM incident_facets f WHERE f.facet = '{}'", facet.as_str());
    format!(
        "WITH RECURSIVE used(value, place) AS ( \
           SELECT (SELECT min(f.value) {of}), 1 \
           UNION ALL \
           SELECT (SELECT min(f.value) {of} AND f.value > used.value), used.place + 1 \
           FROM used WHERE used.value IS NOT NULL AND used.place < {MOST}) \
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
            // A detection without a service still has to be found.
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
