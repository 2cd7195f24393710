//! The preferences of a person. Without a choice the default applies.

use std::collections::HashMap;

use diesel::prelude::*;

use crate::accounts::pane_layout::PaneLayout;
use crate::db::{AnyConnection, Tx};
use crate::error::Result;
use crate::schema::preferences;

crate::text_enum! {
    /// What can be chosen.
    pub enum Preference {
        /// The columns of the lists in their order, by commas.
        Columns = "columns" / "Columns",
        AlertColumns = "alertColumns" / "Columns of alerts",
        /// Of the alerts of one incident.
        TabColumns = "tabColumns" / "Columns of the Alerts tab",
        /// The density of the queue's rows.
        Density = "density" / "Density",
        /// The saved view that /incidents opens.
        View = "view" / "Default view",
        /// The saved view that /alerts opens.
        AlertView = "alertView" / "Default view of alerts",
        /// The sections of the management pane ([`PaneLayout`]).
        Pane = "pane" / "Sections of the pane",
        /// "closed" where the forms beside the Alerts tab are folded away.
        Side = "side" / "Beside the Alerts tab",
    }
}

crate::text_enum! {
    /// The density of rows.
    #[derive(Default)]
    pub enum Density {
        #[default]
        Comfortable = "comfortable" / "Comfortable",
        Compact = "compact" / "Compact",
    }
}

/// The value of [`Preference::Side`] that folds the forms away.
pub const SIDE_CLOSED: &str = "closed";

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

    /// The choice; `None` for the default.
    pub fn get(&self, which: Preference) -> Option<&str> {
        self.0.get(which.as_str()).map(String::as_str)
    }

    pub fn pane(&self) -> PaneLayout {
        PaneLayout::parse(self.get(Preference::Pane).unwrap_or_default())
    }

    /// Whether the forms beside the Alerts tab are shown.
    pub fn is_side_open(&self) -> bool {
        self.get(Preference::Side) != Some(SIDE_CLOSED)
    }

    pub fn density(&self) -> Density {
        self.get(Preference::Density).and_then(Density::parse).unwrap_or_default()
    }
}

/// Stores a choice; an empty one resets it to the default.
pub fn set(tx: &mut Tx<'_>, user: i64, which: Preference, value: &str) -> Result<()> {
    diesel::delete(preferences::table.find((user, which.as_str()))).execute(tx.conn)?;
    if !value.is_empty() {
        diesel::insert_into(preferences::table)
            .values((preferences::user_id.eq(user), preferences::name.eq(which.as_str()), preferences::value.eq(value)))
            .execute(tx.conn)?;
    }
    Ok(())
}
