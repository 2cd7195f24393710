//! Rules of somebody who no longer answers for them.

use diesel::prelude::*;

use crate::accounts::{setting_changes, users};
use crate::db::{AnyConnection, Tx};
use crate::error::Result;
use crate::model::actor::Actor;
use crate::model::user::User;
use crate::permissions::{Action, require};
use crate::rules::rule::Rule;
use crate::rules::store::{all, increment_revision, insert_change, snapshot};
use crate::schema::house_rules;

/// How many rules a person owns, proposed ones included.
pub fn count_of(conn: &mut AnyConnection, person: i64) -> Result<i64> {
    Ok(house_rules::table.filter(house_rules::owner_id.eq(person)).count().get_result(conn)?)
}

/// Makes somebody else the owner of a person's rules; each change is recorded.
pub fn hand_over(tx: &mut Tx<'_>, actor: &Actor, from: &User, to: &User) -> Result<()> {
    require(actor, Action::ApproveRule)?;
    let rules = all(tx.conn)?;
    let people = users::list(tx.conn)?;
    for (index, old) in rules.iter().enumerate().filter(|(_, rule)| rule.owner_id == from.id) {
        let change = setting_changes::next(tx)?;
        let new = Rule { owner_id: to.id, ..old.clone() };
        diesel::update(house_rules::table.find(old.id)).set(house_rules::owner_id.eq(to.id)).execute(tx.conn)?;
        increment_revision(tx, actor, old)?;
        let bodies = (Some(snapshot(old, &people, index + 1)?), Some(snapshot(&new, &people, index + 1)?));
        insert_change(tx, actor, change, (old.id, &old.name), bodies)?;
    }
    Ok(())
}
