//! The builders of this folder as a mapping uses them: by field names instead of a provider's
//! structure. What a mapping makes is therefore keyed, cleaned and bounded as an adapter's work is.

use std::borrow::Cow;

use serde_json::Value;

use crate::formats::adapters::graph::alert;
use crate::formats::building::evidence::{Collection, add_fact as push_fact, add_role};
use crate::formats::building::evidence_kinds::File;
use crate::formats::building::json::{ID_MAX, TEXT_MAX, TITLE_MAX};
use crate::formats::building::principals::{Account, Device};
use crate::formats::building::{attack, evidence_kinds, json, terms, time};
use crate::model::entity::EvidenceKind;
use crate::model::incoming::{IncomingAlert, IncomingEvidence};
use crate::model::severity::Severity;

/// Most evidence that one alert keeps.
pub(crate) const EVIDENCE_MAX: usize = crate::formats::building::evidence::EVIDENCE_MAX;

/// Label and value, as alerts and evidence carry them.
pub(crate) type Facts = Vec<(String, String)>;

/// A text, number or boolean as text; nothing of lists and objects.
pub(crate) fn scalar(value: &Value) -> Option<Cow<'_, str>> {
    json::scalar(value)
}

/// A list or object that may come as a string of JSON.
pub(crate) fn unpacked(value: &Value) -> Cow<'_, Value> {
    json::unpacked(value)
}

/// One line, cleaned and bounded.
pub(crate) fn line(text: &str) -> String {
    json::clean_line(text, TEXT_MAX)
}

/// One line that may be long, such as a command line.
pub(crate) fn long_line(text: &str) -> String {
    json::clean_line(text, json::LONG_MAX)
}

/// A title, cleaned and bounded.
pub(crate) fn title(text: &str) -> String {
    json::clean_line(text, TITLE_MAX)
}

/// An identifier, cleaned and bounded.
pub(crate) fn identifier(text: &str) -> String {
    json::clean_line(text, ID_MAX)
}

/// A text of several lines, cleaned and bounded.
pub(crate) fn long(text: &str) -> String {
    json::clean(text, json::LONG_MAX)
}

/// Adds a fact, unless it says nothing or is there already.
pub(crate) fn add_fact(facts: &mut Facts, label: &str, value: &str) {
    push_fact(facts, label, value);
}

/// A time in RFC 3339 or a near relative, in microseconds.
pub(crate) fn time(text: &str) -> Option<i64> {
    time::parse(text)
}

/// ATT&CK tactic in Pascal case, from any usual spelling; empty for what says nothing.
pub(crate) fn category(text: &str) -> String {
    attack::tactic(text).map_or_else(|| terms::category(text), str::to_owned)
}

/// "new", "inProgress" or "resolved".
pub(crate) fn status(text: &str) -> &'static str {
    terms::alert_status(text)
}

/// The severity of a word in the spellings that many tools share; `None` for any other word.
pub(crate) fn severity(word: &str) -> Option<Severity> {
    match attack::severity(word) {
        (Severity::Informational, Some(_)) if terms::folded(word) != "debug" => None,
        (severity, _) => Some(severity),
    }
}

/// Sets the severity; one that is not known becomes a fact.
pub(crate) fn grade(alert: &mut IncomingAlert, severity: &str) {
    alert::apply_grade(alert, severity, "", "");
}

/// Sets the techniques, wherever their ids stand in the texts; a text without one becomes a fact.
pub(crate) fn techniques(alert: &mut IncomingAlert, given: &[String]) {
    let ids = given.iter().flat_map(|text| match attack::techniques_in(text) {
        ids if ids.is_empty() => vec![text.clone()],
        ids => ids,
    });
    alert::apply_techniques(alert, &ids.collect::<Vec<_>>());
}

/// Sets first activity, last activity and creation, each filled in from the others; `false` when
/// no time is given at all.
pub(crate) fn times(alert: &mut IncomingAlert, first: Option<i64>, last: Option<i64>, created: Option<i64>) -> bool {
    let Some(times) = alert::Times::new(first, last, created) else { return false };
    alert.first_activity = times.first;
    alert.last_activity = times.last;
    alert.created_at = times.created;
    true
}

/// Roles in Graph's spelling, and the verdict where it is one.
pub(crate) fn judge(made: &mut IncomingEvidence, roles: &[String], verdict: &str) {
    for role in roles {
        add_role(made, role);
    }
    let verdict = terms::camel(verdict);
    if matches!(verdict.as_str(), "suspicious" | "malicious" | "noThreatsFound") {
        made.verdict = verdict;
    }
}

/// Merges what is the same entity; at most as much as an alert keeps.
pub(crate) fn merged(found: Vec<IncomingEvidence>) -> Vec<IncomingEvidence> {
    let mut collection = Collection::default();
    for made in found.into_iter().take(EVIDENCE_MAX * 4) {
        collection.add(made);
    }
    collection.finish()
}

/// One entity from its fields, which `get` gives cleaned by name; `None` when nothing names it.
/// The names are those of `mapping::fields`.
pub(crate) fn evidence(
    kind: EvidenceKind,
    get: &dyn Fn(&str) -> String,
    all: &dyn Fn(&str) -> Vec<String>,
) -> Option<IncomingEvidence> {
    match kind {
        EvidenceKind::Device => {
            Device { mde: get("defenderId"), aad: get("entraId"), names: vec![get("name")], domain: get("domain") }
                .build()
        }
        EvidenceKind::User => Account {
            upn: get("upn"),
            name: get("name"),
            domain: get("domain"),
            aad: get("objectId"),
            sid: get("sid"),
            display: get("displayName"),
        }
        .build(),
        EvidenceKind::Mailbox => evidence_kinds::mailbox(&[get("address")], &get("displayName")),
        EvidenceKind::Ip => evidence_kinds::ip(&get("address")),
        EvidenceKind::File => file(get).build(),
        EvidenceKind::Process => {
            let image = File { name: get("imageName"), path: get("imagePath"), ..File::default() };
            evidence_kinds::process(&get("commandLine"), &image, &get("processId"))
        }
        EvidenceKind::Url => evidence_kinds::url(&get("url")),
        EvidenceKind::MailMessage => evidence_kinds::message(&get("subject"), &get("sender"), &all("id")),
        EvidenceKind::RegistryKey => evidence_kinds::registry(&get("hive"), &get("key"), &get("valueName")),
        EvidenceKind::CloudApplication | EvidenceKind::CloudResource => {
            evidence_kinds::named(kind, &get("name"), &all("id"))
        }
        EvidenceKind::Other => {
            let label = get("type");
            let label = if label.is_empty() { "Entity" } else { &label };
            evidence_kinds::other(label, &get("name"), &get("id"))
        }
    }
}

/// A hash without its algorithm is told by its length.
fn file(get: &dyn Fn(&str) -> String) -> File {
    let mut file =
        File { name: get("name"), path: get("path"), sha256: get("sha256"), sha1: get("sha1"), md5: get("md5") };
    let hash = get("hash");
    let place = match hash.len() {
        64 => &mut file.sha256,
        40 => &mut file.sha1,
        32 => &mut file.md5,
        _ => return file,
    };
    if place.is_empty() {
        *place = hash;
    }
    file
}
