//! Tags: custom ones that people give, system ones that only Watchdesk gives (R9).

use std::collections::HashSet;

use diesel::prelude::*;

use crate::schema::tags;
use crate::text::{folded, one_line};

/// Longest tag, in characters.
pub const LENGTH_LIMIT: usize = 64;
/// Most custom tags on one incident or entity.
pub const COUNT_LIMIT: usize = 50;

/// The system tag of an incident that was redirected.
pub const REDIRECTED: &str = "Redirected";

/// Names that people cannot use, because they are system tags.
pub(crate) const SYSTEM: [&str; 2] = [REDIRECTED, "Ransomware"];

/// A tag as shown.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Queryable, Selectable)]
#[diesel(table_name = tags)]
pub struct Tag {
    pub name: String,
    pub system: bool,
}

/// The form under which tags are compared.
pub fn key(name: &str) -> String {
    folded(name.trim())
}

/// Cleans what was typed: trimmed, without repeats in any case, commas separate. The error is the message for the field;
/// `whose` is what has the tags: "An incident".
pub(crate) fn clean<'a>(typed: impl IntoIterator<Item = &'a str>, whose: &str) -> Result<Vec<String>, String> {
    let (mut names, mut keys) = (Vec::new(), HashSet::new());
    for name in typed.into_iter().flat_map(|text| text.split(',')) {
        let name = one_line(name);
        if name.is_empty() || !keys.insert(key(&name)) {
            continue;
        }
        if name.chars().count() > LENGTH_LIMIT {
            return Err(format!("A tag can have at most {LENGTH_LIMIT} characters."));
        }
        if names.len() == COUNT_LIMIT {
            return Err(format!("{whose} can have at most {COUNT_LIMIT} tags."));
        }
        names.push(name);
    }
    Ok(names)
}

/// Refuses the name of a system tag, with the message for the field.
pub(crate) fn not_system(name: &str) -> Result<(), String> {
    if SYSTEM.iter().any(|system| key(system) == key(name)) {
        return Err(format!("\"{name}\" is a system tag. Only Watchdesk can set it."));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typed_tags_are_split_trimmed_and_unique_in_any_case() {
        assert_eq!(clean(["Phish,  VIP  user ", "", "phish"], "It").unwrap_or_default(), ["Phish", "VIP user"]);
        let many: Vec<String> = (0..=COUNT_LIMIT).map(|number| number.to_string()).collect();
        assert!(clean(many.iter().map(String::as_str), "It").is_err_and(|why| why == "It can have at most 50 tags."));
    }
}
