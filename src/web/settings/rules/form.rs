//! The form of a rule: reading what was posted, and its fields ready for the template.

use crate::ingest::rule_trial::DAYS;
use crate::model::outcome::Classification;
use crate::model::severity::Severity;
use crate::model::user::User;
use crate::rules::condition::{AssetKind, TitleTest};
use crate::rules::draft::Draft;
use crate::rules::rule::{EffectKind, GroupField};
use crate::text::{capitalised, folded, source_label};
use crate::web::shared::choices::{self, Choice, ChoiceGroup};
use crate::web::shared::form::Submitted;

/// The days that a trial covers unless another number is chosen.
pub const DEFAULT_DAYS: i64 = 7;

/// An effect that a rule can have.
pub struct EffectView {
    pub value: &'static str,
    pub label: &'static str,
    pub hint: &'static str,
    pub chosen: bool,
}

/// The form, ready for its template.
pub struct FormView {
    pub draft: Draft,
    pub sources: Vec<Choice>,
    pub tests: Vec<Choice>,
    pub severities: Vec<Choice>,
    /// The assets of the condition: value, text, and whether it is one.
    pub assets: Vec<(String, String, bool)>,
    pub classifications: Vec<ChoiceGroup>,
    /// The severities that a rule can set.
    pub new_severities: Vec<Choice>,
    pub effects: Vec<EffectView>,
    pub fields: Vec<Choice>,
    pub units: Vec<Choice>,
    pub owners: Vec<Choice>,
    pub days: Vec<Choice>,
}

pub fn read(form: &Submitted) -> Draft {
    let text = |name: &str| form.text(name).to_owned();
    Draft {
        name: text("name"),
        enabled: form.get("enabled").is_some(),
        source: text("source"),
        title_test: text("title_test"),
        title: text("title"),
        severity_at_most: text("severity_at_most"),
        device: text("device"),
        user: text("user"),
        ip: text("ip"),
        match_fact: text("match_fact"),
        match_value: text("match_value"),
        assets: form.all("assets").into_iter().map(str::to_owned).collect(),
        effect: text("effect"),
        classification: text("classification"),
        note: text("note"),
        severity: text("severity"),
        tag: text("tag"),
        group_field: text("group_field"),
        fact: text("fact"),
        amount: text("amount"),
        unit: text("unit"),
        expires: text("expires"),
        never_expires: form.get("never_expires").is_some(),
        owner: text("owner"),
        reason: text("reason"),
    }
}

impl FormView {
    pub fn new(draft: Draft, days: i64, people: &[User], sources: Vec<String>, offered: &[String]) -> Self {
        let severities =
            [("", "Any"), ("informational", "Informational"), ("low", "Low"), ("medium", "Medium")].into_iter();
        let chosen_days = if DAYS.contains(&days) { days } else { DEFAULT_DAYS };
        Self {
            tests: TitleTest::ALL
                .iter()
                .map(|test| choice(test.as_str(), test.label(), draft.title_test == test.as_str()))
                .collect(),
            severities: severities
                .map(|(value, label)| {
                    let label = if value.is_empty() { label.to_owned() } else { at_most(label) };
                    choice(value, &label, draft.severity_at_most == value)
                })
                .collect(),
            effects: EffectKind::ALL
                .iter()
                .map(|kind| EffectView {
                    value: kind.as_str(),
                    label: kind.label(),
                    hint: hint(*kind),
                    chosen: draft.effect == kind.as_str(),
                })
                .collect(),
            fields: GroupField::ALL
                .iter()
                .map(|field| choice(field.as_str(), &capitalised(field.label()), draft.group_field == field.as_str()))
                .collect(),
            units: ["minutes", "hours", "days"]
                .into_iter()
                .map(|unit| choice(unit, unit, draft.unit == unit))
                .collect(),
            owners: owners(&draft, people),
            days: DAYS.into_iter().map(|days| choice(&days.to_string(), &length(days), days == chosen_days)).collect(),
            assets: assets(&draft, offered),
            classifications: classifications(&draft),
            new_severities: Severity::ALL
                .iter()
                .rev()
                .map(|severity| choice(severity.as_str(), severity.label(), draft.severity == severity.as_str()))
                .collect(),
            sources: source_choices(&draft.source, sources),
            draft,
        }
    }
}

fn choice(value: &str, label: &str, selected: bool) -> Choice {
    Choice { value: value.to_owned(), label: label.to_owned(), selected }
}

/// The sources that alerts came from, and the one of the condition, by the names that pages show. Where two have the
/// same name, each with its own value.
fn source_choices(chosen: &str, known: Vec<String>) -> Vec<Choice> {
    let chosen = chosen.trim();
    let mut sources: Vec<String> = known.into_iter().filter(|source| !source.eq_ignore_ascii_case(chosen)).collect();
    sources.extend((!chosen.is_empty()).then(|| chosen.to_owned()));
    let mut named: Vec<(String, String)> = sources.into_iter().map(|source| (source_label(&source), source)).collect();
    named.sort_by_key(|(label, _)| folded(label));
    let is_shared = |label: &str| named.iter().filter(|(other, _)| other == label).count() > 1;
    let choices = named.iter().map(|(label, source)| {
        let label = if is_shared(label) { format!("{label} ({source})") } else { label.clone() };
        choice(source, &label, source == chosen)
    });
    std::iter::once(choice("", "Any", chosen.is_empty())).chain(choices).collect()
}

fn owners(draft: &Draft, people: &[User]) -> Vec<Choice> {
    let mut owners: Vec<Choice> = people
        .iter()
        .filter(|user| user.can_own())
        .map(|user| choice(&user.name, &user.display_name, user.name.eq_ignore_ascii_case(draft.owner.trim())))
        .collect();
    if !owners.iter().any(|owner| owner.selected) {
        owners.insert(0, choice("", "Choose", true));
    }
    owners
}

/// The assets that the form offers, and those of the condition, each as "Device web-01".
fn assets(draft: &Draft, offered: &[String]) -> Vec<(String, String, bool)> {
    let mut values: Vec<&String> = offered.iter().collect();
    values.extend(draft.assets.iter().filter(|asset| !offered.contains(asset)));
    let shown = |value: &String| {
        let (kind, name) = value.split_once(':')?;
        let label = format!("{} {name}", capitalised(AssetKind::parse(kind)?.label()));
        Some((value.clone(), label, draft.assets.contains(value)))
    };
    values.into_iter().filter_map(shown).collect()
}

/// What alerts can be resolved as; the usual first.
fn classifications(draft: &Draft) -> Vec<ChoiceGroup> {
    let mut groups = choices::classifications(&draft.classification);
    groups.retain(|group| group.label != Classification::Unknown.label());
    groups.reverse();
    groups
}

fn at_most(label: &str) -> String {
    match Severity::parse(label) {
        Some(Severity::Informational) => label.to_owned(),
        _ => format!("{label} or lower"),
    }
}

fn hint(kind: EffectKind) -> &'static str {
    match kind {
        EffectKind::Ignore => "Alerts are hidden: counted and kept with the rule, where you can restore them.",
        EffectKind::Resolve => "Alerts are stored and resolved. An incident with no other alerts is resolved too.",
        EffectKind::SetSeverity => "Alerts get this severity instead of the source's.",
        EffectKind::AddTag => "Incidents with these alerts get this tag.",
        EffectKind::NeverCorrelate => "Each alert has its own incident, and no other alert joins it.",
        EffectKind::GroupBy => "Alerts with the same value join one incident while it is open.",
        EffectKind::Window => {
            "Alerts join incidents that share a device, user or indicator with them within this time."
        }
    }
}

/// The text after "the last": "day", "7 days".
pub fn length(days: i64) -> String {
    if days == 1 { "day".to_owned() } else { format!("{days} days") }
}

#[cfg(test)]
mod tests {
    use super::source_choices;

    #[test]
    fn sources_of_one_name_are_told_apart_and_the_chosen_one_is_offered_in_any_case() {
        let known = ["cloudAppSecurity", "microsoftDefenderForCloudApps", "qradar"].map(str::to_owned).to_vec();
        let shown: Vec<(String, String, bool)> = source_choices("Wazuh", known)
            .into_iter()
            .map(|choice| (choice.value, choice.label, choice.selected))
            .collect();
        let expected = [
            ("", "Any", false),
            ("cloudAppSecurity", "Defender for Cloud Apps (cloudAppSecurity)", false),
            ("microsoftDefenderForCloudApps", "Defender for Cloud Apps (microsoftDefenderForCloudApps)", false),
            ("qradar", "QRadar", false),
            ("Wazuh", "Wazuh", true),
        ];
        let expected = expected.map(|(value, label, selected)| (value.to_owned(), label.to_owned(), selected));
        assert_eq!(shown, expected);
    }
}
