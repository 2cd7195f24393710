//! Who an attack began with, and what it touched after that, in order.

use std::collections::HashSet;

use crate::incidents::story::read::{Story, StoryEntity};
use crate::model::verdict;

/// Most entities that are named.
const NAMED: usize = 12;

/// The beginning of a story.
#[derive(Debug, Clone, Default)]
pub struct Beginning {
    /// The account of the first alert that names one; else its mailbox or device.
    pub with: Option<i64>,
    /// The place of that alert.
    pub alert: usize,
    /// What was named after it for the first time, with the place of the alert that did.
    pub touched: Vec<(i64, usize)>,
    /// How many more there are.
    pub more: usize,
}

/// The beginning of the whole of a story.
pub fn beginning(story: &Story) -> Beginning {
    // Each entity where it is named for the first time.
    let mut seen = HashSet::new();
    let mut named: Vec<(&StoryEntity, usize)> = Vec::new();
    for (alert, place) in story.alerts.iter().zip(0..) {
        named.extend(story.entities_of(alert).filter(|entity| seen.insert(entity.id)).map(|entity| (entity, place)));
    }
    let first_of = |kind: &str| named.iter().find(|(entity, _)| entity.is_asset() && entity.kind == kind).copied();
    let with = ["user", "mailbox", "device"].iter().find_map(|kind| first_of(kind));
    let Some((first, alert)) = with else { return Beginning::default() };
    named.retain(|(entity, _)| entity.id != first.id && entity.kind != "other");
    // Of very many only what is impacted, and what is known to be bad.
    let telling = |entity: &StoryEntity| entity.is_asset() || verdict::rank(&entity.verdict) < 2;
    let only_telling = named.len() > NAMED && named.iter().any(|(entity, _)| telling(entity));
    let touched: Vec<(i64, usize)> = named
        .iter()
        .filter(|(entity, _)| !only_telling || telling(entity))
        .take(NAMED)
        .map(|(entity, place)| (entity.id, *place))
        .collect();
    Beginning { with: Some(first.id), alert, more: named.len() - touched.len(), touched }
}
