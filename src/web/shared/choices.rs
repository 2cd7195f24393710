//! The options of selects, and those that several forms share.

use crate::model::outcome::{Classification, Outcome};
use crate::model::user::User;

/// An option of a select.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    pub value: String,
    pub label: String,
    pub selected: bool,
}

/// Options under one heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChoiceGroup {
    pub label: &'static str,
    pub choices: Vec<Choice>,
}

/// A tag as a checkbox: unchecking removes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TagChoice {
    pub name: String,
    pub checked: bool,
}

/// An option, selected if its value is `selected`.
pub fn choice(value: &str, label: impl Into<String>, selected: &str) -> Choice {
    Choice { value: value.to_owned(), label: label.into(), selected: value == selected }
}

/// Classifications with their determinations in one select, grouped as in Defender. The values are
/// `classification:determination`.
pub fn classifications(selected: &str) -> Vec<ChoiceGroup> {
    Classification::ALL
        .iter()
        .map(|&classification| {
            let undetermined = Outcome { classification, ..Outcome::default() };
            let mut choices: Vec<Choice> = classification
                .determinations()
                .iter()
                .map(|&determination| Outcome { classification, determination })
                .map(|outcome| choice(&outcome.form_value(), outcome.label(), selected))
                .collect();
            // Without a determination only "Not set", and what is stored already, can be chosen.
            if classification == Classification::Unknown || undetermined.form_value() == selected {
                choices.insert(0, choice(&undetermined.form_value(), undetermined.label(), selected));
            }
            ChoiceGroup { label: classification.label(), choices }
        })
        .collect()
}

/// Everybody who can own incidents and alerts, by display name, and the present owner in any case.
pub fn owners<'a>(people: impl Iterator<Item = &'a User>, selected: &str) -> Vec<Choice> {
    let mut people: Vec<&User> = people.filter(|user| user.can_own() || user.name == selected).collect();
    people.sort_by_key(|user| user.display_name.to_lowercase());
    std::iter::once(choice("", "Unassigned", selected))
        .chain(people.into_iter().map(|user| choice(&user.name, user.shown_name(), selected)))
        .collect()
}

/// The owner of an incident or alert as pages show it.
pub fn owner_name(owner: Option<&User>) -> String {
    owner.map_or_else(|| "Unassigned".to_owned(), User::shown_name)
}
