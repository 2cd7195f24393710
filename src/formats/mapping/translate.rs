//! A record in, an alert out, as the mapping says.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use serde_json::Value;

use crate::clock;
use crate::formats::building::activity_times::ActivityTimes;
use crate::formats::building::assessment::set_techniques;
use crate::formats::building::clean_text::{ID_MAX, LONG_MAX, TEXT_MAX, TITLE_MAX, clean, clean_line};
use crate::formats::building::evidence::EVIDENCE_MAX;
use crate::formats::building::facts::{Facts, add_fact};
use crate::formats::building::{attack, terms};
use crate::formats::mapping::compile::{Evidence, Mapping};
use crate::formats::mapping::entity;
use crate::formats::mapping::field_reader::Reader;
use crate::formats::mapping::pointer::Place;
use crate::formats::mapping::severity::set_severity;
use crate::formats::mapping::source::Source;
use crate::formats::not_taken::NotTaken;
use crate::hash::sha256_hex;
use crate::model::incoming::{Incoming, IncomingAlert, IncomingEvidence};

/// The fields that are times, with the words for them.
const TIMES: [(&str, &str); 4] = [
    ("firstActivity", "first activity"),
    ("lastActivity", "last activity"),
    ("created", "creation by the source"),
    ("updated", "change by the source"),
];

impl Mapping {
    /// Reads one record.
    pub fn read(&self, record: &Value) -> Result<Incoming, NotTaken> {
        let place = Place::new(record);
        if let Some(unmet) = self.when.iter().find(|condition| !condition.holds(place)) {
            let why = format!("The mapping {} takes only records with {}.", self.name, unmet.as_str());
            return Err(NotTaken::Skipped(why));
        }
        let alert = self.alert(record, place)?;
        Ok(Incoming::Alert(Box::new(alert), record.to_string()))
    }

    fn alert(&self, record: &Value, place: Place<'_>) -> Result<IncomingAlert, String> {
        let text = |key: &str| clean_line(&self.text(key, place), TEXT_MAX);
        let title = clean_line(&self.text("title", place), TITLE_MAX);
        if title.is_empty() {
            let records =
                self.records.as_ref().map(|pointer| format!(", and there are no records at {}", pointer.as_str()));
            let records = records.unwrap_or_default();
            return Err(format!("title is missing: there is nothing at {}{records}", self.looked_at("title")));
        }
        let source = Some(text("serviceSource")).filter(|text| !text.is_empty()).unwrap_or_else(|| self.name.clone());
        let detection = Some(text("detectionSource")).filter(|text| !text.is_empty());
        let id = Some(clean_line(&self.text("id", place), ID_MAX)).filter(|text| !text.is_empty());
        let mut alert = IncomingAlert {
            provider_alert_id: id.unwrap_or_else(|| hash(record)),
            title,
            description: self.long("description", place),
            recommended_actions: self.long("recommendedActions", place),
            status: terms::alert_status(&text("status")).to_owned(),
            classification: "unknown".to_owned(),
            determination: "unknown".to_owned(),
            assigned_to: text("assignedTo"),
            category: category(&text("category")),
            detection_source: detection.unwrap_or_else(|| source.clone()),
            service_source: source.clone(),
            product: text("product"),
            source,
            ..IncomingAlert::default()
        };
        self.times(&mut alert, place)?;
        set_severity(&mut alert, &text("severity"));
        add_techniques(&mut alert, &self.list("techniques", place));
        add_facts(&mut alert.facts, &self.facts, place);
        alert.evidence = entity::merged(self.rules.iter().flat_map(|rule| rule.read(place)).collect());
        Ok(alert)
    }

    /// Without any time that the mapping speaks of, the time of receipt.
    fn times(&self, alert: &mut IncomingAlert, place: Place<'_>) -> Result<(), String> {
        let mut times = [None; 4];
        for ((key, words), time) in TIMES.iter().zip(&mut times) {
            let Some(reader) = self.fields.get(key) else { continue };
            *time = reader.time(place).map_err(|odd| {
                let odd = clean_line(&odd, TEXT_MAX);
                format!("{words}: {odd:?} at {} is no time that this mapping reads; give its format", reader.pointers())
            })?;
        }
        let [first, last, created, updated] = times;
        alert.provider_updated_at = updated;
        if let Some(times) = ActivityTimes::new(first, last, created) {
            set_times(alert, &times);
            return Ok(());
        }
        let spoken: Vec<String> =
            TIMES.iter().take(3).filter_map(|(key, _)| Some(self.fields.get(key)?.pointers())).collect();
        if spoken.is_empty() {
            let received = updated.unwrap_or_else(clock::now);
            set_times(alert, &ActivityTimes { first: received, last: received, created: received });
            return Ok(());
        }
        Err(format!(
            "no time: there is nothing at {}; the word now as a fallback takes the time of receipt",
            spoken.join(", ")
        ))
    }

    fn text(&self, key: &str, place: Place<'_>) -> String {
        self.fields.get(key).map(|reader| reader.text(place)).unwrap_or_default()
    }

    fn long(&self, key: &str, place: Place<'_>) -> String {
        let texts = self.fields.get(key).map(|reader| reader.texts(place)).unwrap_or_default();
        clean(&texts.join("\n"), LONG_MAX)
    }

    fn list(&self, key: &str, place: Place<'_>) -> Vec<String> {
        items(self.fields.get(key), place)
    }

    fn looked_at(&self, key: &str) -> String {
        self.fields.get(key).map(Reader::pointers).unwrap_or_default()
    }
}

fn set_times(alert: &mut IncomingAlert, times: &ActivityTimes) {
    alert.first_activity = times.first;
    alert.last_activity = times.last;
    alert.created_at = times.created;
}

/// ATT&CK tactic in Pascal case, from any usual spelling; empty for what says nothing.
fn category(text: &str) -> String {
    attack::tactic(text).map_or_else(|| terms::category_name(text), str::to_owned)
}

/// Sets the techniques, wherever their ids stand in the texts; a text without one becomes a fact.
fn add_techniques(alert: &mut IncomingAlert, given: &[String]) {
    let ids = given.iter().flat_map(|text| match attack::techniques_in(text) {
        ids if ids.is_empty() => vec![text.clone()],
        ids => ids,
    });
    set_techniques(alert, &ids.collect::<Vec<_>>());
}

/// Lists also come in one text, set apart by commas or semicolons.
fn items(reader: Option<&Reader>, place: Place<'_>) -> Vec<String> {
    let texts = reader.map(|reader| reader.texts(place)).unwrap_or_default();
    let items = texts.iter().flat_map(|text| text.split([',', ';'])).map(|text| clean_line(text, TEXT_MAX));
    items.filter(|item| !item.is_empty()).collect()
}

fn add_facts(facts: &mut Facts, given: &[(String, Source)], place: Place<'_>) {
    for (label, source) in given {
        add_fact(facts, label, &source.texts(place).join(", "));
    }
}

/// The members of an object are in order of their names here, so that the same record has the same
/// hash however it is written.
fn hash(record: &Value) -> String {
    sha256_hex(record.to_string().as_bytes()).chars().take(32).collect()
}

impl Evidence {
    /// Every entity that the rule finds, up to what an alert keeps.
    pub fn read(&self, place: Place<'_>) -> Vec<IncomingEvidence> {
        let Some(each) = &self.each else {
            return self.read_item(place);
        };
        each.items(place)
            .iter()
            .flat_map(|item| self.read_item(Place { record: place.record, item }))
            .take(EVIDENCE_MAX)
            .collect()
    }

    fn read_item(&self, place: Place<'_>) -> Vec<IncomingEvidence> {
        if !self.when.iter().all(|condition| condition.holds(place)) {
            return Vec::new();
        }
        let found: BTreeMap<&str, Vec<String>> =
            self.fields.iter().map(|(key, reader)| (*key, reader.texts(place))).collect();
        let main = self.kind.fields.first().map_or("", |spec| spec.key);
        let several = found.get(main).map_or(1, Vec::len).max(1);
        (0..several).filter_map(|index| self.entity(&found, main, index, place)).collect()
    }

    fn entity(
        &self,
        found: &BTreeMap<&str, Vec<String>>,
        main: &str,
        index: usize,
        place: Place<'_>,
    ) -> Option<IncomingEvidence> {
        let clean = |key: &str, text: &String| match key {
            "commandLine" | "url" | "path" | "imagePath" => clean_line(text, LONG_MAX),
            _ => clean_line(text, TEXT_MAX),
        };
        let get = |key: &str| {
            let texts = found.get(key).map(Vec::as_slice).unwrap_or_default();
            texts.get(if key == main { index } else { 0 }).map(|text| clean(key, text)).unwrap_or_default()
        };
        let all = |key: &str| found.get(key).into_iter().flatten().map(|text| clean(key, text)).collect();
        let mut made = entity::entity(self.kind.kind, &get, &all)?;
        entity::set_roles_and_verdict(&mut made, &items(self.fields.get("roles"), place), &get("verdict"));
        add_facts(&mut made.facts, &self.facts, place);
        Some(made)
    }
}
