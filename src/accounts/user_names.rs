//! The names of people: which are allowed, and how they are compared.

use crate::accounts::look_alike::{has_invisible, look_alike};
use crate::error::{FieldErrors, Result};
use crate::model::user::User;

/// Longest user name and display name, in characters.
const LIMIT: usize = 100;

/// What is wrong with a name that has characters nobody sees.
const INVISIBLE: &str = "This name contains invisible characters. Type it again.";

/// Adds a message at `name` if it cannot be a user name.
pub fn check(name: &str, errors: &mut FieldErrors) {
    let name = name.trim();
    if name.is_empty() {
        errors.add("name", "Enter a user name.");
    } else if name.chars().count() > LIMIT {
        errors.add("name", "A user name can have at most 100 characters.");
    } else if name.chars().any(|c| c.is_whitespace() || c.is_control()) || name.contains([',', ':']) {
        errors.add("name", "A user name cannot contain spaces, commas or colons.");
    } else if has_invisible(name) {
        errors.add("name", INVISIBLE);
    } else if matches!(name.to_lowercase().as_str(), "me" | "none") {
        errors.add("name", "This name is reserved for filters. Choose another one.");
    }
}

/// Adds a message at `display_name` if it cannot be one.
pub fn check_display_name(name: &str, errors: &mut FieldErrors) {
    if name.chars().count() > LIMIT {
        errors.add("display_name", "A display name can have at most 100 characters.");
    } else if has_invisible(name.trim()) {
        errors.add("display_name", INVISIBLE);
    }
}

/// Refuses names that could be taken for those of one of these people. Each name stands with its field.
pub fn refuse_look_alikes<'a>(people: impl Iterator<Item = &'a User>, names: &[(&'static str, &str)]) -> Result<()> {
    let mut errors = FieldErrors::default();
    for user in people {
        for &(field, name) in names {
            let is_taken =
                !name.trim().is_empty() && [&user.name, &user.display_name].iter().any(|taken| look_alike(name, taken));
            if is_taken && errors.at(field).is_none() {
                errors.add(
                    field,
                    format!("This name looks like that of {} ({}). Choose another one.", user.display_name, user.name),
                );
            }
        }
    }
    errors.into_result()
}

/// Whether somebody could have this name, as far as its length tells.
pub fn is_possible(name: &str) -> bool {
    name.trim().chars().count() <= LIMIT
}

/// The form under which names are compared.
pub fn key(name: &str) -> String {
    name.trim().to_lowercase()
}
