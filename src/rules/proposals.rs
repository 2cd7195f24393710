//! Proposed rules: they wait until somebody who may approve rules decides about them.

use diesel::prelude::*;

use crate::accounts::{setting_changes, users};
use crate::clock;
use crate::db::{AnyConnection, Tx};
use crate::error::{Error, Result};
use crate::model::actor::Actor;
use crate::permissions::{Action, require};
use crate::rules::rule::Rule;
use crate::rules::store::{STATE, all, facts, find_with_position, increment_revision, insert_change};
use crate::schema::house_rules;

/// Longest note of a decision, in characters.
const NOTE_LIMIT: usize = 1_000;

/// How many proposed rules wait for a decision.
pub fn count_waiting(conn: &mut AnyConnection) -> Result<i64> {
    Ok(house_rules::table.filter(house_rules::pending.eq(true)).count().get_result(conn)?)
}

/// Lets a proposed rule apply from now on; returns its name.
pub fn approve(tx: &mut Tx<'_>, actor: &Actor, id: i64, note: &str) -> Result<String> {
    decide(tx, actor, id, note, true)
}

/// Removes a proposed rule; the record of changes keeps it. Returns its name.
pub fn decline(tx: &mut Tx<'_>, actor: &Actor, id: i64, note: &str) -> Result<String> {
    decide(tx, actor, id, note, false)
}

fn decide(tx: &mut Tx<'_>, actor: &Actor, id: i64, note: &str, approved: bool) -> Result<String> {
    require(actor, Action::ApproveRule)?;
    let note = note.trim();
    if note.chars().count() > NOTE_LIMIT {
        return Err(Error::at_field("note_of_decision", "A note can have at most 1,000 characters."));
    }
    let change = setting_changes::next(tx)?;
    let rules = all(tx.conn)?;
    let (place, old) = find_with_position(&rules, id)?;
    if !old.pending {
        return Err(Error::at_field("note_of_decision", "This was already decided."));
    }
    if approved && old.is_expired(clock::now()) {
        let why = "The rule has expired. Enter a later date and save it first.";
        return Err(Error::at_field("note_of_decision", why));
    }
    let people = users::list(tx.conn)?;
    let new = Rule { pending: false, ..old.clone() };
    let state = if approved { "Approved" } else { "Declined" };
    let after = facts(&new, &people, place).with(STATE, state).with("Decision note", note);
    if approved {
        diesel::update(house_rules::table.find(id)).set(house_rules::pending.eq(false)).execute(tx.conn)?;
        increment_revision(tx, actor, old)?;
    } else {
        diesel::delete(house_rules::table.find(id)).execute(tx.conn)?;
    }
    let bodies = (Some(facts(old, &people, place).to_json()?), Some(after.to_json()?));
    insert_change(tx, actor, change, (id, &old.name), bodies)?;
    Ok(old.name.clone())
}
