//! People as administrators see them.

use std::collections::HashMap;

use diesel::dsl::count_star;
use diesel::prelude::*;

use crate::accounts::open_sessions::PENDING;
use crate::accounts::users as lookup;
use crate::clock;
use crate::db::AnyConnection;
use crate::error::Result;
use crate::model::user::User;
use crate::schema::{sessions, users};

/// A person with what an account page tells of them.
#[derive(Debug, Clone)]
pub struct Person {
    pub user: User,
    /// Microseconds UTC.
    pub created_at: i64,
    pub last_signed_in: Option<i64>,
    pub has_password: bool,
    pub open_sessions: i64,
}

/// Everybody, by name.
pub fn list(conn: &mut AnyConnection) -> Result<Vec<Person>> {
    let facts: Vec<(i64, i64, Option<i64>, bool)> = users::table
        .select((users::id, users::created_at, users::last_signed_in, users::password_hash.is_not_null()))
        .load(conn)?;
    let facts: HashMap<i64, (i64, Option<i64>, bool)> = facts
        .into_iter()
        .map(|(id, created, signed_in, has_password)| (id, (created, signed_in, has_password)))
        .collect();
    let open: Vec<(Option<i64>, i64)> = sessions::table
        .filter(sessions::expires_at.gt(clock::now()))
        .filter(sessions::method.ne(PENDING))
        .filter(sessions::user_id.is_not_null())
        .group_by(sessions::user_id)
        .select((sessions::user_id, count_star()))
        .load(conn)?;
    let open: HashMap<Option<i64>, i64> = open.into_iter().collect();
    let people = lookup::list(conn)?.into_iter().filter_map(|user| {
        let (created_at, last_signed_in, has_password) = *facts.get(&user.id)?;
        let open_sessions = open.get(&Some(user.id)).copied().unwrap_or(0);
        Some(Person { user, created_at, last_signed_in, has_password, open_sessions })
    });
    Ok(people.collect())
}

/// One person.
pub fn find(conn: &mut AnyConnection, id: i64) -> Result<Person> {
    let (created_at, last_signed_in, has_password) = users::table
        .find(id)
        .select((users::created_at, users::last_signed_in, users::password_hash.is_not_null()))
        .first(conn)?;
    let open_sessions = sessions::table
        .filter(sessions::user_id.eq(id))
        .filter(sessions::expires_at.gt(clock::now()))
        .filter(sessions::method.ne(PENDING))
        .count()
        .get_result(conn)?;
    Ok(Person { user: lookup::find(conn, id)?, created_at, last_signed_in, has_password, open_sessions })
}
