//! A rule as typed into the form, and its validation.

use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::clock::DAY;
use crate::error::{Error, FieldErrors, Result};
use crate::model::alert::Alert;
use crate::model::severity::Severity;
use crate::model::user::User;
use crate::rules::condition::{Condition, Pattern, TitleMatch, TitleTest};
use crate::rules::rule::{Body, Effect, EffectKind, GroupField, Rule};
use crate::rules::wording::last_day;
use crate::text::one_line;

/// Longest name, and longest text of a condition, in characters.
const NAME_LIMIT: usize = 100;
const TEXT_LIMIT: usize = 300;
const REASON_LIMIT: usize = 1_000;
/// Longest window, in minutes: 30 days.
const LONGEST: i64 = 30 * 24 * 60;
/// A rule expires within a year, if at all.
const LONGEST_LIFE: i64 = 366 * DAY;

/// The units of a window, in minutes.
const UNITS: [(&str, i64); 3] = [("days", 24 * 60), ("hours", 60), ("minutes", 1)];

/// Every field as typed. Times are dates of UTC, such as 2027-01-31.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    pub name: String,
    pub enabled: bool,
    pub source: String,
    pub title_test: String,
    pub title: String,
    pub severity_at_most: String,
    pub device: String,
    pub user: String,
    pub ip: String,
    pub effect: String,
    pub group_field: String,
    pub fact: String,
    pub amount: String,
    /// "minutes", "hours" or "days".
    pub unit: String,
    pub expires: String,
    /// A user name.
    pub owner: String,
    pub reason: String,
}

impl Default for Draft {
    fn default() -> Self {
        let empty = String::new;
        Self {
            name: empty(),
            enabled: true,
            source: empty(),
            title_test: TitleTest::Any.as_str().to_owned(),
            title: empty(),
            severity_at_most: empty(),
            device: empty(),
            user: empty(),
            ip: empty(),
            effect: EffectKind::GroupBy.as_str().to_owned(),
            group_field: GroupField::Device.as_str().to_owned(),
            fact: empty(),
            amount: "24".to_owned(),
            unit: "hours".to_owned(),
            expires: empty(),
            owner: empty(),
            reason: empty(),
        }
    }
}

/// A valid draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    pub name: String,
    pub enabled: bool,
    pub body: Body,
    pub owner_id: i64,
    pub reason: String,
    pub expires_at: Option<i64>,
}

impl Draft {
    /// A stored rule, ready to be changed.
    pub fn of(rule: &Rule, owner: &str) -> Self {
        let condition = &rule.body.condition;
        let pattern = |pattern: &Option<Pattern>| pattern.as_ref().map(|pattern| pattern.0.clone()).unwrap_or_default();
        let mut draft = Self {
            name: rule.name.clone(),
            enabled: rule.enabled,
            source: condition.source.clone().unwrap_or_default(),
            severity_at_most: condition.severity_at_most.map(|most| most.as_str().to_owned()).unwrap_or_default(),
            device: pattern(&condition.device),
            user: pattern(&condition.user),
            ip: pattern(&condition.ip),
            effect: rule.body.effect.kind().as_str().to_owned(),
            expires: rule.expires_at.map(last_day).unwrap_or_default(),
            owner: owner.to_owned(),
            reason: rule.reason.clone(),
            ..Self::default()
        };
        if let Some(title) = &condition.title {
            (draft.title_test, draft.title) = (title.test.as_str().to_owned(), title.text.clone());
        }
        match &rule.body.effect {
            Effect::GroupBy { field, fact, minutes } => {
                (draft.group_field, draft.fact) = (field.as_str().to_owned(), fact.clone());
                draft.set_window(*minutes);
            }
            Effect::Window { minutes } => draft.set_window(*minutes),
            Effect::Ignore | Effect::NeverCorrelate => {}
        }
        draft
    }

    /// A draft of a rule for alerts like this one.
    pub fn for_alert(alert: &Alert) -> Self {
        let title = one_line(&alert.title);
        let source = if alert.service_source.is_empty() { &alert.source } else { &alert.service_source };
        Self {
            name: title.chars().take(NAME_LIMIT).collect(),
            source: source.clone(),
            title_test: TitleTest::Exact.as_str().to_owned(),
            title: alert.title.trim().to_owned(),
            ..Self::default()
        }
    }

    fn set_window(&mut self, minutes: i64) {
        let (unit, size) = UNITS.into_iter().find(|(_, size)| minutes % size == 0).unwrap_or(("minutes", 1));
        (self.amount, self.unit) = ((minutes / size).to_string(), unit.to_owned());
    }

    /// Validates it; the error has a message for each wrong field. `people` are those who may own rules.
    pub fn check(&self, people: &[User], now: i64) -> Result<Checked> {
        let mut errors = FieldErrors::default();
        let name = one_line(&self.name);
        if name.is_empty() {
            errors.add("name", "Give the rule a name; alerts that it places say it.");
        } else if name.chars().count() > NAME_LIMIT {
            errors.add("name", "A name has at most 100 characters.");
        }
        let body = self.body(&mut errors);
        let ignores = EffectKind::parse(&self.effect) == Some(EffectKind::Ignore);
        let expires_at = self.expiry(ignores, now, &mut errors);
        let owner = people.iter().find(|user| user.name.eq_ignore_ascii_case(self.owner.trim()));
        if !owner.is_some_and(User::can_own) {
            errors.add("owner", "Choose who answers for this rule: an analyst or administrator who can sign in.");
        }
        let reason = self.reason.trim().to_owned();
        if ignores && one_line(&reason).is_empty() {
            errors.add("reason", "Say why these alerts may be ignored.");
        } else if reason.chars().count() > REASON_LIMIT {
            errors.add("reason", "A reason has at most 1,000 characters.");
        }
        match (body, owner) {
            (Some(body), Some(owner)) if errors.is_empty() => {
                Ok(Checked { name, enabled: self.enabled, body, owner_id: owner.id, reason, expires_at })
            }
            _ => Err(Error::Invalid(errors)),
        }
    }

    /// Validates condition and effect only, for a trial.
    pub fn check_body(&self) -> Result<Body> {
        let mut errors = FieldErrors::default();
        match self.body(&mut errors) {
            Some(body) if errors.is_empty() => Ok(body),
            _ => Err(Error::Invalid(errors)),
        }
    }

    fn body(&self, errors: &mut FieldErrors) -> Option<Body> {
        let condition = self.condition(errors);
        let effect = self.effect(errors)?;
        if effect == Effect::Ignore && condition.is_empty() {
            errors.add("condition", "Say what to ignore: without a condition every alert would be.");
        }
        Some(Body { condition, effect })
    }

    fn condition(&self, errors: &mut FieldErrors) -> Condition {
        for (field, text) in [
            ("source", &self.source),
            ("title", &self.title),
            ("device", &self.device),
            ("user", &self.user),
            ("ip", &self.ip),
        ] {
            if text.chars().count() > TEXT_LIMIT {
                errors.add(field, "This has at most 300 characters.");
            }
        }
        let test = TitleTest::parse(&self.title_test);
        if test.is_none() {
            errors.add("title", "Choose how the title is compared.");
        }
        let title = self.title.trim().to_owned();
        let test = test.filter(|test| *test != TitleTest::Any);
        if test.is_some() && title.is_empty() {
            errors.add("title", "Type the title, or choose that it is anything.");
        }
        let open = test == Some(TitleTest::Wildcard) && Pattern::new(&title).is_none();
        let severity_at_most = match self.severity_at_most.trim() {
            "" => None,
            word => Severity::parse(word).or_else(|| {
                errors.add("severity_at_most", "Choose a severity.");
                None
            }),
        };
        let source = self.source.trim().to_owned();
        Condition {
            source: Some(source).filter(|source| !source.is_empty()),
            title: test.filter(|_| !open).map(|test| TitleMatch { test, text: title }),
            severity_at_most: severity_at_most.filter(|most| *most != Severity::High),
            device: Pattern::new(&self.device),
            user: Pattern::new(&self.user),
            ip: Pattern::new(&self.ip),
        }
    }

    fn effect(&self, errors: &mut FieldErrors) -> Option<Effect> {
        match EffectKind::parse(&self.effect) {
            Some(EffectKind::Ignore) => Some(Effect::Ignore),
            Some(EffectKind::NeverCorrelate) => Some(Effect::NeverCorrelate),
            Some(EffectKind::Window) => self.minutes(errors).map(|minutes| Effect::Window { minutes }),
            Some(EffectKind::GroupBy) => {
                let minutes = self.minutes(errors);
                let Some(field) = GroupField::parse(&self.group_field) else {
                    errors.add("group_field", "Choose what to group by.");
                    return None;
                };
                let fact = if field == GroupField::Fact { one_line(&self.fact) } else { String::new() };
                if field == GroupField::Fact && (fact.is_empty() || fact.chars().count() > TEXT_LIMIT) {
                    errors.add("fact", "Type the label of the fact as the alert page shows it.");
                    return None;
                }
                minutes.map(|minutes| Effect::GroupBy { field, fact, minutes })
            }
            None => {
                errors.add("effect", "Choose what becomes of these alerts.");
                None
            }
        }
    }

    fn minutes(&self, errors: &mut FieldErrors) -> Option<i64> {
        let unit = UNITS.iter().find(|(name, _)| *name == self.unit).map(|(_, size)| *size);
        let minutes = self.amount.trim().parse::<i64>().ok().zip(unit).and_then(|(n, size)| n.checked_mul(size));
        let minutes = minutes.filter(|minutes| (1..=LONGEST).contains(minutes));
        if minutes.is_none() {
            errors.add("amount", "Type a time between 1 minute and 30 days, as a whole number.");
        }
        minutes
    }

    fn expiry(&self, needed: bool, now: i64, errors: &mut FieldErrors) -> Option<i64> {
        let typed = self.expires.trim();
        if typed.is_empty() {
            if needed {
                errors.add("expires", "A rule that ignores has an end: type its last day, at most a year from now.");
            }
            return None;
        }
        let Some(ends) = end_of_day(typed) else {
            errors.add("expires", "Type a date such as 2027-01-31.");
            return None;
        };
        if ends <= now {
            errors.add("expires", "This day has passed; type one to come.");
        } else if ends - now > LONGEST_LIFE {
            errors.add("expires", "This is more than a year from now; a rule is looked at once a year.");
        }
        Some(ends)
    }
}

/// The last microsecond of a day, UTC.
fn end_of_day(date: &str) -> Option<i64> {
    let date: Date = date.parse().ok()?;
    let next = date.tomorrow().ok()?.to_zoned(TimeZone::UTC).ok()?;
    Some(next.timestamp().as_microsecond())
}

#[cfg(test)]
mod tests;
