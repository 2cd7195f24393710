//! Roles in a select, each with what it may do.

use crate::model::user::Role;
use crate::web::shared::choices::{Choice, choice};

/// All roles, with the one whose stored value is `selected`.
pub fn role_choices(selected: &str) -> Vec<Choice> {
    let described = |role: Role| {
        let what = match role {
            Role::Viewer => "reads everything, changes nothing",
            Role::Analyst => "works incidents and alerts, proposes rules",
            Role::Lead => "also decides on rules",
            Role::Administrator => "also manages people, tokens and settings",
        };
        choice(role.as_str(), format!("{}: {what}", role.label()), selected)
    };
    Role::ALL.iter().copied().map(described).collect()
}
