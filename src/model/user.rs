//! People who sign in, and their roles.

use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use crate::schema::users;

/// One person. Never deleted, since history names them; a disabled one cannot sign in.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = users)]
pub struct User {
    pub id: i64,
    /// The user name: typed to sign in and part of URLs; compared without case.
    pub name: String,
    pub display_name: String,
    #[diesel(deserialize_as = String)]
    pub role: Role,
    pub disabled: bool,
    /// The IANA name of the zone in which times are shown; empty for that of the browser.
    pub time_zone: String,
    /// Whether single keys are shortcuts.
    pub key_shortcuts: bool,
}

impl User {
    /// The display name, which says so when the person is disabled.
    pub fn shown_name(&self) -> String {
        if self.disabled { format!("{} (disabled)", self.display_name) } else { self.display_name.clone() }
    }

    /// Whether work can be assigned to them: not to disabled people and viewers.
    pub fn can_own(&self) -> bool {
        !self.disabled && self.role >= Role::Analyst
    }
}

/// Whom alerts were assigned to, by id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Owner {
    Nobody,
    Person(i64),
}

crate::text_enum! {
    /// What a person may do.
    pub enum Role {
        /// Looks, changes nothing.
        Viewer = "viewer" / "Viewer",
        /// Works incidents and alerts.
        Analyst = "analyst" / "Analyst",
        /// Also decides on rules, and brings back what they hid.
        Lead = "lead" / "Lead",
        /// Also manages people and tokens.
        Administrator = "administrator" / "Administrator",
    }
}
