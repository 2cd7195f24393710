//! Reads one record by a mapping.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use serde_json::Value;

use crate::clock;
use crate::formats::building::activity_times::ActivityTimes;
use crate::formats::building::assessment::{set_severity_as_sent, set_techniques};
use crate::formats::building::clean_text::{ID_MAX, LONG_MAX, TEXT_MAX, TITLE_MAX, clean, clean_line, is_missing};
use crate::formats::building::evidence::EVIDENCE_MAX;
use crate::formats::building::facts::{Facts, add_fact};
use crate::formats::building::names_in_text::parts_in;
use crate::formats::building::packed_names::packed;
use crate::formats::building::path::lines_of;
use crate::formats::building::record_id::record_hash;
use crate::formats::building::{attack, terms};
use crate::formats::mapping::compile::{EvidenceReader, Mapping};
use crate::formats::mapping::entity;
use crate::formats::mapping::field_reader::{FieldReader, ReadTime};
use crate::formats::mapping::pointer::ReadContext;
use crate::formats::mapping::source::Source;
use crate::formats::mapping::steps::{STEPS_MAX, Steps};
use crate::formats::not_taken::NotTaken;
use crate::model::entity::EvidenceKind;
use crate::model::incoming::{Incoming, IncomingAlert, IncomingEvidence};
use crate::text::thousands;

/// Steps that building one entity counts as.
const STEPS_OF_ENTITY: u64 = 10;

/// Characters of the hash that is the id of a record without one.
const HASH_LENGTH: usize = 32;

/// The fields that are times, with their names in messages.
const TIMES: [(&str, &str); 4] = [
    ("firstActivity", "first activity"),
    ("lastActivity", "last activity"),
    ("created", "creation by the source"),
    ("updated", "change by the source"),
];

impl Mapping {
    /// Reads one record; one that takes more than [`STEPS_MAX`] steps is refused.
    pub fn read(&self, record: &Value) -> Result<Incoming, NotTaken> {
        let steps = Steps::default();
        let read = self.read_within(record, ReadContext::within(record, &steps));
        if steps.are_used_up() { Err(NotTaken::Refused(too_many_steps())) } else { read }
    }

    fn read_within(&self, record: &Value, context: ReadContext<'_>) -> Result<Incoming, NotTaken> {
        if let Some(unmet) = self.when.iter().find(|condition| !condition.holds(context)) {
            let why = format!("The mapping {} reads only records with {}.", self.name, unmet.as_str());
            return Err(NotTaken::Skipped(why));
        }
        let alert = self.build_alert(record, context)?;
        Ok(Incoming::Alert(Box::new(alert), record.to_string()))
    }

    fn build_alert(&self, record: &Value, context: ReadContext<'_>) -> Result<IncomingAlert, String> {
        let text = |key: &str| clean_line(&self.text(key, context), TEXT_MAX);
        let title = self.text("title", context).split_whitespace().collect::<Vec<_>>().join(" ");
        let title = clean_line(&title, TITLE_MAX);
        if is_missing(&title) {
            let records =
                self.records.as_ref().map(|pointer| format!(", and there are no records at {}", pointer.as_str()));
            let records = records.unwrap_or_default();
            let at = self.pointers_of("title");
            let what = if title.is_empty() { "nothing".to_owned() } else { format!("only {title:?}") };
            return Err(format!("title is missing: there is {what} at {at}{records}"));
        }
        let source = Some(text("serviceSource")).filter(|text| !text.is_empty()).unwrap_or_else(|| self.name.clone());
        let detection = Some(text("detectionSource")).filter(|text| !text.is_empty());
        let id = self.fields.get("id").map(|reader| clean_line(&reader.id(context), ID_MAX));
        let mut alert = IncomingAlert {
            id_of_content: id.as_deref().is_none_or(str::is_empty),
            provider_alert_id: id.filter(|id| !id.is_empty()).unwrap_or_else(|| record_id(record)),
            title,
            description: self.long_text("description", context),
            recommended_actions: self.long_text("recommendedActions", context),
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
        self.read_times(&mut alert, context)?;
        self.read_severity(&mut alert, context);
        add_techniques(&mut alert, &self.list("techniques", context));
        add_facts(&mut alert.facts, &self.facts, context);
        alert.evidence = entity::merge_evidence(self.rules.iter().flat_map(|rule| rule.read(context)).collect());
        Ok(alert)
    }

    /// Sets the severity, by the value table where there is one; what was sent becomes a fact.
    fn read_severity(&self, alert: &mut IncomingAlert, context: ReadContext<'_>) {
        let word = clean_line(&self.text("severity", context), TEXT_MAX);
        let sent = self.fields.get("severity").and_then(|reader| reader.sent(context));
        let sent = sent.map_or_else(|| word.clone(), |sent| clean_line(&sent, TEXT_MAX));
        set_severity_as_sent(alert, &word, &sent);
    }

    /// Sets the times; the time of receipt when the mapping has no field for a time.
    fn read_times(&self, alert: &mut IncomingAlert, context: ReadContext<'_>) -> Result<(), String> {
        let arrived = clock::now();
        let mut times: [Option<ReadTime>; 4] = [None; 4];
        for ((key, words), time) in TIMES.iter().zip(&mut times) {
            let Some(reader) = self.fields.get(key) else { continue };
            *time = reader.time(context).map_err(|unreadable| {
                let unreadable = clean_line(&unreadable, TEXT_MAX);
                format!(
                    "{words}: {unreadable:?} at {} is not a time in the mapping's format; enter its format",
                    reader.pointers()
                )
            })?;
        }
        if times.iter().flatten().any(|time| time.without_year) {
            add_fact(&mut alert.facts, "Time in the source", "without a year; the year of receipt is used");
        }
        let [first, last, created, updated] = times.map(|time| time.map(|time| time.micros));
        alert.provider_updated_at = updated;
        if let Some(times) = ActivityTimes::new(first, last, created) {
            set_times(alert, &times);
            alert.times_of_arrival = times.last >= arrived && self.falls_back_to_arrival();
            return Ok(());
        }
        let pointers: Vec<String> =
            TIMES.iter().take(3).filter_map(|(key, _)| Some(self.fields.get(key)?.pointers())).collect();
        if pointers.is_empty() {
            let received = updated.unwrap_or_else(clock::now);
            set_times(alert, &ActivityTimes { first: received, last: received, created: received });
            alert.times_of_arrival = true;
            return Ok(());
        }
        Err(format!("no time: nothing at {}; add now as a fallback to use the time of receipt", pointers.join(", ")))
    }

    /// Whether the word now stands for a time of activity that a record does not give.
    fn falls_back_to_arrival(&self) -> bool {
        TIMES.iter().take(3).any(|(key, _)| self.fields.get(key).is_some_and(FieldReader::has_fixed_text))
    }

    fn text(&self, key: &str, context: ReadContext<'_>) -> String {
        self.fields.get(key).map(|reader| reader.text(context)).unwrap_or_default()
    }

    fn long_text(&self, key: &str, context: ReadContext<'_>) -> String {
        let texts = self.fields.get(key).map(|reader| reader.texts(context)).unwrap_or_default();
        clean(&texts.join("\n"), LONG_MAX)
    }

    fn list(&self, key: &str, context: ReadContext<'_>) -> Vec<String> {
        items(self.fields.get(key), context)
    }

    fn pointers_of(&self, key: &str) -> String {
        self.fields.get(key).map(FieldReader::pointers).unwrap_or_default()
    }
}

fn too_many_steps() -> String {
    format!(
        "Reading this record takes more than {} steps, one for each value that a path finds. Use fewer evidence \
         rules, or fewer * in their paths.",
        thousands(STEPS_MAX)
    )
}

fn set_times(alert: &mut IncomingAlert, times: &ActivityTimes) {
    alert.first_activity = times.first;
    alert.last_activity = times.last;
    alert.created_at = times.created;
}

/// An ATT&CK tactic in any usual spelling, or another category, in Pascal case; empty for words that mean
/// "not known".
fn category(text: &str) -> String {
    let known = attack::tactic(text).or_else(|| terms::weakness_category(text));
    known.map_or_else(|| terms::category_name(text), str::to_owned)
}

/// Sets the techniques whose ids are in the texts; a text without one becomes a fact.
fn add_techniques(alert: &mut IncomingAlert, given: &[String]) {
    let ids = given.iter().flat_map(|text| match attack::techniques_in(text) {
        ids if ids.is_empty() => vec![text.clone()],
        ids => ids,
    });
    set_techniques(alert, &ids.collect::<Vec<_>>());
}

/// The items of a list, which may also be one text with commas or semicolons.
fn items(reader: Option<&FieldReader>, context: ReadContext<'_>) -> Vec<String> {
    let texts = reader.map(|reader| reader.texts(context)).unwrap_or_default();
    let items = texts.iter().flat_map(|text| text.split([',', ';'])).map(|text| clean_line(text, TEXT_MAX));
    items.filter(|item| !item.is_empty()).collect()
}

fn add_facts(facts: &mut Facts, given: &[(String, Source)], context: ReadContext<'_>) {
    for (label, source) in given {
        add_fact(facts, label, &source.texts(context).join(", "));
    }
}

/// The id of a record that has none.
fn record_id(record: &Value) -> String {
    record_hash(record).chars().take(HASH_LENGTH).collect()
}

impl EvidenceReader {
    /// The entities that the rule finds, at most as many as an alert keeps.
    pub fn read(&self, context: ReadContext<'_>) -> Vec<IncomingEvidence> {
        let Some(each) = &self.each else {
            return self.read_item(context);
        };
        each.items(context).iter().flat_map(|item| self.read_item(context.of_item(item))).take(EVIDENCE_MAX).collect()
    }

    fn read_item(&self, context: ReadContext<'_>) -> Vec<IncomingEvidence> {
        if !context.take(1) || !self.when.iter().all(|condition| condition.holds(context)) {
            return Vec::new();
        }
        let main = self.kind.fields.first().map_or("", |spec| spec.key);
        let names = |key: &str, texts: Vec<String>| if key == main { self.names(texts) } else { texts };
        let found: BTreeMap<&str, Vec<String>> =
            self.fields.iter().map(|(key, reader)| (*key, names(key, reader.names(self.kind.kind, context)))).collect();
        let several = found.get(main).map_or(1, Vec::len).max(1);
        (0..several).filter_map(|index| self.build_entity(&found, main, index, context)).collect()
    }

    /// Each name of lists, and of texts with one on each line.
    fn names(&self, texts: Vec<String>) -> Vec<String> {
        if matches!(self.kind.kind, EvidenceKind::Process | EvidenceKind::MailMessage | EvidenceKind::Other) {
            return texts;
        }
        let lines = texts.iter().flat_map(|text| lines_of(text)).map(|line| clean_line(line, LONG_MAX));
        lines.flat_map(|line| parts_in(self.kind.kind, &line).unwrap_or_else(|| vec![line])).collect()
    }

    fn build_entity(
        &self,
        found: &BTreeMap<&str, Vec<String>>,
        main: &str,
        index: usize,
        context: ReadContext<'_>,
    ) -> Option<IncomingEvidence> {
        if !context.take(STEPS_OF_ENTITY) {
            return None;
        }
        let clean = |key: &str, text: &String| match key {
            _ if text.starts_with(['[', '{']) => clean_line(text, LONG_MAX),
            "commandLine" | "url" | "path" | "imagePath" => clean_line(text, LONG_MAX),
            _ => clean_line(text, TEXT_MAX),
        };
        let get = |key: &str| {
            let texts = found.get(key).map(Vec::as_slice).unwrap_or_default();
            // Lists of equal length go together, entry by entry.
            let zipped = key == main || found.get(main).is_some_and(|names| names.len() == texts.len());
            let hashes = matches!(key, "hash" | "sha256" | "sha1" | "md5") && texts.len() > 1 && !zipped;
            if hashes {
                context.take(count(texts));
                return packed(texts);
            }
            texts.get(if zipped { index } else { 0 }).map(|text| clean(key, text)).unwrap_or_default()
        };
        let all = |key: &str| {
            let texts = found.get(key).map(Vec::as_slice).unwrap_or_default();
            context.take(count(texts));
            texts.iter().map(|text| clean(key, text)).collect()
        };
        let mut evidence = entity::build(self.kind.kind, &get, &all)?;
        entity::set_roles_and_verdict(&mut evidence, &items(self.fields.get("roles"), context), &get("verdict"));
        add_facts(&mut evidence.facts, &self.facts, context);
        Some(evidence)
    }
}

fn count(texts: &[String]) -> u64 {
    u64::try_from(texts.len()).unwrap_or(u64::MAX)
}
