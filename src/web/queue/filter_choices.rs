//! The filters that the queue offers, each with its choices.

use crate::model::incident::Status;
use crate::model::naming;
use crate::model::outcome::{Classification, Determination};
use crate::model::severity::Severity;
use crate::queue::choices::{Choices, OTHER_CATEGORIES};
use crate::queue::filter::Filter;
use crate::text::humanise;

/// Something to choose, or a line above choices that belong together.
#[derive(Debug, Clone)]
pub struct Choice {
    /// The parameter; empty for a line.
    pub name: &'static str,
    pub value: String,
    pub label: String,
    pub checked: bool,
    /// It belongs to the choice or the line above.
    pub under: bool,
    /// One of several instead of any number.
    pub one: bool,
}

/// A text that is looked for.
#[derive(Debug, Clone)]
pub struct Text {
    pub name: &'static str,
    pub label: String,
    pub value: String,
    /// Which of several texts of that name it is, from 0.
    pub place: usize,
}

/// One filter.
#[derive(Debug, Clone)]
pub struct Group {
    pub name: &'static str,
    pub label: &'static str,
    pub choices: Vec<Choice>,
    pub texts: Vec<Text>,
}

impl Group {
    /// What of it is in effect, for the line that opens it.
    pub fn chosen(&self) -> String {
        let checked = self.choices.iter().filter(|choice| choice.checked && !choice.value.is_empty());
        let typed = self.texts.iter().filter(|text| !text.value.is_empty());
        let labels: Vec<&str> =
            checked.map(|choice| choice.label.as_str()).chain(typed.map(|text| text.value.as_str())).collect();
        match labels.as_slice() {
            [] => String::new(),
            [one] => (*one).to_owned(),
            [one, rest @ ..] => format!("{one} +{}", rest.len()),
        }
    }

    /// Whether it is shown opened: what is in effect is seen at once. Status and severity nearly always are.
    pub fn is_open(&self) -> bool {
        self.name == "tag" || (!matches!(self.name, "status" | "severity") && !self.chosen().is_empty())
    }

    /// Whether the script offers to look for a choice by typing.
    pub fn is_long(&self) -> bool {
        self.choices.len() > 8
    }
}

/// Value and label.
type Pair = (String, String);

fn choose(name: &'static str, pairs: Vec<Pair>, chosen: &[String]) -> Vec<Choice> {
    let mut choices: Vec<Choice> = pairs
        .into_iter()
        .map(|(value, label)| Choice {
            checked: chosen.iter().any(|one| one.eq_ignore_ascii_case(&value)),
            name,
            value,
            label,
            under: false,
            one: false,
        })
        .collect();
    // What the URL asks stays in the form even when nothing has it.
    for one in chosen {
        if !choices.iter().any(|choice| choice.value.eq_ignore_ascii_case(one)) {
            let label = if name == "tag" || name == "assignedTo" { one.clone() } else { humanise(one) };
            choices.push(Choice { name, value: one.clone(), label, checked: true, under: false, one: false });
        }
    }
    choices
}

fn line(label: &str) -> Choice {
    Choice { name: "", value: String::new(), label: label.to_owned(), checked: false, under: false, one: false }
}

fn one_of(name: &'static str, pairs: &[(&str, &str)], chosen: &str) -> Vec<Choice> {
    pairs
        .iter()
        .map(|(value, label)| Choice {
            name,
            value: (*value).to_owned(),
            label: (*label).to_owned(),
            checked: *value == chosen,
            under: false,
            one: true,
        })
        .collect()
}

fn group(name: &'static str, label: &'static str, choices: Vec<Choice>) -> Group {
    Group { name, label, choices, texts: Vec::new() }
}

fn named<T: AsRef<str>>(values: impl IntoIterator<Item = T>) -> Vec<Pair> {
    values.into_iter().map(|value| (value.as_ref().to_owned(), humanise(value.as_ref()))).collect()
}

macro_rules! words {
    ($name:literal, $all:expr, $chosen:expr) => {{
        let chosen: Vec<String> = $chosen.iter().map(|word| word.as_str().to_owned()).collect();
        let pairs = $all.iter().map(|word| (word.as_str().to_owned(), word.label().to_owned())).collect();
        choose($name, pairs, &chosen)
    }};
}

/// All of them, in the order analysts reach for them.
pub fn groups(filter: &Filter, choices: &Choices, tags: &[String], people: &[Pair]) -> Vec<Group> {
    let severities = Severity::HIGHEST_FIRST;
    let mut assignees = vec![("me".to_owned(), "Me".to_owned()), ("none".to_owned(), "Nobody".to_owned())];
    assignees.extend(people.iter().cloned());
    let categories: Vec<&str> = naming::stages()
        .iter()
        .chain(&OTHER_CATEGORIES)
        .copied()
        .chain(choices.more_categories.iter().map(String::as_str))
        .collect();
    let techniques = choices.techniques.iter().map(|value| (value.clone(), value.clone())).collect();
    vec![
        group("status", "Status", words!("status", Status::ALL, filter.status)),
        group("severity", "Incident severity", words!("severity", severities, filter.severity)),
        group("alertSeverity", "Alert severity", words!("alertSeverity", severities, filter.alert_severity)),
        group("assignedTo", "Incident assignment", choose("assignedTo", assignees, &filter.assigned_to)),
        group("classification", "Classification", words!("classification", Classification::ALL, filter.classification)),
        group("determination", "Determination", determinations(filter)),
        group("tag", "Tags", tagged(filter, tags)),
        group("category", "Categories", choose("category", named(categories), &filter.category)),
        group("serviceSource", "Service and detection sources", sources(filter, choices)),
        group("product", "Product names", choose("product", named(&choices.products), &filter.product)),
        group("technique", "Techniques", choose("technique", techniques, &filter.technique)),
        yes_no("multipleSources", "Multiple service sources", filter.multiple_sources),
        yes_no("multipleCategories", "Multiple categories", filter.multiple_categories),
        entities(filter),
    ]
}

fn yes_no(name: &'static str, label: &'static str, value: Option<bool>) -> Group {
    let chosen = value.map_or("", |yes| if yes { "yes" } else { "no" });
    group(name, label, one_of(name, &[("", "Any"), ("yes", "Yes"), ("no", "No")], chosen))
}

fn entities(filter: &Filter) -> Group {
    Group {
        name: "entity",
        label: "Entities",
        choices: Vec::new(),
        texts: ["Device", "User", "Any entity"]
            .into_iter()
            .zip(filter.parts())
            .flat_map(|(label, (name, values))| texts(name, label, values))
            .collect(),
    }
}

/// A field for each text that is looked for, one where there is none.
fn texts(name: &'static str, label: &str, values: &[String]) -> Vec<Text> {
    let first = values.first().cloned().unwrap_or_default();
    let rest = values
        .iter()
        .skip(1)
        .enumerate()
        .map(|(at, value)| (at + 1, format!("Or {}", label.to_lowercase()), value.clone()));
    std::iter::once((0, label.to_owned(), first))
        .chain(rest)
        .map(|(place, label, value)| Text { name, label, value, place })
        .collect()
}

/// Grouped by the classification that each goes with; "Other" goes with all.
fn determinations(filter: &Filter) -> Vec<Choice> {
    let chosen: Vec<String> = filter.determination.iter().map(|word| word.as_str().to_owned()).collect();
    let choose = |words: &[Determination]| {
        let pairs: Vec<Pair> = words.iter().map(|word| (word.as_str().to_owned(), word.label().to_owned())).collect();
        let wanted: Vec<String> =
            chosen.iter().filter(|one| words.iter().any(|word| word.as_str() == one.as_str())).cloned().collect();
        choose("determination", pairs, &wanted)
    };
    let mut all = Vec::new();
    for classification in Classification::ALL {
        let own: Vec<Determination> = classification
            .determinations()
            .iter()
            .copied()
            .filter(|determination| *determination != Determination::Other)
            .collect();
        if !own.is_empty() {
            all.push(line(classification.label()));
            all.extend(choose(&own).into_iter().map(|choice| Choice { under: true, ..choice }));
        }
    }
    all.push(line("Of any classification"));
    let rest = choose(&[Determination::Other, Determination::Unknown]);
    all.extend(rest.into_iter().map(|choice| Choice { under: true, ..choice }));
    all
}

fn tagged(filter: &Filter, tags: &[String]) -> Vec<Choice> {
    let mut all = choose("tag", tags.iter().map(|tag| (tag.clone(), tag.clone())).collect(), &filter.tags);
    if all.len() > 1 {
        let matched = if filter.all_tags { "all" } else { "" };
        let mut how = one_of("tagMatch", &[("", "Any of them"), ("all", "All of them")], matched);
        how.append(&mut all);
        return how;
    }
    all
}

fn sources(filter: &Filter, choices: &Choices) -> Vec<Choice> {
    let services: Vec<&String> =
        choices.services.iter().map(|service| &service.value).filter(|value| !value.is_empty()).collect();
    let detections: Vec<&String> = choices.services.iter().flat_map(|service| &service.detections).collect();
    let services = choose("serviceSource", named(services), &filter.service_source);
    let mut detections = choose("detectionSource", named(detections), &filter.detection_source);
    let mut all = Vec::with_capacity(services.len() + detections.len());
    for service in services {
        let own = choices.services.iter().find(|known| known.value == service.value);
        let own = own.map(|service| service.detections.as_slice()).unwrap_or_default();
        all.push(service);
        let (mine, rest): (Vec<Choice>, Vec<Choice>) =
            detections.into_iter().partition(|detection| own.contains(&detection.value));
        all.extend(mine.into_iter().map(|choice| Choice { under: true, ..choice }));
        detections = rest;
    }
    if !detections.is_empty() {
        all.push(line("Other detection sources"));
        all.extend(detections.into_iter().map(|choice| Choice { under: true, ..choice }));
    }
    all
}
