//! Above the timeline: how the attack began and what it touched, and the links that narrow the story.

use crate::incidents::story::beginning::{Beginning, beginning};
use crate::incidents::story::filter::Chosen;
use crate::incidents::story::read::{Story, Within};
use crate::incidents::story::rows::length;
use crate::model::severity::Severity;
use crate::text::{humanise, thousands};
use crate::web::incident::story::names::{NameView, shown_name};
use crate::web::incident::story::query::{StoryQuery, toggle};
use crate::web::shared::paths;
use crate::web::shared::time_format::{ShownTime, Zone};

/// How it began, and what was touched then.
#[derive(Debug, Clone)]
pub struct BeginningView {
    pub with: NameView,
    pub at: ShownTime,
    pub title: String,
    pub href: String,
    /// What was touched after it for the first time, and when.
    pub touched: Vec<(NameView, String)>,
    pub more: usize,
}

impl BeginningView {
    pub fn new(story: &Story, zone: &Zone) -> Option<Self> {
        let Beginning { with, alert, touched, more } = beginning(story);
        let first = story.alerts.get(alert)?;
        let name = |id: &i64| story.entities.get(id).map(NameView::new);
        let since = |place: usize| story.alerts.get(place).map(|alert| alert.first - first.first).unwrap_or_default();
        let touched = touched.iter().filter_map(|(id, place)| Some((name(id)?, later(since(*place)))));
        Some(Self {
            with: name(&with?)?,
            at: zone.show(first.first),
            title: first.title.clone(),
            href: paths::alert(first.id),
            touched: touched.collect(),
            more,
        })
    }
}

/// "at the same time", "after 7 minutes".
fn later(since: i64) -> String {
    if since < crate::clock::SECOND { "at the same time".to_owned() } else { format!("after {}", length(since)) }
}

/// A link that chooses or gives up a filter.
#[derive(Debug, Clone)]
pub struct ChipView {
    pub label: String,
    pub count: String,
    pub href: String,
    pub current: bool,
}

/// The severities that there are, each with how many of the otherwise chosen alerts have it.
pub fn severities(asked: &StoryQuery, story: &Story) -> Vec<ChipView> {
    let count = |severity| {
        let chosen = Chosen { severities: vec![severity], ..asked.chosen.clone() };
        story.alerts.iter().filter(|alert| chosen.takes(alert)).count()
    };
    let is_chosen = |severity| asked.chosen.severities.contains(&severity);
    let chip = |severity: Severity| ChipView {
        label: severity.label().to_owned(),
        count: thousands(count(severity)),
        href: asked
            .with(|other| other.chosen.severities = if is_chosen(severity) { Vec::new() } else { vec![severity] }),
        current: is_chosen(severity),
    };
    let shown = |severity: &Severity| is_chosen(*severity) || count(*severity) > 0;
    Severity::HIGHEST_FIRST.into_iter().filter(shown).map(chip).collect()
}

/// The other filters that are chosen: each link takes one off.
pub fn chosen(asked: &StoryQuery, story: &Story, zone: &Zone) -> Vec<ChipView> {
    let chip = |label: String, href: String| ChipView { label, count: String::new(), href, current: true };
    let mut chips: Vec<ChipView> = Vec::new();
    for category in &asked.chosen.categories {
        let name = if category.is_empty() { "No category".to_owned() } else { humanise(category) };
        chips.push(chip(name, asked.with(|other| toggle(&mut other.chosen.categories, category.clone()))));
    }
    if let Some(entity) = asked.chosen.entity.and_then(|id| story.entities.get(&id)) {
        chips.push(chip(shown_name(entity), asked.with(|other| other.chosen.entity = None)));
    }
    let day = |micros: i64| zone.show(micros).text;
    let range = match (asked.within.from, asked.within.to) {
        (Some(from), Some(to)) => Some(format!("{} to {}", day(from), day(to))),
        (Some(from), None) => Some(format!("From {}", day(from))),
        (None, Some(to)) => Some(format!("Until {}", day(to))),
        (None, None) => None,
    };
    chips.extend(range.map(|range| chip(range, asked.with(|other| other.within = Within::default()))));
    chips
}
