//! The people of the sample world.

use crate::accounts::setup::CONSOLE;
use crate::accounts::{passwords, users};
use crate::clock;
use crate::db::Db;
use crate::error::Result;
use crate::model::user::{Role, User};
use crate::secrets::random_hex;

/// Three analysts and somebody who only looks.
pub struct Cast {
    pub dana: User,
    pub omar: User,
    pub mei: User,
    pub password: String,
}

/// Adds them. Their password is made for this run: even a sample world has no default one.
pub fn hire(db: &Db, now: i64) -> Result<Cast> {
    let password = random_hex(8)?;
    let hash = passwords::hash(&password)?;
    db.write_now(|tx| {
        clock::at(now - 30 * clock::DAY, || {
            let mut add = |name: &str, display_name: &str, role| {
                let new = users::NewUser {
                    name: name.to_owned(),
                    display_name: display_name.to_owned(),
                    role,
                    password: password.clone(),
                };
                users::add(tx, &CONSOLE, &new, &hash)
            };
            let dana = add("dana", "Dana Reyes", Role::Analyst)?;
            let omar = add("omar", "Omar Haddad", Role::Analyst)?;
            let mei = add("mei", "Mei Lindqvist", Role::Analyst)?;
            add("vic", "Vic Moreau", Role::Viewer)?;
            add("ada", "Ada Novak", Role::Administrator)?;
            Ok(Cast { dana, omar, mei, password: password.clone() })
        })
    })
}
