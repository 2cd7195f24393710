//! Facts: labelled texts of an alert or a piece of evidence, beside its fields.

use std::borrow::Cow;

use serde_json::Value;

use crate::formats::building::clean_text::{ID_MAX, TEXT_MAX, clean_line};
use crate::formats::building::json::{text_of, texts_of};
use crate::formats::building::path::text_at;
use crate::formats::building::terms::is_unknown;

/// Most facts that one item keeps.
const FACTS_MAX: usize = 64;

/// Label and value pairs, as alerts and evidence carry them.
pub(crate) type Facts = Vec<(String, String)>;

/// Adds a fact, unless it is empty, is there already, or there are too many.
pub(crate) fn add_fact(facts: &mut Facts, label: &str, value: &str) {
    let fact = (clean_line(label, ID_MAX), clean_line(&without_brackets(value), TEXT_MAX));
    let useless = fact.0.is_empty() || fact.1.is_empty() || facts.len() >= FACTS_MAX;
    if !useless && !facts.contains(&fact) {
        facts.push(fact);
    }
}

/// The texts of a list in JSON with commas between them; any other text as it is.
fn without_brackets(value: &str) -> Cow<'_, str> {
    if !value.starts_with("[\"") {
        return Cow::Borrowed(value);
    }
    serde_json::from_str::<Vec<String>>(value).map_or(Cow::Borrowed(value), |texts| Cow::Owned(texts.join(", ")))
}

/// A label, and the members or paths of which the first with a value is the fact.
pub(crate) type FactField = (&'static str, &'static [&'static str]);

/// Adds the facts of a table of members.
pub(crate) fn add_member_facts(facts: &mut Facts, value: &Value, fields: &[FactField]) {
    for (label, keys) in fields {
        let found = text_of(value, keys);
        if !is_unknown(&found) {
            add_fact(facts, label, &found);
        }
    }
}

/// Adds the texts of a list as one fact, separated by commas.
pub(crate) fn add_list_fact(facts: &mut Facts, value: &Value, label: &str, key: &str) {
    add_fact(facts, label, &texts_of(value, key).join(", "));
}

/// Adds the facts of a table of dotted paths.
pub(crate) fn add_path_facts(facts: &mut Facts, value: &Value, fields: &[FactField]) {
    for (label, paths) in fields {
        let found = text_at(value, paths);
        if !is_unknown(&found) {
            add_fact(facts, label, &found);
        }
    }
}
