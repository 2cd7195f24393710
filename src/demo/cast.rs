//! The people of the sample world. Tests and browser journeys know the same ones by the same names.

use crate::accounts::setup::CONSOLE;
use crate::accounts::{passwords, people};
use crate::clock;
use crate::db::{Db, Tx};
use crate::error::Result;
use crate::model::user::{Role, User};
use crate::secrets::random_hex;

/// A person who can sign in.
#[derive(Debug, Clone, Copy)]
pub struct Person {
    pub name: &'static str,
    pub display_name: &'static str,
    pub role: Role,
}

pub const DANA: Person = Person { name: "dana", display_name: "Dana Reyes", role: Role::Analyst };
pub const OMAR: Person = Person { name: "omar", display_name: "Omar Haddad", role: Role::Analyst };
/// A third analyst, in the sample world only: so that the owners that tests list stay few.
pub const MEI: Person = Person { name: "mei", display_name: "Mei Lindqvist", role: Role::Analyst };
/// A lead, in the sample world only, as Mei is.
pub const LENA: Person = Person { name: "lena", display_name: "Lena Fischer", role: Role::Lead };
pub const VIC: Person = Person { name: "vic", display_name: "Vic Moreau", role: Role::Viewer };
pub const ADA: Person = Person { name: "ada", display_name: "Ada Novak", role: Role::Administrator };

/// The analysts of the sample world, and the password of everybody in it.
pub struct Cast {
    pub dana: User,
    pub omar: User,
    pub mei: User,
    pub password: String,
}

/// Adds a person with a password; the caller hashes it before, because that takes long.
pub fn add(tx: &mut Tx<'_>, person: &Person, password: &str, hash: &passwords::Hashed) -> Result<User> {
    let new = people::NewUser {
        name: person.name.to_owned(),
        display_name: person.display_name.to_owned(),
        role: person.role,
        password: password.to_owned(),
    };
    people::add(tx, &CONSOLE, &new, hash)
}

/// Adds the people of the sample world. Their password is made for this run: even a sample world has
/// no default one.
pub fn create(db: &Db, now: i64) -> Result<Cast> {
    let password = random_hex(8)?;
    let hash = passwords::hash(&password)?;
    db.write_now(|tx| {
        clock::at(now - 30 * clock::DAY, || {
            let mut add = |person| add(tx, person, &password, &hash);
            let (dana, omar, mei) = (add(&DANA)?, add(&OMAR)?, add(&MEI)?);
            add(&LENA)?;
            add(&VIC)?;
            add(&ADA)?;
            Ok(Cast { dana, omar, mei, password: password.clone() })
        })
    })
}
