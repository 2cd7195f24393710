//! The filters that the queue offers, each with its choices.

use crate::model::outcome::{Classification, Determination};
use crate::queue::choices::Choices;
use crate::queue::dimension::{Dimension, Kind};
use crate::queue::filter::Filter;
use crate::queue::list::List;

/// Something to choose, or a line above choices that belong together.
#[derive(Debug, Clone)]
pub struct Choice {
    /// The parameter; empty for a line.
    pub name: &'static str,
    pub value: String,
    pub label: String,
    pub checked: bool,
    /// Shown indented under the choice or heading above.
    pub under: bool,
    /// A radio button instead of a checkbox.
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

impl Text {
    /// What it finds, said once.
    pub fn hint(&self) -> &'static str {
        let is_first = self.name == Dimension::Device.as_str() && self.place == 0;
        if is_first { "One or two letters match only the beginning of a name." } else { "" }
    }
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

/// What there is to choose from.
#[derive(Debug, Clone, Copy)]
pub struct Offered<'a> {
    pub choices: &'a Choices,
    pub tags: &'a [String],
    pub people: &'a [Pair],
}

fn choose(dimension: Dimension, pairs: Vec<Pair>, chosen: &[String]) -> Vec<Choice> {
    let name = dimension.as_str();
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
            let is_name = matches!(dimension, Dimension::Tag | Dimension::AssignedTo);
            let label = if is_name { one.clone() } else { dimension.label_of(one) };
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

fn named(dimension: Dimension, values: &[String]) -> Vec<Pair> {
    values.iter().map(|value| (value.clone(), dimension.label_of(value))).collect()
}

/// The filters in the order analysts reach for them.
pub fn groups(filter: &Filter, offered: Offered<'_>) -> Vec<Group> {
    let group = |dimension: &Dimension| Some(group(*dimension, heading(*dimension, filter.list)?, filter, offered));
    Dimension::ALL.iter().filter(|dimension| dimension.is_of(filter.list)).filter_map(group).collect()
}

/// The heading of a dimension's group; none where it stands in the group of another, or has a field
/// elsewhere.
fn heading(dimension: Dimension, list: List) -> Option<&'static str> {
    match dimension {
        Dimension::Severity | Dimension::AssignedTo if list.is_of_alerts() => Some(dimension.label()),
        Dimension::Severity => Some("Incident severity"),
        Dimension::AssignedTo => Some("Incident assignment"),
        Dimension::Tag => Some("Tags"),
        Dimension::Category => Some("Categories"),
        Dimension::ServiceSource => Some("Service and detection sources"),
        Dimension::Product => Some("Product names"),
        Dimension::Technique => Some("Techniques"),
        Dimension::Entity => Some("Entities"),
        Dimension::Status
        | Dimension::AlertSeverity
        | Dimension::FollowUp
        | Dimension::Classification
        | Dimension::Determination
        | Dimension::MultipleSources
        | Dimension::MultipleCategories
        | Dimension::AllAlertsResolved
        | Dimension::Handled => Some(dimension.label()),
        Dimension::TagMatch
        | Dimension::DetectionSource
        | Dimension::Device
        | Dimension::User
        | Dimension::Title
        | Dimension::Source
        | Dimension::Asset
        | Dimension::CreatedFrom
        | Dimension::CreatedTo
        | Dimension::Search
        | Dimension::Updated
        | Dimension::UpdatedFrom
        | Dimension::UpdatedTo => None,
    }
}

fn group(dimension: Dimension, label: &'static str, filter: &Filter, offered: Offered<'_>) -> Group {
    let values = dimension.values(filter);
    let mut texts = Vec::new();
    let choices = match dimension.kind(filter.list) {
        Kind::ClosedSet(_) if dimension == Dimension::Determination => determinations(&values),
        Kind::ClosedSet(options) => {
            let pairs = options.into_iter().map(|(value, label)| (value.to_owned(), label.to_owned()));
            choose(dimension, pairs.collect(), &values)
        }
        Kind::People => choose(dimension, assignees(offered.people), &values),
        Kind::Tags => tagged(filter, offered.tags),
        Kind::InUse if dimension == Dimension::ServiceSource => sources(filter, offered.choices),
        Kind::InUse => choose(dimension, named(dimension, offered.choices.of(dimension)), &values),
        Kind::CodesInUse => {
            let codes = offered.choices.of(dimension).iter().map(|code| (code.clone(), code.clone()));
            choose(dimension, codes.collect(), &values)
        }
        Kind::YesOrNo => {
            let chosen = values.first().map(String::as_str).unwrap_or_default();
            one_of(dimension.as_str(), &[("", "Any"), ("yes", "Yes"), ("no", "No")], chosen)
        }
        Kind::PartOfName => {
            texts = entity_texts(filter);
            Vec::new()
        }
        Kind::Text | Kind::Search | Kind::Range | Kind::Detail => Vec::new(),
    };
    Group { name: dimension.as_str(), label, choices, texts }
}

fn assignees(people: &[Pair]) -> Vec<Pair> {
    let mut assignees = vec![("me".to_owned(), "Me".to_owned()), ("none".to_owned(), "Unassigned".to_owned())];
    assignees.extend(people.iter().cloned());
    assignees
}

/// The fields for devices, users and entities of any kind.
fn entity_texts(filter: &Filter) -> Vec<Text> {
    [(Dimension::Device, "Device"), (Dimension::User, "User"), (Dimension::Entity, "Any entity")]
        .into_iter()
        .flat_map(|(dimension, label)| texts(dimension.as_str(), label, &dimension.values(filter)))
        .collect()
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
fn determinations(chosen: &[String]) -> Vec<Choice> {
    let choose = |words: &[Determination]| {
        let pairs: Vec<Pair> = words.iter().map(|word| (word.as_str().to_owned(), word.label().to_owned())).collect();
        let wanted: Vec<String> =
            chosen.iter().filter(|one| words.iter().any(|word| word.as_str() == one.as_str())).cloned().collect();
        choose(Dimension::Determination, pairs, &wanted)
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
    all.push(line("Any classification"));
    let rest = choose(&[Determination::Other, Determination::Unknown]);
    all.extend(rest.into_iter().map(|choice| Choice { under: true, ..choice }));
    all
}

fn tagged(filter: &Filter, tags: &[String]) -> Vec<Choice> {
    let mut all = choose(Dimension::Tag, tags.iter().map(|tag| (tag.clone(), tag.clone())).collect(), &filter.tags);
    if all.len() > 1 {
        let matched = if filter.all_tags { "all" } else { "" };
        let mut how = one_of("tagMatch", &[("", "Any of these"), ("all", "All of these")], matched);
        how.append(&mut all);
        return how;
    }
    all
}

fn sources(filter: &Filter, choices: &Choices) -> Vec<Choice> {
    let in_use: Vec<String> =
        choices.services.iter().map(|service| service.value.clone()).filter(|value| !value.is_empty()).collect();
    let services = choose(Dimension::ServiceSource, named(Dimension::ServiceSource, &in_use), &filter.service_source);
    let in_use: Vec<String> = choices.services.iter().flat_map(|service| service.detections.clone()).collect();
    let mut detections =
        choose(Dimension::DetectionSource, named(Dimension::DetectionSource, &in_use), &filter.detection_source);
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
