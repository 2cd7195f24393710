//! The form above the tables: the days, and the filters that mean the same for alerts and incidents.

use crate::accounts::users;
use crate::db::AnyConnection;
use crate::error::Result;
use crate::lessons::asked::Span;
use crate::lessons::{Asked, Days};
use crate::model::severity::Severity;
use crate::queue::choices;
use crate::queue::dimension::Dimension;
use crate::web::shared::query;

/// Value, label, and whether it is chosen.
type Choice = (String, String, bool);

/// A filter of which one value is chosen.
pub struct Select {
    pub name: &'static str,
    pub label: &'static str,
    pub choices: Vec<Choice>,
}

/// The form as it is filled in.
pub struct Form {
    pub ranges: Vec<Choice>,
    /// The first and the last day, as date fields have them.
    pub from: String,
    pub to: String,
    pub selects: Vec<Select>,
    pub entity: String,
    /// What of the filter has no field.
    pub kept: Vec<(String, String)>,
    /// The same days without a filter; none without one.
    pub unfiltered: Option<String>,
}

/// The filters that the form has a field for, one value of each.
const SELECTS: [Dimension; 4] =
    [Dimension::Severity, Dimension::ServiceSource, Dimension::Category, Dimension::AssignedTo];

/// Reads what there is to choose from.
pub fn form(conn: &mut AnyConnection, asked: &Asked) -> Result<Form> {
    let in_use = choices::load(conn)?;
    let people: Vec<(String, String)> =
        users::list(conn)?.into_iter().map(|user| (user.name.clone(), user.shown_name())).collect();
    let offered = |dimension: Dimension| -> Vec<(String, String)> {
        match dimension {
            Dimension::Severity => {
                Severity::HIGHEST_FIRST.iter().map(|one| (one.as_str().to_owned(), one.label().to_owned())).collect()
            }
            Dimension::AssignedTo => {
                std::iter::once(("none".to_owned(), "Unassigned".to_owned())).chain(people.clone()).collect()
            }
            other => in_use.of(other).iter().map(|value| (value.clone(), other.label_of(value))).collect(),
        }
    };
    let mut left = asked.pairs.clone();
    let selects = SELECTS.map(|dimension| {
        let chosen = take(&mut left, dimension.as_str());
        Select { name: dimension.as_str(), label: label(dimension), choices: select(offered(dimension), &chosen) }
    });
    let entity = take(&mut left, Dimension::Entity.as_str());
    let days = Asked { pairs: Vec::new(), ..asked.clone() }.to_pairs();
    let link = query::link("/lessons", days.iter().map(|(name, value)| (name.as_str(), value.as_str())));
    Ok(Form {
        ranges: ranges(asked),
        from: if asked.span.is_none() { Days::text(asked.days.first) } else { String::new() },
        to: if asked.span.is_none() { Days::text(asked.days.last) } else { String::new() },
        selects: selects.into_iter().collect(),
        entity,
        kept: left,
        unfiltered: asked.is_filtered().then_some(link),
    })
}

fn label(dimension: Dimension) -> &'static str {
    if dimension == Dimension::Category { "Tactic" } else { dimension.label() }
}

fn ranges(asked: &Asked) -> Vec<Choice> {
    let spans =
        Span::ALL.iter().map(|span| (span.as_str().to_owned(), span.label().to_owned(), asked.span == Some(*span)));
    spans.chain([("custom".to_owned(), "Dates".to_owned(), asked.span.is_none())]).collect()
}

/// Takes the first value of a filter out; further ones stay.
fn take(pairs: &mut Vec<(String, String)>, name: &str) -> String {
    match pairs.iter().position(|(known, _)| known == name) {
        Some(at) => pairs.remove(at).1,
        None => String::new(),
    }
}

fn select(offered: Vec<(String, String)>, chosen: &str) -> Vec<Choice> {
    let is_offered = chosen.is_empty() || offered.iter().any(|(value, _)| value.eq_ignore_ascii_case(chosen));
    let further = (!is_offered).then(|| (chosen.to_owned(), chosen.to_owned()));
    std::iter::once((String::new(), "Any".to_owned()))
        .chain(offered)
        .chain(further)
        .map(|(value, label)| {
            let is_chosen = value.eq_ignore_ascii_case(chosen);
            (value, label, is_chosen)
        })
        .collect()
}
