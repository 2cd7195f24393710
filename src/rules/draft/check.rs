//! Validates a rule as typed.

use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::clock::DAY;
use crate::error::{Error, FieldErrors, Result};
use crate::incidents::tags;
use crate::model::outcome::Outcome;
use crate::model::severity::Severity;
use crate::model::user::User;
use crate::rules::condition::{AssetKind, AssetMatch, Condition, FactMatch, Pattern, TitleMatch, TitleTest};
use crate::rules::draft::{Checked, Draft, LIFE, UNITS};
use crate::rules::rule::{Body, Effect, EffectKind, GroupField};
use crate::rules::wording::last_day;
use crate::text::one_line;

/// Longest name, and longest text of a condition, in characters.
pub(in crate::rules) const NAME_LIMIT: usize = 100;
const TEXT_LIMIT: usize = 300;
const REASON_LIMIT: usize = 1_000;
/// Most assets that a condition names.
pub(in crate::rules) const ASSETS: usize = 20;
/// Longest window, in minutes: 30 days.
const LONGEST: i64 = 30 * 24 * 60;
/// A rule expires within a year, if at all.
const LONGEST_LIFE: i64 = 366 * DAY;

impl Draft {
    /// Validates it; the error has a message for each wrong field. `people` are those who may own rules.
    pub fn check(&self, people: &[User], now: i64) -> Result<Checked> {
        let mut errors = FieldErrors::default();
        let name = one_line(&self.name);
        if name.is_empty() {
            errors.add("name", "Enter a name. Alerts that the rule places show it.");
        } else if name.chars().count() > NAME_LIMIT {
            errors.add("name", "A name can have at most 100 characters.");
        }
        let body = self.body(&mut errors);
        let ignores = EffectKind::parse(&self.effect) == Some(EffectKind::Ignore);
        let expires_at = self.expiry(ignores, now, &mut errors);
        let owner = people.iter().find(|user| user.name.eq_ignore_ascii_case(self.owner.trim()));
        if !owner.is_some_and(User::can_own) {
            errors.add("owner", "Choose an owner: somebody who can sign in and is not a viewer.");
        }
        let reason = self.reason.trim().to_owned();
        if ignores && one_line(&reason).is_empty() {
            errors.add("reason", "Enter why these alerts can be ignored.");
        } else if reason.chars().count() > REASON_LIMIT {
            errors.add("reason", "A reason can have at most 1,000 characters.");
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
            errors.add("condition", "Enter a condition: without one, every alert would be ignored.");
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
            ("match_fact", &self.match_fact),
            ("match_value", &self.match_value),
        ] {
            if text.chars().count() > TEXT_LIMIT {
                errors.add(field, "Enter at most 300 characters.");
            }
        }
        let test = TitleTest::parse(&self.title_test);
        if test.is_none() {
            errors.add("title", "Choose how the title is compared.");
        }
        let title = self.title.trim().to_owned();
        let test = test.filter(|test| *test != TitleTest::Any);
        if test.is_some() && title.is_empty() {
            errors.add("title", "Enter a title, or choose any.");
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
            fact: self.fact_match(errors),
            assets: self.asset_matches(errors),
        }
    }

    fn fact_match(&self, errors: &mut FieldErrors) -> Option<FactMatch> {
        let (label, value) = (one_line(&self.match_fact), one_line(&self.match_value));
        match (label.is_empty(), value.is_empty()) {
            (true, true) => return None,
            (true, false) => errors.add("match_fact", "Enter the field name as the alert page shows it."),
            (false, true) => errors.add("match_value", "Enter the field value, or remove the field name."),
            (false, false) => {}
        }
        Some(FactMatch { label, value })
    }

    fn asset_matches(&self, errors: &mut FieldErrors) -> Vec<AssetMatch> {
        let mut found: Vec<AssetMatch> = Vec::new();
        for typed in &self.assets {
            let read =
                typed.split_once(':').and_then(|(kind, name)| Some((AssetKind::parse(kind)?, Pattern::new(name)?)));
            let Some((kind, name)) = read.filter(|(_, name)| name.0.chars().count() <= TEXT_LIMIT) else {
                errors.add("condition", "One of the assets cannot be read. Open the form again.");
                continue;
            };
            let asset = AssetMatch { kind, name };
            if !found.contains(&asset) {
                found.push(asset);
            }
        }
        if found.len() > ASSETS {
            errors.add("condition", "A rule can have at most 20 assets.");
        }
        found
    }

    fn effect(&self, errors: &mut FieldErrors) -> Option<Effect> {
        match EffectKind::parse(&self.effect) {
            Some(EffectKind::Ignore) => Some(Effect::Ignore),
            Some(EffectKind::Resolve) => self.resolve(errors),
            Some(EffectKind::SetSeverity) => {
                let severity = Severity::parse(&self.severity);
                if severity.is_none() {
                    errors.add("severity", "Choose the new severity.");
                }
                severity.map(|severity| Effect::SetSeverity { severity })
            }
            Some(EffectKind::AddTag) => self.add_tag(errors),
            Some(EffectKind::NeverCorrelate) => Some(Effect::NeverCorrelate),
            Some(EffectKind::Window) => self.minutes(errors).map(|minutes| Effect::Window { minutes }),
            Some(EffectKind::GroupBy) => self.group_by(errors),
            None => {
                errors.add("effect", "Choose an action.");
                None
            }
        }
    }

    fn group_by(&self, errors: &mut FieldErrors) -> Option<Effect> {
        let minutes = self.minutes(errors);
        let Some(field) = GroupField::parse(&self.group_field) else {
            errors.add("group_field", "Choose what to group by.");
            return None;
        };
        let fact = if field == GroupField::Fact { one_line(&self.fact) } else { String::new() };
        if field == GroupField::Fact && (fact.is_empty() || fact.chars().count() > TEXT_LIMIT) {
            errors.add("fact", "Enter the field name as the alert page shows it.");
            return None;
        }
        minutes.map(|minutes| Effect::GroupBy { field, fact, minutes })
    }

    fn resolve(&self, errors: &mut FieldErrors) -> Option<Effect> {
        let note = self.note.trim().replace("\r\n", "\n");
        if note.is_empty() {
            errors.add("note", "Enter a resolution note.");
        } else if note.chars().count() > REASON_LIMIT {
            errors.add("note", "A note can have at most 1,000 characters.");
        }
        match Outcome::parse(Outcome::default(), Some(&self.classification), None) {
            Ok(outcome) if outcome.is_set() => Some(Effect::Resolve { outcome, note }),
            Ok(_) => {
                errors.add("classification", "Choose a classification.");
                None
            }
            Err((_, message)) => {
                errors.add("classification", message);
                None
            }
        }
    }

    fn add_tag(&self, errors: &mut FieldErrors) -> Option<Effect> {
        match tags::one_custom(&self.tag) {
            Ok(tag) => Some(Effect::AddTag { tag }),
            Err(message) => {
                errors.add("tag", message);
                None
            }
        }
    }

    fn minutes(&self, errors: &mut FieldErrors) -> Option<i64> {
        let unit = UNITS.iter().find(|(name, _)| *name == self.unit).map(|(_, size)| *size);
        let minutes = self.amount.trim().parse::<i64>().ok().zip(unit).and_then(|(n, size)| n.checked_mul(size));
        let minutes = minutes.filter(|minutes| (1..=LONGEST).contains(minutes));
        if minutes.is_none() {
            errors.add("amount", "Enter a time from 1 minute to 30 days, as a whole number.");
        }
        minutes
    }

    /// The end of its last day. Of a rule that ignores it is never left out.
    fn expiry(&self, ignores: bool, now: i64, errors: &mut FieldErrors) -> Option<i64> {
        if self.never_expires {
            if ignores {
                errors.add("expires", "A rule that ignores alerts must expire: enter a date within a year.");
            }
            return None;
        }
        let typed = self.expires.trim();
        let in_thirty_days = last_day(now + LIFE * DAY);
        let Some(ends) = end_of_day(if typed.is_empty() { &in_thirty_days } else { typed }) else {
            errors.add("expires", "Enter a date such as 2027-01-31.");
            return None;
        };
        if ends <= now {
            errors.add("expires", "This date has passed. Enter a later one.");
        } else if ends - now > LONGEST_LIFE {
            errors.add("expires", "Enter a date within a year: rules are reviewed once a year.");
        }
        Some(ends)
    }
}

/// The last microsecond of a day, UTC.
pub(in crate::rules) fn end_of_day(date: &str) -> Option<i64> {
    let date: Date = date.parse().ok()?;
    let next = date.tomorrow().ok()?.to_zoned(TimeZone::UTC).ok()?;
    Some(next.timestamp().as_microsecond())
}
