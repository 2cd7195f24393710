//! The queue's filters as a person sees them: boxes to choose from, chips to take off.

use crate::incidents::queue::{Filter, Range};
use crate::incidents::{Classification, Status, naming};
use crate::severity::Severity;
use crate::web::incidents::queue::href;
use crate::words::humanise;

/// A filter in effect, with the link that takes it off.
#[derive(Debug, Clone)]
pub struct Chip {
    pub label: String,
    pub without: String,
}

/// One filter's choices.
#[derive(Debug, Clone)]
pub struct FilterBox {
    pub name: &'static str,
    pub label: &'static str,
    pub options: Vec<FilterOption>,
    /// Free text beside or instead of choices.
    pub text: Option<String>,
}

#[derive(Debug, Clone)]
pub struct FilterOption {
    pub value: String,
    pub label: String,
    pub checked: bool,
}

impl FilterBox {
    pub fn chosen(&self) -> usize {
        self.options.iter().filter(|option| option.checked).count()
    }

    /// Whether "any" has to be said, since nothing said is the default.
    pub fn has_default(&self) -> bool {
        matches!(self.name, "status" | "severity")
    }
}

/// Every filter in effect, in the order of the boxes.
pub fn chips(filter: &Filter, people: &[(String, String)]) -> Vec<Chip> {
    let mut chips = Vec::new();
    let mut add = |label: String, without: Filter| {
        let without = href(&Filter { after: None, pane: None, ..without });
        chips.push(Chip { label, without });
    };
    if !filter.status.is_empty() {
        let names: Vec<_> = filter.status.iter().map(|word| word.label()).collect();
        add(format!("Status: {}", names.join(", ")), Filter { status: Vec::new(), ..filter.clone() });
    }
    if !filter.severity.is_empty() {
        let names: Vec<_> = filter.severity.iter().map(|word| word.label()).collect();
        add(format!("Severity: {}", names.join(", ")), Filter { severity: Vec::new(), ..filter.clone() });
    }
    if !filter.alert_severity.is_empty() {
        let names: Vec<_> = filter.alert_severity.iter().map(|word| word.label()).collect();
        add(format!("Alert severity: {}", names.join(", ")), Filter { alert_severity: Vec::new(), ..filter.clone() });
    }
    if !filter.classification.is_empty() {
        let names: Vec<_> = filter.classification.iter().map(|word| word.label()).collect();
        add(format!("Classification: {}", names.join(", ")), Filter { classification: Vec::new(), ..filter.clone() });
    }
    if !filter.determination.is_empty() {
        let names: Vec<_> = filter.determination.iter().map(|word| word.label()).collect();
        add(format!("Determination: {}", names.join(", ")), Filter { determination: Vec::new(), ..filter.clone() });
    }
    for (name, values) in filter.lists() {
        for value in values {
            let shown = match name {
                "assignedTo" => person(value, people),
                "tag" | "technique" => value.clone(),
                _ => humanise(value),
            };
            add(format!("{}: {shown}", list_label(name)), without_value(filter, name, value));
        }
    }
    for (label, value, without) in [
        ("Device", &filter.device, Filter { device: String::new(), ..filter.clone() }),
        ("User", &filter.user, Filter { user: String::new(), ..filter.clone() }),
        ("Entity", &filter.entity, Filter { entity: String::new(), ..filter.clone() }),
        ("Search", &filter.q, Filter { q: String::new(), ..filter.clone() }),
    ] {
        if !value.is_empty() {
            add(format!("{label}: {value}"), without);
        }
    }
    if let Some(yes) = filter.multiple_sources {
        add(yes_no("Multiple sources", yes), Filter { multiple_sources: None, ..filter.clone() });
    }
    if let Some(yes) = filter.multiple_categories {
        add(yes_no("Multiple categories", yes), Filter { multiple_categories: None, ..filter.clone() });
    }
    if filter.from.is_some() || filter.to.is_some() {
        add("Custom range".to_owned(), filter.without_custom_range());
    } else if filter.range != Range::All {
        add(format!("Updated: {}", filter.range.label()), Filter { range: Range::All, ..filter.clone() });
    }
    chips
}

fn yes_no(label: &str, yes: bool) -> String {
    format!("{label}: {}", if yes { "yes" } else { "no" })
}

fn person(value: &str, people: &[(String, String)]) -> String {
    match value {
        "me" => "me".to_owned(),
        "none" => "nobody".to_owned(),
        name => people
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map_or_else(|| name.to_owned(), |(_, display)| display.clone()),
    }
}

fn list_label(name: &str) -> &'static str {
    match name {
        "assignedTo" => "Assigned to",
        "tag" => "Tag",
        "category" => "Category",
        "serviceSource" => "Source",
        "detectionSource" => "Detection source",
        "product" => "Product",
        _ => "Technique",
    }
}

fn without_value(filter: &Filter, name: &str, value: &str) -> Filter {
    let mut less = filter.clone();
    let list = match name {
        "assignedTo" => &mut less.assigned_to,
        "tag" => &mut less.tags,
        "category" => &mut less.category,
        "serviceSource" => &mut less.service_source,
        "detectionSource" => &mut less.detection_source,
        "product" => &mut less.product,
        _ => &mut less.technique,
    };
    list.retain(|known| known != value);
    less
}

/// The filters offered, in the order analysts reach for them.
pub fn boxes(filter: &Filter, tags: &[String], people: &[(String, String)]) -> Vec<FilterBox> {
    let options = |values: Vec<(String, String)>, chosen: &[String]| -> Vec<FilterOption> {
        let mut options: Vec<FilterOption> = values
            .into_iter()
            .map(|(value, label)| FilterOption {
                checked: chosen.iter().any(|one| one.eq_ignore_ascii_case(&value)),
                value,
                label,
            })
            .collect();
        // What the URL asks stays in the form even when nobody offers it.
        for one in chosen {
            if !options.iter().any(|option| option.value.eq_ignore_ascii_case(one)) {
                options.push(FilterOption { value: one.clone(), label: humanise(one), checked: true });
            }
        }
        options
    };
    let words = |values: Vec<(&'static str, &'static str)>| -> Vec<(String, String)> {
        values.into_iter().map(|(value, label)| (value.to_owned(), label.to_owned())).collect()
    };
    let chosen = |values: Vec<&'static str>| -> Vec<String> { values.into_iter().map(str::to_owned).collect() };
    let categories: Vec<&str> = naming::stages().iter().chain(&OTHER_CATEGORIES).copied().collect();
    let mut assignees = vec![("me".to_owned(), "Me".to_owned()), ("none".to_owned(), "Nobody".to_owned())];
    assignees.extend(people.iter().cloned());
    let status: Vec<_> = Status::ALL.iter().map(|word| (word.as_str(), word.label())).collect();
    let severity: Vec<_> = Severity::HIGHEST_FIRST.iter().map(|word| (word.as_str(), word.label())).collect();
    let classification: Vec<_> = Classification::ALL.iter().map(|word| (word.as_str(), word.label())).collect();
    let choice = |name, label, options| FilterBox { name, label, options, text: None };
    let text = |name, label, value: &str| FilterBox { name, label, options: Vec::new(), text: Some(value.to_owned()) };
    vec![
        choice("status", "Status", options(words(status), &chosen(filter.status.iter().map(|w| w.as_str()).collect()))),
        choice(
            "severity",
            "Severity",
            options(words(severity), &chosen(filter.severity.iter().map(|w| w.as_str()).collect())),
        ),
        choice("assignedTo", "Assigned to", options(assignees, &filter.assigned_to)),
        choice(
            "classification",
            "Classification",
            options(words(classification), &chosen(filter.classification.iter().map(|w| w.as_str()).collect())),
        ),
        choice("tag", "Tags", options(tags.iter().map(|tag| (tag.clone(), tag.clone())).collect(), &filter.tags)),
        choice("category", "Category", options(named(&categories), &filter.category)),
        choice("serviceSource", "Source", options(named(SERVICE_SOURCES), &filter.service_source)),
        text("device", "Device", &filter.device),
        text("user", "User", &filter.user),
    ]
}

fn named(values: &[&str]) -> Vec<(String, String)> {
    values.iter().map(|&value| (value.to_owned(), humanise(value))).collect()
}

/// Defender's categories that are no tactics.
const OTHER_CATEGORIES: [&str; 4] = ["Malware", "Ransomware", "SuspiciousActivity", "UnwantedSoftware"];

/// Graph's service sources that the queue's filter offers; any other can stand in the URL.
const SERVICE_SOURCES: &[&str] = &[
    "microsoftDefenderForEndpoint",
    "microsoftDefenderForIdentity",
    "microsoftDefenderForCloudApps",
    "microsoftDefenderForOffice365",
    "microsoft365Defender",
    "azureAdIdentityProtection",
    "microsoftAppGovernance",
    "dataLossPrevention",
    "microsoftDefenderForCloud",
    "microsoftSentinel",
    "microsoftInsiderRiskManagement",
];
