//! What a select offers, and the choices that several forms have in common.

use crate::model::outcome::{Classification, Outcome};
use crate::model::user::User;

/// One choice of a select.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    pub value: String,
    pub label: String,
    pub selected: bool,
}

/// Choices under one heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChoiceGroup {
    pub label: &'static str,
    pub choices: Vec<Choice>,
}

/// A choice; it is selected when its value is the one given.
pub fn choice(value: &str, label: impl Into<String>, selected: &str) -> Choice {
    Choice { value: value.to_owned(), label: label.into(), selected: value == selected }
}

/// One select grouped as in Defender; the values are `classification:determination`.
pub fn classifications(selected: &str) -> Vec<ChoiceGroup> {
    Classification::ALL
        .iter()
        .map(|&classification| {
            let alone = Outcome { classification, ..Outcome::default() };
            let mut choices: Vec<Choice> = classification
                .determinations()
                .iter()
                .map(|&determination| Outcome { classification, determination })
                .map(|outcome| choice(&outcome.form_value(), outcome.label(), selected))
                .collect();
            // Without a determination it is offered only where it stands, or means "not set".
            if classification == Classification::Unknown || alone.form_value() == selected {
                choices.insert(0, choice(&alone.form_value(), alone.label(), selected));
            }
            ChoiceGroup { label: classification.label(), choices }
        })
        .collect()
}

/// Everybody who can work on something, by display name; whoever has it now is kept.
pub fn owners<'a>(people: impl Iterator<Item = &'a User>, selected: &str) -> Vec<Choice> {
    let mut people: Vec<&User> = people.filter(|user| user.can_own() || user.name == selected).collect();
    people.sort_by_key(|user| user.display_name.to_lowercase());
    std::iter::once(choice("", "Unassigned", selected))
        .chain(people.into_iter().map(|user| choice(&user.name, user.display_name.clone(), selected)))
        .collect()
}
