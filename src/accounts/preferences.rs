//! What a person has chosen for themselves. A choice of nothing is the default.

use std::collections::HashMap;

use diesel::prelude::*;

use crate::db::{AnyConnection, Tx};
use crate::error::Result;
use crate::schema::preferences;

crate::text_enum! {
    /// What can be chosen.
    pub enum Preference {
        /// The queue's columns in their order, by commas.
        Columns = "columns" / "Columns",
        /// How close the queue's rows stand.
        Density = "density" / "Density",
        /// The view that /incidents begins with.
        View = "view" / "Default view",
    }
}

crate::text_enum! {
    /// How close the rows stand.
    #[derive(Default)]
    pub enum Density {
        #[default]
        Comfortable = "comfortable" / "Comfortable",
        Compact = "compact" / "Compact",
    }
}

/// A person's choices.
#[derive(Debug, Clone, Default)]
pub struct Preferences(HashMap<String, String>);

impl Preferences {
    pub fn load(conn: &mut AnyConnection, user: i64) -> Result<Self> {
        let rows: Vec<(String, String)> = preferences::table
            .filter(preferences::user_id.eq(user))
            .select((preferences::name, preferences::value))
            .load(conn)?;
        Ok(Self(rows.into_iter().collect()))
    }

    /// What was chosen; none when nothing was.
    pub fn get(&self, which: Preference) -> Option<&str> {
        self.0.get(which.as_str()).map(String::as_str)
    }

    pub fn density(&self) -> Density {
        self.get(Preference::Density).and_then(Density::parse).unwrap_or_default()
    }
}

/// Keeps a choice; an empty one is forgotten, which is the default again.
pub fn set(tx: &mut Tx<'_>, user: i64, which: Preference, value: &str) -> Result<()> {
    diesel::delete(preferences::table.find((user, which.as_str()))).execute(tx.conn)?;
    if !value.is_empty() {
        diesel::insert_into(preferences::table)
            .values((preferences::user_id.eq(user), preferences::name.eq(which.as_str()), preferences::value.eq(value)))
            .execute(tx.conn)?;
    }
    Ok(())
}
