//! Shared views of somebody who no longer keeps them.

use diesel::prelude::*;

use crate::clock;
use crate::db::{AnyConnection, Tx};
use crate::error::Result;
use crate::model::user::User;
use crate::schema::views;
use crate::text::folded;

/// How many views a person shares.
pub fn count_shared_of(conn: &mut AnyConnection, person: i64) -> Result<i64> {
    let shared = views::table.filter(views::owner_id.eq(person)).filter(views::shared.eq(true));
    Ok(shared.count().get_result(conn)?)
}

/// Makes somebody else the owner of the views that a person shares. One whose name they have already says whose it was.
pub fn hand_over(tx: &mut Tx<'_>, from: &User, to: &User) -> Result<()> {
    let keys = |conn: &mut AnyConnection| -> Result<Vec<String>> {
        Ok(views::table.filter(views::owner_id.eq(to.id)).select(views::name_key).load(conn)?)
    };
    let mut taken = keys(tx.conn)?;
    let last: Option<i64> =
        views::table.filter(views::owner_id.eq(to.id)).select(diesel::dsl::max(views::position)).first(tx.conn)?;
    let mut position = last.unwrap_or(0);
    let shared: Vec<(i64, String)> = views::table
        .filter(views::owner_id.eq(from.id))
        .filter(views::shared.eq(true))
        .order((views::position, views::id))
        .select((views::id, views::name))
        .load(tx.conn)?;
    for (id, name) in shared {
        let name = if taken.contains(&folded(&name)) { format!("{name} ({} {id})", from.name) } else { name };
        position += 1;
        taken.push(folded(&name));
        diesel::update(views::table.find(id))
            .set((
                views::owner_id.eq(to.id),
                views::name.eq(&name),
                views::name_key.eq(folded(&name)),
                views::position.eq(position),
                views::updated_at.eq(clock::now()),
            ))
            .execute(tx.conn)?;
    }
    Ok(())
}
