//! An alert that is being built. Its methods set the fields in the way that all adapters share.

use serde_json::Value;

use crate::clock;
use crate::formats::building::activity_times::{ActivityTimes, note_times_of_arrival};
use crate::formats::building::address::parse_address;
use crate::formats::building::assessment::{note_given_within, set_severity_as, set_techniques};
use crate::formats::building::category_reading::CategoryReading;
use crate::formats::building::clean_text::TITLE_MAX;
use crate::formats::building::evidence::{EvidenceSet, add_role};
use crate::formats::building::facts::{FactField, add_fact, add_path_facts};
use crate::formats::building::names_in_text::all_names;
use crate::formats::building::path::{names_at, text_at, text_at_max, texts_at};
use crate::formats::building::record_id::{id_at, record_hash};
use crate::formats::building::severity_scales::{self, Steps};
use crate::formats::building::technique_tactics::tactic_of_first;
use crate::formats::building::{attack, evidence_kinds, severity_words, terms};
use crate::formats::not_taken::NotTaken;
use crate::model::entity::EvidenceKind;
use crate::model::incoming::{Incoming, IncomingAlert, IncomingEvidence};
use crate::model::severity::Severity;
use crate::text::humanise;

/// The category of an alert that gives none.
const GUESS: &str = "SuspiciousActivity";

/// The label of the fact that shows a tactic which is only suggested.
const POSSIBLE_TACTIC: &str = "Possible tactic";

/// The alert so far, with evidence that is not merged yet.
pub(crate) struct Draft {
    pub alert: IncomingAlert,
    evidence: EvidenceSet,
    /// The fields that were tried for the title, for the error message.
    title_fields: String,
    /// The category only stands in for one that the record does not give.
    category_is_a_guess: bool,
    /// A tactic that is only suggested.
    possible_tactic: &'static str,
    /// Techniques that are only suggested, which say nothing about the category.
    possible_techniques: Vec<String>,
}

impl Draft {
    /// `source` is the first half of the alert's identity and its service source; `product` is the name of
    /// the product that reports it.
    pub fn new(source: &str, product: &str) -> Self {
        let alert = IncomingAlert {
            source: source.to_owned(),
            service_source: source.to_owned(),
            detection_source: source.to_owned(),
            product: product.to_owned(),
            status: "new".to_owned(),
            classification: "unknown".to_owned(),
            determination: "unknown".to_owned(),
            ..IncomingAlert::default()
        };
        Self {
            alert,
            evidence: EvidenceSet::default(),
            title_fields: String::new(),
            category_is_a_guess: false,
            possible_tactic: "",
            possible_techniques: Vec::new(),
        }
    }

    /// Sets the title from the first of the paths that has a text.
    pub fn set_title(&mut self, value: &Value, paths: &[&str]) {
        self.alert.title = text_at_max(value, paths, TITLE_MAX);
        self.title_fields = paths.join(" and ");
    }

    /// Sets the id from the first of the paths that has one; a hash of the whole record when none has.
    pub fn set_id(&mut self, value: &Value, paths: &[&str]) {
        let given = id_at(value, paths);
        self.alert.id_of_content = given.is_empty();
        self.alert.provider_alert_id = if given.is_empty() { record_hash(value) } else { given };
    }

    /// Sets the severity that an adapter has worked out, with the text from which it did; none where the text is
    /// not understood, which counts as medium (R18).
    pub fn set_severity(&mut self, severity: Option<Severity>, given: &str) {
        set_severity_as(&mut self.alert, severity, given);
    }

    /// Sets the severity from a word of the source.
    pub fn set_severity_from_word(&mut self, word: &str) {
        self.set_severity(severity_words::severity_of(word), word);
    }

    /// Sets the severity from the first path whose word is understood.
    pub fn set_severity_from_words(&mut self, value: &Value, words: &[&str]) {
        self.set_severity_at(value, words, &[], severity_scales::ZERO_TO_TEN);
    }

    /// Sets the severity from the first path whose text is understood: a word at one of `words`; at one of
    /// `numbers` a number, or a word in its place. `steps` are the lowest numbers of high, medium and low
    /// ([`severity_scales`]); below them it is informational.
    pub fn set_severity_at(&mut self, value: &Value, words: &[&str], numbers: &[&str], steps: Steps) {
        let of_number = |number| severity_scales::severity_of(number, steps);
        let by_word = words.iter().map(|path| text_at(value, &[path]));
        let by_word = by_word.map(|text| (severity_words::severity_of(&text), text));
        let by_number = numbers.iter().map(|path| text_at(value, &[path]));
        let by_number = by_number.map(|text| (severity_scales::severity_of_text(&text, of_number), text));
        let given: Vec<(Option<Severity>, String)> = by_word.chain(by_number).collect();
        let understood = given.iter().find(|(severity, _)| severity.is_some());
        let shown = understood.or_else(|| given.iter().find(|(_, text)| !severity_words::is_none(text)));
        let (severity, text) = shown.map_or((None, ""), |(severity, text)| (*severity, text));
        self.set_severity(severity, text);
    }

    /// Raises the severity to one that is given inside of the record, by what its source has found.
    pub fn raise_severity(&mut self, nested: Option<Severity>) {
        if self.alert.severity.is_none() && nested.is_some() {
            note_given_within(&mut self.alert);
        }
        self.alert.severity = self.alert.severity.max(nested);
    }

    /// Sets the category to the first known tactic; several become a fact.
    pub fn set_tactics(&mut self, given: &[String]) {
        let mut known: Vec<&str> = Vec::new();
        for tactic in given.iter().filter_map(|text| attack::tactic(text)) {
            if !known.contains(&tactic) {
                known.push(tactic);
            }
        }
        if let Some(first) = known.first() {
            (*first).clone_into(&mut self.alert.category);
        }
        if known.len() > 1 {
            self.add_fact("Tactics", &known.join(", "));
        }
    }

    /// Sets the category of a finding about a weakness by the words of its source, unless a tactic has set it.
    pub fn set_weakness_category(&mut self, words: &[String]) {
        if let Some(category) = words.iter().find_map(|word| terms::weakness_category(word)) {
            self.set_category_if_empty(category);
        }
    }

    /// Sets the category unless a tactic has set it. "SuspiciousActivity" gives way to the tactic of a technique.
    pub fn set_category_if_empty(&mut self, category: &str) {
        if self.alert.category.is_empty() {
            category.clone_into(&mut self.alert.category);
            self.category_is_a_guess = category == GUESS;
        }
    }

    /// Sets the category that an adapter reads, unless a tactic has set it. Of hints the first is kept, and shown as
    /// a fact where nothing else gives a tactic.
    pub fn read_category(&mut self, reading: CategoryReading) {
        match reading {
            CategoryReading::Clear(category) => self.set_category_if_empty(category),
            CategoryReading::Hint(tactic) if self.possible_tactic.is_empty() => self.possible_tactic = tactic,
            CategoryReading::Hint(_) => {}
        }
    }

    /// Adds the techniques of a hint, which do not set the category.
    pub fn add_possible_techniques(&mut self, given: &[String]) {
        let known = self.alert.techniques.clone();
        self.note_techniques(given);
        let added = self.alert.techniques.iter().filter(|technique| !known.contains(technique));
        self.possible_techniques.extend(added.cloned());
    }

    /// Adds every technique that the texts name.
    pub fn add_techniques(&mut self, given: &[String]) {
        let named = self.note_techniques(given);
        self.possible_techniques.retain(|technique| !named.contains(technique));
    }

    fn note_techniques(&mut self, given: &[String]) -> Vec<String> {
        let named: Vec<String> = given.iter().flat_map(|text| attack::techniques_in(text)).collect();
        let found = [self.alert.techniques.as_slice(), named.as_slice()].concat();
        set_techniques(&mut self.alert, &found);
        named
    }

    /// Sets first and last activity and creation, in microseconds; a missing time is filled in from the
    /// others. Without any time it is the time of arrival, with a fact that says so.
    pub fn set_times(&mut self, first: Option<i64>, last: Option<i64>, created: Option<i64>) {
        let received = || ActivityTimes::new(Some(clock::now()), None, None);
        let times = ActivityTimes::new(first, last, created).or_else(received);
        let Some(times) = times else { return };
        if first.or(last).or(created).is_none() {
            note_times_of_arrival(&mut self.alert);
        }
        self.alert.first_activity = times.first;
        self.alert.last_activity = times.last;
        self.alert.created_at = times.created;
    }

    /// Adds a piece of evidence with its roles.
    pub fn add_evidence(&mut self, evidence: Option<IncomingEvidence>, roles: &[&str]) {
        let Some(mut evidence) = evidence else { return };
        for role in roles {
            add_role(&mut evidence, role);
        }
        self.evidence.add(evidence);
    }

    /// Adds an IP address, or each of a list in a text; a text that is no address adds nothing.
    pub fn add_ip(&mut self, text: &str, roles: &[&str]) {
        for text in all_names(EvidenceKind::Ip, text) {
            let found = parse_address(&text).and_then(|found| evidence_kinds::ip(&found.to_string()));
            self.add_evidence(found, roles);
        }
    }

    /// Adds every IP address at a path.
    pub fn add_ips_at(&mut self, value: &Value, path: &str, roles: &[&str]) {
        for text in names_at(value, path) {
            self.add_ip(&text, roles);
        }
    }

    /// Adds a fact, unless the value is empty.
    pub fn add_fact(&mut self, label: &str, value: &str) {
        add_fact(&mut self.alert.facts, label, value);
    }

    /// Adds the facts of a table.
    pub fn add_facts(&mut self, value: &Value, fields: &[FactField]) {
        add_path_facts(&mut self.alert.facts, value, fields);
    }

    /// Adds the texts of a list as one fact, separated by commas.
    pub fn add_list_fact(&mut self, value: &Value, label: &str, path: &str) {
        self.add_fact(label, &texts_at(value, path).join(", "));
    }

    /// The finished alert; an error when it has no title.
    pub fn into_alert(mut self) -> Result<IncomingAlert, NotTaken> {
        if self.alert.title.is_empty() && self.alert.partial {
            self.alert.title = IncomingAlert::title_of_id(&self.alert.provider_alert_id);
        }
        if self.alert.title.is_empty() {
            let why = format!("title is missing: none of {} is given", self.title_fields);
            return Err(NotTaken::Refused(why));
        }
        if self.category_is_a_guess && self.alert.category == GUESS {
            self.set_guessed_category();
        }
        self.alert.evidence = self.evidence.finish();
        Ok(self.alert)
    }

    /// The category is the tactic of a technique that the source gives; a hint is only a fact.
    fn set_guessed_category(&mut self) {
        let mut given = self.alert.techniques.clone();
        given.retain(|technique| !self.possible_techniques.contains(technique));
        match tactic_of_first(&given) {
            Some(tactic) => tactic.clone_into(&mut self.alert.category),
            None => self.add_fact(POSSIBLE_TACTIC, &humanise(self.possible_tactic)),
        }
    }

    /// The finished alert as a record; `value` is kept as its payload.
    pub fn into_incoming(self, value: &Value) -> Result<Incoming, NotTaken> {
        Ok(Incoming::Alert(Box::new(self.into_alert()?), value.to_string()))
    }
}
