//! The filters in effect as chips: one for each filter, in words, with the link that takes it off.

use crate::queue::filter::Filter;
use crate::queue::range::Range;
use crate::text::humanise;
use crate::web::shared::time_format::Zone;

/// A filter in effect, with the link that takes it off.
#[derive(Debug, Clone)]
pub struct Chip {
    pub label: String,
    pub without: String,
}

/// A filter in effect: which, its values in words, the queue without it.
type InEffect = (String, String, Filter);

/// Every filter in effect, in the order of the panel; `to` gives the address of a filter.
pub fn chips(filter: &Filter, people: &[(String, String)], zone: &Zone, to: impl Fn(&Filter) -> String) -> Vec<Chip> {
    in_effect(filter, people, zone)
        .into_iter()
        .map(|(name, values, without)| Chip {
            label: format!("{name}: {values}"),
            without: to(&Filter { after: None, pane: None, ..without }),
        })
        .collect()
}

/// A filter in words, for lists of views.
pub fn in_words(filter: &Filter, people: &[(String, String)], zone: &Zone) -> String {
    let parts: Vec<String> =
        in_effect(filter, people, zone).into_iter().map(|(name, values, _)| format!("{name}: {values}")).collect();
    if parts.is_empty() { "Every incident".to_owned() } else { parts.join("; ") }
}

fn in_effect(filter: &Filter, people: &[(String, String)], zone: &Zone) -> Vec<InEffect> {
    let mut found: Vec<InEffect> = Vec::new();
    let mut add = |name: &str, values: Vec<String>, without: Filter| {
        if !values.is_empty() {
            found.push((name.to_owned(), values.join(", "), without));
        }
    };
    let all = || filter.clone();
    macro_rules! words {
        ($name:literal, $field:ident) => {
            let labels = filter.$field.iter().map(|word| word.label().to_owned()).collect();
            add($name, labels, Filter { $field: Vec::new(), ..all() });
        };
    }
    words!("Status", status);
    words!("Severity", severity);
    words!("Alert severity", alert_severity);
    let assigned = filter.assigned_to.iter().map(|name| person(name, people)).collect();
    add("Assigned to", assigned, Filter { assigned_to: Vec::new(), ..all() });
    words!("Classification", classification);
    words!("Determination", determination);
    let tags = match (filter.tags.len(), filter.all_tags) {
        (..2, _) => "Tag",
        (_, true) => "Tags, all of",
        (_, false) => "Tags, any of",
    };
    add(tags, filter.tags.clone(), Filter { tags: Vec::new(), all_tags: false, ..all() });
    macro_rules! values {
        ($name:literal, $field:ident) => {
            let labels = filter.$field.iter().map(|value| humanise(value)).collect();
            add($name, labels, Filter { $field: Vec::new(), ..all() });
        };
    }
    values!("Category", category);
    values!("Service source", service_source);
    values!("Detection source", detection_source);
    values!("Product", product);
    add("Technique", filter.technique.clone(), Filter { technique: Vec::new(), ..all() });
    macro_rules! one {
        ($name:literal, $field:ident, $nothing:expr, $text:expr) => {
            add($name, $text, Filter { $field: $nothing, ..all() });
        };
    }
    let yes_no = |value: Option<bool>| value.map(|yes| if yes { "yes" } else { "no" }.to_owned()).into_iter().collect();
    one!("Multiple service sources", multiple_sources, None, yes_no(filter.multiple_sources));
    one!("Multiple categories", multiple_categories, None, yes_no(filter.multiple_categories));
    one!("Device", device, Vec::new(), filter.device.clone());
    one!("User", user, Vec::new(), filter.user.clone());
    one!("Entity", entity, Vec::new(), filter.entity.clone());
    let typed = Some(filter.q.clone()).filter(|typed| !typed.is_empty());
    one!("Search", q, String::new(), typed.into_iter().collect());
    let range = updated(filter, zone).into_iter().collect();
    add("Updated", range, Filter { range: Range::All, ..filter.without_custom_range() });
    found
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
        "none" => "nobody".to_owned(),
        name => people
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map_or_else(|| name.to_owned(), |(_, display)| display.clone()),
    }
}
