//! Which alerts of an incident are told.

use crate::incidents::story::read::{Story, StoryAlert};
use crate::model::severity::Severity;

/// What an alert must be to be told. Nothing chosen: every alert is.
#[derive(Debug, Clone, Default)]
pub struct Chosen {
    pub severities: Vec<Severity>,
    /// Tactics and other categories, in any case.
    pub categories: Vec<String>,
    /// An entity that it names.
    pub entity: Option<i64>,
}

impl Chosen {
    pub fn takes(&self, alert: &StoryAlert) -> bool {
        let has_category = |chosen: &String| chosen.eq_ignore_ascii_case(&alert.category);
        (self.severities.is_empty() || self.severities.contains(&alert.severity))
            && (self.categories.is_empty() || self.categories.iter().any(has_category))
            && self.entity.is_none_or(|entity| alert.entities.contains(&entity))
    }

    /// The places of the chosen alerts in the story.
    pub fn of(&self, story: &Story) -> Vec<usize> {
        let places = story.alerts.iter().zip(0..);
        places.filter(|(alert, _)| self.takes(alert)).map(|(_, place)| place).collect()
    }
}
