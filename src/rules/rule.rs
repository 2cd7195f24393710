//! House rules: where a team knows better than correlation. A rule has a
//! condition on alerts and an effect: they are ignored, resolved, given a severity or a tag, kept alone, grouped by a
//! field, or linked within the rule's own time.
//!
//! Rules have an order, and the first that matches applies: of those that ignore, of those that place, of those that
//! resolve and of those that set a severity. Every tag is added. A rule never changes stored alerts: a known alert is still updated by its source, and an alert
//! that its provider has put into an incident stays there.

use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use crate::model::outcome::Outcome;
use crate::model::severity::Severity;
use crate::rules::condition::Condition;
use crate::schema::house_rules;

crate::text_enum! {
    /// What a rule does.
    #[derive(Default)]
    pub enum EffectKind {
        /// Its alerts are hidden: kept with the rule, and not stored as alerts.
        Ignore = "ignore" / "Ignore",
        /// Its alerts are stored, classified and resolved.
        Resolve = "resolve" / "Resolve",
        SetSeverity = "setSeverity" / "Set severity",
        /// The incidents of its alerts get a tag.
        AddTag = "addTag" / "Add tag",
        /// Each of its alerts has an incident of its own, and no other alert links to it.
        NeverCorrelate = "neverCorrelate" / "Never correlate",
        /// Its alerts with the same value are in one incident.
        #[default]
        GroupBy = "groupBy" / "Always group",
        /// Its alerts link within the rule's time instead of the computed one.
        Window = "window" / "Link within",
    }
}

crate::text_enum! {
    /// What alerts can be grouped by.
    #[derive(Default)]
    pub enum GroupField {
        #[default]
        Device = "device" / "device",
        User = "user" / "user",
        Mailbox = "mailbox" / "mailbox",
        Ip = "ip" / "IP address",
        Title = "title" / "title",
        DetectionSource = "detectionSource" / "detection source",
        Category = "category" / "category",
        /// One of the alert's further facts, by its label.
        Fact = "fact" / "custom field",
    }
}

/// What a rule does, with its settings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum Effect {
    Ignore,
    Resolve {
        outcome: Outcome,
        /// What the histories say of it, and the resolving note of an incident that it resolves.
        note: String,
    },
    SetSeverity {
        severity: Severity,
    },
    AddTag {
        tag: String,
    },
    NeverCorrelate,
    GroupBy {
        field: GroupField,
        /// The fact's label, for [`GroupField::Fact`].
        #[serde(default, skip_serializing_if = "String::is_empty")]
        fact: String,
        /// How long after its last activity an incident still takes the next.
        minutes: i64,
    },
    Window {
        minutes: i64,
    },
}

impl Effect {
    pub fn kind(&self) -> EffectKind {
        match self {
            Self::Ignore => EffectKind::Ignore,
            Self::Resolve { .. } => EffectKind::Resolve,
            Self::SetSeverity { .. } => EffectKind::SetSeverity,
            Self::AddTag { .. } => EffectKind::AddTag,
            Self::NeverCorrelate => EffectKind::NeverCorrelate,
            Self::GroupBy { .. } => EffectKind::GroupBy,
            Self::Window { .. } => EffectKind::Window,
        }
    }
}

/// The part of a rule that is stored as JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Body {
    pub condition: Condition,
    pub effect: Effect,
}

impl TryFrom<String> for Body {
    type Error = serde_json::Error;

    fn try_from(text: String) -> std::result::Result<Self, serde_json::Error> {
        serde_json::from_str(&text)
    }
}

/// A stored rule. Times are microseconds UTC.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = house_rules)]
pub struct Rule {
    pub id: i64,
    /// Counts changes, so that a stale form is noticed.
    pub revision: i64,
    /// Its place in the order, without meaning beyond that.
    pub position: i64,
    pub name: String,
    pub enabled: bool,
    #[diesel(deserialize_as = String)]
    pub body: Body,
    /// The user who owns it.
    pub owner_id: i64,
    pub reason: String,
    /// From then on it has no effect.
    pub expires_at: Option<i64>,
    /// How often it was used, and when last.
    pub hits: i64,
    pub last_hit: Option<i64>,
    pub updated_at: i64,
    pub updated_by: String,
    /// It was proposed, and nobody has approved it yet.
    pub pending: bool,
    /// The user who proposed it, and when.
    pub proposed_by: Option<i64>,
    pub proposed_at: Option<i64>,
}

impl Rule {
    pub fn is_expired(&self, now: i64) -> bool {
        self.expires_at.is_some_and(|at| at <= now)
    }

    /// Whether it has an effect at `now`.
    pub fn is_in_force(&self, now: i64) -> bool {
        self.enabled && !self.pending && !self.is_expired(now)
    }
}
