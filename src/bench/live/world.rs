//! The people who follow an incident, and the queue that it is in.

use diesel::prelude::*;

use crate::accounts::setup::CONSOLE;
use crate::accounts::{passwords, people};
use crate::bench::queue::world;
use crate::db::Db;
use crate::error::Result;
use crate::model::user::Role;
use crate::schema::incidents;

/// Alerts in the queue: a hundred incidents.
const ALERTS: u64 = 1_000;

/// Adds analysts and a queue; returns the names of the analysts and an incident to follow.
pub fn create(db: &Db, people: usize, password: &str) -> Result<(Vec<String>, i64)> {
    let hashed = passwords::hash(password)?;
    let names: Vec<String> = (1..=people).map(|number| format!("analyst{number}")).collect();
    for name in &names {
        let new = people::NewUser {
            name: name.clone(),
            display_name: String::new(),
            role: Role::Analyst,
            password: password.to_owned(),
        };
        db.write_now(|tx| people::add(tx, &CONSOLE, &new, &hashed))?;
    }
    world::grow(db, 0, ALERTS, &mut |_| {})?;
    let newest = incidents::table.filter(incidents::is_open.eq(true)).order(incidents::id.desc()).select(incidents::id);
    let incident: i64 = db.read_now(|conn| Ok(newest.first(conn)?))?;
    Ok((names, incident))
}
