//! Which incidents correlation may merge, and which of them survives (R12). Pure.

use crate::model::incident::{Incident, NameSource};

/// Most incidents that are merged at once: a person chooses among them by reading, and an alert that fits more
/// has something common rather than one attack.
pub const AT_ONCE: usize = 25;

/// Most alerts that two incidents may have together to be merged by correlation. Beyond it an
/// incident is no longer one that a person reads.
pub const JOINT_LIMIT: i64 = 1_000;

/// Why correlation may not merge two incidents, in a sentence; `None` when it may (R12).
pub fn hindrance(one: &Incident, other: &Incident) -> Option<&'static str> {
    if !one.is_open() || !other.is_open() {
        return Some("one of them takes no more alerts");
    }
    if one.assigned_to.is_some() && other.assigned_to.is_some() && one.assigned_to != other.assigned_to {
        return Some("they are assigned to different people");
    }
    if one.outcome().is_set() && other.outcome().is_set() && one.outcome() != other.outcome() {
        return Some("they are classified differently");
    }
    if one.name_source == NameSource::Custom && other.name_source == NameSource::Custom {
        return Some("both were renamed by people");
    }
    if one.provider_key.is_some() && other.provider_key.is_some() {
        return Some("their provider keeps them separate");
    }
    (one.alert_count + other.alert_count > JOINT_LIMIT).then_some("together they would be too large")
}

/// Which of two survives: the one that a provider or a person has worked on, else the older.
pub fn survivor<'a>(one: &'a Incident, other: &'a Incident) -> &'a Incident {
    let rank = |incident: &Incident| {
        (
            incident.provider_key.is_none(),
            incident.name_source != NameSource::Custom,
            incident.assigned_to.is_none(),
            !incident.outcome().is_set(),
            incident.id,
        )
    };
    if rank(one) <= rank(other) { one } else { other }
}

/// Incidents that are to become one: the survivor as it would be, and which they are.
#[derive(Debug)]
pub(crate) struct MergePlan {
    survivor: Incident,
    members: Vec<i64>,
}

impl MergePlan {
    pub fn new(first: Incident) -> Self {
        Self { members: vec![first.id], survivor: first }
    }

    /// Why another may not become part of it, in a sentence; `None` when it may.
    pub fn hindrance(&self, other: &Incident) -> Option<&'static str> {
        hindrance(&self.survivor, other)
    }

    /// Adds another, which nothing hinders.
    pub fn add(&mut self, other: Incident) {
        self.members.push(other.id);
        let owner = self.survivor.assigned_to.or(other.assigned_to);
        let outcome = [self.survivor.outcome(), other.outcome()].into_iter().find(|outcome| outcome.is_set());
        let alerts = self.survivor.alert_count.saturating_add(other.alert_count);
        self.survivor = survivor(&self.survivor, &other).clone();
        self.survivor.alert_count = alerts;
        self.survivor.assigned_to = owner;
        if let Some(outcome) = outcome {
            (self.survivor.classification, self.survivor.determination) =
                (outcome.classification, outcome.determination);
        }
    }

    /// The incidents, in the order in which they were added.
    pub fn members(&self) -> &[i64] {
        &self.members
    }

    /// The one that survives.
    pub fn kept(&self) -> i64 {
        self.survivor.id
    }

    /// Those that are merged into it.
    pub fn gone(&self) -> Vec<i64> {
        self.members.iter().copied().filter(|id| *id != self.survivor.id).collect()
    }
}
