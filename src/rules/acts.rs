//! The buttons of a stored rule: on and off, its place in the order, renewing, deleting.

use diesel::prelude::*;

use crate::accounts::{setting_changes, users};
use crate::clock::{self, DAY};
use crate::db::Tx;
use crate::error::Result;
use crate::model::actor::Actor;
use crate::permissions::{Action, require};
use crate::rules::draft::LIFE;
use crate::rules::draft::check::end_of_day;
use crate::rules::rule::Rule;
use crate::rules::store::{all, find_with_position, increment_revision, insert_change, snapshot};
use crate::rules::wording::last_day;
use crate::schema::{house_rule_days, house_rules, rule_groups};

/// Which way a rule is moved in the order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    Up,
    Down,
}

/// Turns a rule on or off; returns its name.
pub fn set_enabled(tx: &mut Tx<'_>, actor: &Actor, id: i64, enabled: bool) -> Result<String> {
    change(tx, actor, id, |old| Rule { enabled, ..old.clone() })
}

/// Lets a rule apply for 30 days from now; returns its name.
pub fn renew(tx: &mut Tx<'_>, actor: &Actor, id: i64) -> Result<String> {
    let expires_at = end_of_day(&last_day(clock::now() + LIFE * DAY));
    change(tx, actor, id, |old| Rule { expires_at, ..old.clone() })
}

/// Stores a rule that is on or off, or applies until another day; returns its name.
fn change(tx: &mut Tx<'_>, actor: &Actor, id: i64, changed: impl Fn(&Rule) -> Rule) -> Result<String> {
    require(actor, Action::ApproveRule)?;
    let change = setting_changes::next(tx)?;
    let rules = all(tx.conn)?;
    let (place, old) = find_with_position(&rules, id)?;
    let new = changed(old);
    if (old.enabled, old.expires_at) == (new.enabled, new.expires_at) {
        return Ok(old.name.clone());
    }
    let people = users::list(tx.conn)?;
    diesel::update(house_rules::table.find(id))
        .set((house_rules::enabled.eq(new.enabled), house_rules::expires_at.eq(new.expires_at)))
        .execute(tx.conn)?;
    increment_revision(tx, actor, old)?;
    let bodies = (Some(snapshot(old, &people, place)?), Some(snapshot(&new, &people, place)?));
    insert_change(tx, actor, change, (id, &old.name), bodies)?;
    Ok(old.name.clone())
}

/// Moves a rule one place in the order; nothing at the ends.
pub fn change_position(tx: &mut Tx<'_>, actor: &Actor, id: i64, direction: Direction) -> Result<String> {
    require(actor, Action::ApproveRule)?;
    let change = setting_changes::next(tx)?;
    let mut rules = all(tx.conn)?;
    // Proposals have no place that people see.
    rules.retain(|rule| !rule.pending);
    let (place, rule) = find_with_position(&rules, id)?;
    let other = match direction {
        Direction::Up => place.checked_sub(1),
        Direction::Down => Some(place + 1),
    };
    let Some(next) = other.filter(|next| *next > 0).and_then(|next| rules.get(next - 1).map(|rule| (next, rule)))
    else {
        return Ok(rule.name.clone());
    };
    let (new_place, neighbour) = next;
    for (id, position) in [(neighbour.id, rule.position), (rule.id, neighbour.position)] {
        diesel::update(house_rules::table.find(id)).set(house_rules::position.eq(position)).execute(tx.conn)?;
    }
    increment_revision(tx, actor, rule)?;
    let people = users::list(tx.conn)?;
    let bodies = (Some(snapshot(rule, &people, place)?), Some(snapshot(rule, &people, new_place)?));
    insert_change(tx, actor, change, (id, &rule.name), bodies)?;
    Ok(rule.name.clone())
}

/// Deletes a rule; what it did stays, and so do the record of its changes and what it hid.
pub fn delete(tx: &mut Tx<'_>, actor: &Actor, id: i64) -> Result<String> {
    require(actor, Action::ApproveRule)?;
    let change = setting_changes::next(tx)?;
    let rules = all(tx.conn)?;
    let (place, rule) = find_with_position(&rules, id)?;
    let people = users::list(tx.conn)?;
    diesel::delete(house_rule_days::table.filter(house_rule_days::rule_id.eq(id))).execute(tx.conn)?;
    diesel::delete(rule_groups::table.filter(rule_groups::rule_id.eq(id))).execute(tx.conn)?;
    diesel::delete(house_rules::table.find(id)).execute(tx.conn)?;
    insert_change(tx, actor, change, (id, &rule.name), (Some(snapshot(rule, &people, place)?), None))?;
    Ok(rule.name.clone())
}
