//! The filters in effect as chips: one for each filter, in words, with the link that takes it off.

use crate::queue::dimension::{Dimension, Kind};
use crate::queue::filter::Filter;
use crate::queue::range::Range;
use crate::web::shared::time_format::Zone;

/// A filter in effect, with the link that takes it off.
#[derive(Debug, Clone)]
pub struct Chip {
    pub label: String,
    pub without: String,
}

/// An owner that the filter asks for: none.
const UNASSIGNED: &str = "Unassigned";

/// A filter in effect: which, its values in words, the queue without it.
type InEffect = (String, String, Filter);

/// Every filter in effect, in the order of the filters page; `to` gives the address of a filter.
pub fn chips(filter: &Filter, people: &[(String, String)], zone: &Zone, to: impl Fn(&Filter) -> String) -> Vec<Chip> {
    in_effect(filter, people, zone)
        .into_iter()
        .map(|(name, values, without)| Chip {
            label: label(&name, &values),
            without: to(&Filter { after: None, pane: None, ..without }),
        })
        .collect()
}

/// A filter in words, for lists of views.
pub fn in_words(filter: &Filter, people: &[(String, String)], zone: &Zone) -> String {
    let parts: Vec<String> =
        in_effect(filter, people, zone).into_iter().map(|(name, values, _)| label(&name, &values)).collect();
    if parts.is_empty() { format!("All {}s", filter.list.noun()) } else { parts.join("; ") }
}

/// "Unassigned" needs no name before it.
fn label(name: &str, values: &str) -> String {
    let is_unassigned = name == Dimension::AssignedTo.label() && values == UNASSIGNED;
    if is_unassigned { values.to_owned() } else { format!("{name}: {values}") }
}

fn in_effect(filter: &Filter, people: &[(String, String)], zone: &Zone) -> Vec<InEffect> {
    let mut found: Vec<InEffect> = Vec::new();
    for dimension in Dimension::ALL.iter().copied() {
        let values = values_in_words(dimension, filter, people, zone);
        if values.is_empty() {
            continue;
        }
        let mut without = filter.clone();
        dimension.clear(&mut without);
        found.push((name(dimension, filter).to_owned(), values.join(", "), without));
    }
    found
}

fn name(dimension: Dimension, filter: &Filter) -> &'static str {
    match (dimension, filter.tags.len(), filter.all_tags) {
        (Dimension::Tag, 2.., true) => "Tags, all of",
        (Dimension::Tag, 2.., false) => "Tags, any of",
        (dimension, _, _) => dimension.label(),
    }
}

/// The values of a dimension as people read them; none where it is not in effect.
fn values_in_words(dimension: Dimension, filter: &Filter, people: &[(String, String)], zone: &Zone) -> Vec<String> {
    let values = dimension.values(filter);
    match dimension.kind(filter.list) {
        Kind::ClosedSet(options) => {
            let label = |value: &String| options.iter().find(|(known, _)| known == value).map(|(_, label)| *label);
            values.iter().filter_map(label).map(str::to_owned).collect()
        }
        Kind::People => values.iter().map(|name| person(name, people)).collect(),
        Kind::InUse => values.iter().map(|value| dimension.label_of(value)).collect(),
        // Its name, behind its id.
        Kind::Text if dimension == Dimension::Asset => values
            .iter()
            .map(|value| value.split_once(' ').map_or(value.as_str(), |(_, name)| name).to_owned())
            .collect(),
        Kind::Tags | Kind::CodesInUse | Kind::YesOrNo | Kind::PartOfName | Kind::Text | Kind::Search => values,
        Kind::Range => updated(filter, zone).into_iter().collect(),
        Kind::Detail => Vec::new(),
    }
}

fn updated(filter: &Filter, zone: &Zone) -> Option<String> {
    let show = |at: i64| zone.show(at).text;
    Some(match (filter.from, filter.to) {
        (Some(from), Some(to)) => format!("{} to {}", show(from), show(to)),
        (Some(from), None) => format!("since {}", show(from)),
        (None, Some(to)) => format!("until {}", show(to)),
        (None, None) if filter.range == Range::All => return None,
        (None, None) => filter.range.label().to_owned(),
    })
}

fn person(value: &str, people: &[(String, String)]) -> String {
    match value {
        "me" => "me".to_owned(),
        "none" => UNASSIGNED.to_owned(),
        name => people
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map_or_else(|| name.to_owned(), |(_, display)| display.clone()),
    }
}
