//! Rules in the database: their order, their changes with who made them, and how often they are used.

use std::collections::HashMap;

use diesel::prelude::*;

use crate::accounts::setting_changes::{self, Setting, SettingChange};
use crate::accounts::users;
use crate::clock::{self, DAY};
use crate::db::{AnyConnection, Tx};
use crate::error::{Error, Result};
use crate::model::actor::Actor;
use crate::model::conflict::Conflict;
use crate::model::user::User;
use crate::permissions::{Action, require};
use crate::rules::describe::RuleSnapshot;
use crate::rules::draft::{Checked, Draft};
use crate::rules::rule::Rule;
use crate::rules::trial_figures::{TrialFigures, trials};
use crate::schema::{house_rule_days, house_rules, incident_facets};
use crate::text::folded;

/// The kind of rules in the record of changes.
const KIND: &str = "houseRule";
/// Days for which the hits of each day are kept.
pub const KEPT_DAYS: i64 = 35;
/// What the record of changes calls the state of a proposal.
pub(super) const STATE: &str = "State";
const PROPOSED: &str = "Proposed";
/// Most rules: every rule is tried on every alert.
const MOST: usize = 500;
/// Most proposals of one person that wait.
const MOST_PROPOSALS: usize = 20;
/// Sources that the form suggests.
const SOURCES: i64 = 200;

/// A row of the list of rules.
#[derive(Debug, Clone)]
pub struct Listed {
    pub rule: Rule,
    /// The owner's display name.
    pub owner: String,
    /// The display name of who proposed it; empty where nobody did.
    pub proposer: String,
    /// The figures of its latest trial, of a proposal.
    pub trial: Option<TrialFigures>,
    /// Uses of the last seven days, today included.
    pub week: i64,
}

/// All rules, in order.
pub fn all(conn: &mut AnyConnection) -> Result<Vec<Rule>> {
    Ok(house_rules::table.order((house_rules::position, house_rules::id)).select(Rule::as_select()).load(conn)?)
}

/// Those that have an effect now, in order.
pub fn in_force(conn: &mut AnyConnection) -> Result<Vec<Rule>> {
    let now = clock::now();
    let rules: Vec<Rule> = house_rules::table
        .filter(house_rules::enabled.eq(true).and(house_rules::pending.eq(false)))
        .order((house_rules::position, house_rules::id))
        .select(Rule::as_select())
        .load(conn)?;
    Ok(rules.into_iter().filter(|rule| rule.is_in_force(now)).collect())
}

pub fn find(conn: &mut AnyConnection, id: i64) -> Result<Rule> {
    Ok(house_rules::table.find(id).select(Rule::as_select()).first(conn)?)
}

pub fn list(conn: &mut AnyConnection) -> Result<Vec<Listed>> {
    let people = users::names(conn)?;
    let since = clock::now() / DAY - 6;
    let days: Vec<(i64, i64)> = house_rule_days::table
        .filter(house_rule_days::day.ge(since))
        .select((house_rule_days::rule_id, house_rule_days::hits))
        .load(conn)?;
    let mut week: HashMap<i64, i64> = HashMap::new();
    for (rule, hits) in days {
        *week.entry(rule).or_default() += hits;
    }
    let trials = trials(conn)?;
    let listed = all(conn)?.into_iter().map(|rule| Listed {
        owner: people.get(&rule.owner_id).map(User::shown_name).unwrap_or_default(),
        proposer: rule.proposed_by.and_then(|id| people.get(&id)).map(User::shown_name).unwrap_or_default(),
        trial: trials.get(&rule.id).copied(),
        week: week.get(&rule.id).copied().unwrap_or(0),
        rule,
    });
    Ok(listed.collect())
}

/// Uses a day, oldest first, one for each of the last [`KEPT_DAYS`] days.
pub fn days(conn: &mut AnyConnection, rule: i64) -> Result<Vec<i64>> {
    let first = clock::now() / DAY - KEPT_DAYS + 1;
    let known: HashMap<i64, i64> = house_rule_days::table
        .filter(house_rule_days::rule_id.eq(rule))
        .filter(house_rule_days::day.ge(first))
        .select((house_rule_days::day, house_rule_days::hits))
        .load::<(i64, i64)>(conn)?
        .into_iter()
        .collect();
    Ok((first..first + KEPT_DAYS).map(|day| known.get(&day).copied().unwrap_or(0)).collect())
}

/// The latest changes first; of one rule, or of all.
pub fn changes(conn: &mut AnyConnection, rule: Option<i64>, limit: i64) -> Result<Vec<SettingChange>> {
    setting_changes::latest(conn, KIND, rule, limit)
}

/// Service sources that alerts came from.
pub fn sources(conn: &mut AnyConnection) -> Result<Vec<String>> {
    Ok(incident_facets::table
        .filter(incident_facets::facet.eq("serviceSource"))
        .select(incident_facets::value)
        .distinct()
        .order(incident_facets::value)
        .limit(SOURCES)
        .load(conn)?)
}

/// Makes a rule (`id` is none), last in the order, or changes one; returns its id. A `revision` that
/// is not the stored one is a conflict: somebody else saved since. Of somebody who may only propose, a new rule waits
/// until it is approved.
pub fn save(tx: &mut Tx<'_>, actor: &Actor, id: Option<i64>, revision: Option<i64>, draft: &Draft) -> Result<i64> {
    let proposes = id.is_none() && require(actor, Action::ApproveRule).is_err();
    require(actor, if proposes { Action::ProposeRule } else { Action::ApproveRule })?;
    // Taking the number also makes two saves take turns.
    let change = setting_changes::next(tx)?;
    let people = users::list(tx.conn)?;
    let wanted = draft.check(&people, clock::now())?;
    let rules = all(tx.conn)?;
    let old = rule_to_change(&rules, id, &wanted)?;
    if let Some(old) = old
        && revision.is_some_and(|revision| revision != old.revision)
    {
        return Err(Error::Conflict(Box::<Conflict>::default()));
    }
    let place = old.and_then(|old| rules.iter().position(|rule| rule.id == old.id)).unwrap_or(rules.len()) + 1;
    let before = old.map(|old| snapshot(old, &people, place)).transpose()?;
    let state = if proposes || old.is_some_and(|old| old.pending) { PROPOSED } else { "" };
    let after = RuleSnapshot::new(&wanted, &owner(&people, wanted.owner_id), place).with(STATE, state).to_json()?;
    if let Some(old) = old.filter(|old| checked(old) == wanted) {
        return Ok(old.id);
    }
    let position = rules.last().map_or(0, |rule| rule.position) + 1;
    if proposes {
        require_room_for_proposal(&rules, actor)?;
    }
    let id = write_rule(tx, actor, old, &wanted, position)?;
    if proposes {
        note_proposal(tx, actor, id)?;
    }
    insert_change(tx, actor, change, (id, &wanted.name), (before, Some(after)))?;
    Ok(id)
}

/// The rule of this id; `None` for a new one. Refuses a name that is taken, and a rule beyond the most.
fn rule_to_change<'a>(rules: &'a [Rule], id: Option<i64>, wanted: &Checked) -> Result<Option<&'a Rule>> {
    let key = folded(&wanted.name);
    if rules.iter().any(|rule| folded(&rule.name) == key && Some(rule.id) != id) {
        return Err(Error::at_field("name", "A rule with this name already exists."));
    }
    match id {
        Some(id) => rules.iter().find(|rule| rule.id == id).ok_or(Error::NotFound).map(Some),
        None if rules.len() >= MOST => Err(Error::at_field("name", "There are already 500 rules. Delete one first.")),
        None => Ok(None),
    }
}

/// Refuses another proposal of somebody who has too many that wait: nobody can look through them, and each is a rule.
fn require_room_for_proposal(rules: &[Rule], actor: &Actor) -> Result<()> {
    let waiting = rules.iter().filter(|rule| rule.pending && rule.proposed_by == actor.id()).count();
    if waiting < MOST_PROPOSALS {
        return Ok(());
    }
    let why = format!("{MOST_PROPOSALS} of your proposals are already waiting. Wait until they are decided.");
    Err(Error::at_field("name", why))
}

/// Notes that a rule was proposed.
fn note_proposal(tx: &mut Tx<'_>, actor: &Actor, id: i64) -> Result<()> {
    let proposal = (
        house_rules::pending.eq(true),
        house_rules::proposed_by.eq(actor.id()),
        house_rules::proposed_at.eq(Some(clock::now())),
    );
    diesel::update(house_rules::table.find(id)).set(proposal).execute(tx.conn)?;
    Ok(())
}

/// Updates the `old` rule, or inserts a new one at `position`; returns its id.
fn write_rule(tx: &mut Tx<'_>, actor: &Actor, old: Option<&Rule>, wanted: &Checked, position: i64) -> Result<i64> {
    let (now, body) = (clock::now(), serde_json::to_string(&wanted.body)?);
    let values = (
        house_rules::name.eq(&wanted.name),
        house_rules::name_key.eq(folded(&wanted.name)),
        house_rules::enabled.eq(wanted.enabled),
        house_rules::body.eq(body),
        house_rules::owner_id.eq(wanted.owner_id),
        house_rules::reason.eq(&wanted.reason),
        house_rules::expires_at.eq(wanted.expires_at),
        house_rules::updated_at.eq(now),
        house_rules::updated_by.eq(actor.label()),
    );
    if let Some(old) = old {
        diesel::update(house_rules::table.find(old.id))
            // The figures of a trial are those of what was tried.
            .set((house_rules::revision.eq(old.revision + 1), house_rules::trial.eq(None::<String>), values))
            .execute(tx.conn)?;
        return Ok(old.id);
    }
    let id = tx.take_ids("house_rule", 1)?;
    let first = (
        house_rules::id.eq(id),
        house_rules::revision.eq(1),
        house_rules::position.eq(position),
        house_rules::hits.eq(0),
        house_rules::created_at.eq(now),
    );
    diesel::insert_into(house_rules::table).values((first, values)).execute(tx.conn)?;
    Ok(id)
}

/// A rule with its place, from 1.
pub(super) fn find_with_position(rules: &[Rule], id: i64) -> Result<(usize, &Rule)> {
    let found = rules.iter().enumerate().find(|(_, rule)| rule.id == id);
    found.map(|(index, rule)| (index + 1, rule)).ok_or(Error::NotFound)
}

/// Notes that a rule was changed, so that stale forms conflict.
pub(super) fn increment_revision(tx: &mut Tx<'_>, actor: &Actor, rule: &Rule) -> Result<()> {
    diesel::update(house_rules::table.find(rule.id))
        .set((
            house_rules::revision.eq(rule.revision + 1),
            house_rules::updated_at.eq(clock::now()),
            house_rules::updated_by.eq(actor.label()),
        ))
        .execute(tx.conn)?;
    Ok(())
}

pub(super) fn owner(people: &[User], id: i64) -> String {
    people.iter().find(|user| user.id == id).map(|user| user.display_name.clone()).unwrap_or_default()
}

/// A stored rule as a valid draft.
pub(super) fn checked(rule: &Rule) -> Checked {
    Checked {
        name: rule.name.clone(),
        enabled: rule.enabled,
        body: rule.body.clone(),
        owner_id: rule.owner_id,
        reason: rule.reason.clone(),
        expires_at: rule.expires_at,
    }
}

pub(super) fn snapshot(rule: &Rule, people: &[User], place: usize) -> Result<String> {
    Ok(facts(rule, people, place).to_json()?)
}

/// What the record of changes keeps of a stored rule.
pub(super) fn facts(rule: &Rule, people: &[User], place: usize) -> RuleSnapshot {
    let state = if rule.pending { PROPOSED } else { "" };
    RuleSnapshot::new(&checked(rule), &owner(people, rule.owner_id), place).with(STATE, state)
}

pub(super) type Bodies = (Option<String>, Option<String>);

pub(super) fn insert_change(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: i64,
    (rule, name): (i64, &str),
    (old, new): Bodies,
) -> Result<()> {
    setting_changes::note(tx, actor, id, Setting { kind: KIND, id: rule, name }, (old, new))
}
