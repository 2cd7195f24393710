//! What the address of the story asks for, and the links that ask for something else.

use actix_web::HttpRequest;

use crate::clock;
use crate::incidents::story::filter::Chosen;
use crate::incidents::story::lanes::LaneBy;
use crate::incidents::story::read::{Story, Within};
use crate::model::naming;
use crate::model::severity::Severity;
use crate::web::incident::page_parts::{Tab, href};
use crate::web::incident::story::names::KINDS;
use crate::web::shared::query;
use crate::web::shared::time_format::{Zone, rfc3339};

/// Characters of an ignored parameter that are shown.
const SHOWN: usize = 100;
/// Ignored parameters that are named.
const NAMED: usize = 10;
/// How an address asks for alerts without a category.
const NO_CATEGORY: &str = "none";
/// Values of one parameter that are followed.
const VALUES: usize = 20;

/// What is asked for.
#[derive(Debug, Clone, Default)]
pub struct StoryQuery {
    pub incident: i64,
    pub chosen: Chosen,
    pub within: Within,
    /// Kinds of entities in the graph; none: all.
    pub kinds: Vec<String>,
    pub lanes: LaneBy,
    /// The graph ends with this line of the timeline, counted from 1.
    pub step: Option<usize>,
    /// Lines before the page of the timeline.
    pub skip: usize,
    /// Parameters that are not followed, such as "severity=bogus".
    pub ignored: Vec<String>,
}

impl StoryQuery {
    /// The whole story of an incident.
    pub fn of(incident: i64) -> Self {
        Self { incident, ..Self::default() }
    }

    pub fn read(request: &HttpRequest, incident: i64, zone: &Zone) -> Self {
        let mut asked = Self::of(incident);
        for (name, value) in query::pairs(request) {
            if !value.is_empty() && !asked.follow(&name, &value, zone) {
                asked.ignore(&name, &value);
            }
        }
        if asked.within.from.zip(asked.within.to).is_some_and(|(from, to)| from > to) {
            let range = std::mem::take(&mut asked.within);
            asked.ignore("from", &range.from.map(rfc3339).unwrap_or_default());
            asked.ignore("to", &range.to.map(rfc3339).unwrap_or_default());
        }
        asked
    }

    /// Whether the parameter means something.
    fn follow(&mut self, name: &str, value: &str, zone: &Zone) -> bool {
        let taken = match name {
            "severity" => Severity::parse(value).map(|severity| add(&mut self.chosen.severities, severity)),
            "category" => {
                let category = if value == NO_CATEGORY { "" } else { value };
                add(&mut self.chosen.categories, category.to_owned());
                Some(())
            }
            "entity" => value.parse().ok().map(|id| self.chosen.entity = Some(id)),
            "kind" => {
                let kind = KINDS.iter().find(|(kind, ..)| *kind == value);
                kind.map(|(kind, ..)| add(&mut self.kinds, (*kind).to_owned()))
            }
            "from" => zone.read(value, false).map(|from| self.within.from = Some(from)),
            "to" => zone.read(value, true).map(|to| self.within.to = Some(whole_second(to))),
            "lanes" => LaneBy::parse(value).map(|by| self.lanes = by),
            "step" => value.parse().ok().filter(|step| *step > 0).map(|step| self.step = Some(step)),
            "skip" => value.parse().ok().map(|skip| self.skip = skip),
            _ => None,
        };
        taken.is_some()
    }

    fn ignore(&mut self, name: &str, value: &str) {
        if self.ignored.len() < NAMED {
            self.ignored.push(format!("{name}={value}").chars().take(SHOWN).collect());
        }
    }

    /// Leaves out what no alert of the incident can have.
    pub fn ignore_unknown(&mut self, story: &Story) {
        let known = |category: &String| {
            category.is_empty()
                || naming::stages().iter().any(|stage| stage.eq_ignore_ascii_case(category))
                || story.alerts.iter().any(|alert| alert.category.eq_ignore_ascii_case(category))
        };
        let (kept, unknown) = std::mem::take(&mut self.chosen.categories).into_iter().partition(known);
        self.chosen.categories = kept;
        let unknown: Vec<String> = unknown;
        for category in &unknown {
            self.ignore("category", category);
        }
        if let Some(id) = self.chosen.entity.filter(|id| !story.alerts.is_empty() && !story.entities.contains_key(id)) {
            self.chosen.entity = None;
            self.ignore("entity", &id.to_string());
        }
    }

    /// Leaves out a step and a page that the timeline does not have.
    pub fn ignore_beyond(&mut self, rows: usize) {
        if let Some(step) = self.step.filter(|step| *step > rows) {
            self.step = None;
            self.ignore("step", &step.to_string());
        }
        if self.skip > 0 && self.skip >= rows {
            let skip = std::mem::take(&mut self.skip);
            self.ignore("skip", &skip.to_string());
        }
    }

    /// Whether any alert may be left out.
    pub fn is_narrowed(&self) -> bool {
        let Chosen { severities, categories, entity } = &self.chosen;
        !severities.is_empty() || !categories.is_empty() || entity.is_some() || self.within != Within::default()
    }

    /// The address of this view.
    pub fn href(&self) -> String {
        let time = |micros: Option<i64>| micros.map(rfc3339);
        let number = |number: usize| Some(number.to_string()).filter(|_| number > 0);
        let lanes = Some(self.lanes.as_str().to_owned()).filter(|_| self.lanes != LaneBy::default());
        let one = [
            ("entity", self.chosen.entity.map(|id| id.to_string())),
            ("from", time(self.within.from)),
            ("to", time(self.within.to)),
            ("lanes", lanes),
            ("step", self.step.map(|step| step.to_string())),
            ("skip", number(self.skip)),
        ];
        let severities = self.chosen.severities.iter().map(|severity| ("severity", severity.as_str()));
        let categories = self.chosen.categories.iter().map(|category| ("category", named(category)));
        let kinds = self.kinds.iter().map(|kind| ("kind", kind.as_str()));
        let ones = one.iter().filter_map(|(name, value)| Some((*name, value.as_deref()?)));
        query::link(&href(self.incident, Tab::Story), severities.chain(categories).chain(kinds).chain(ones))
    }

    /// The address of the view after a change. Another choice of alerts begins with its first page and whole graph.
    pub fn with(&self, change: impl FnOnce(&mut Self)) -> String {
        let mut other = Self { step: None, skip: 0, ..self.clone() };
        change(&mut other);
        other.href()
    }

    /// The address of the view at another page and step.
    pub fn at(&self, change: impl FnOnce(&mut Self)) -> String {
        let mut other = self.clone();
        change(&mut other);
        other.href()
    }
}

/// The end of the second of a time: an address has whole seconds, alerts parts of one.
fn whole_second(to: i64) -> i64 {
    to - to.rem_euclid(clock::SECOND) + clock::SECOND - 1
}

/// A category as an address has it.
fn named(category: &str) -> &str {
    if category.is_empty() { NO_CATEGORY } else { category }
}

/// Adds a value once, up to so many.
fn add<T: PartialEq>(values: &mut Vec<T>, value: T) {
    if values.len() < VALUES && !values.contains(&value) {
        values.push(value);
    }
}

/// Takes a value out, or adds it.
pub fn toggle<T: PartialEq>(values: &mut Vec<T>, value: T) {
    match values.iter().position(|known| *known == value) {
        Some(place) => {
            values.remove(place);
        }
        None => values.push(value),
    }
}
