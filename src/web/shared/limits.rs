//! How much a form may hold. It is checked as the form is read, so that a form over a limit never comes to
//! the database, and nothing that follows works on more than this.
//!
//! | what | most |
//! |---|---|
//! | a form in bytes | 2 MiB ([`LIMIT`](crate::web::shared::form::LIMIT)) |
//! | names with values in a form | 12,000 ([`PAIRS`]) |
//! | alerts of one form (`alerts`, `from`) | 1,000 |
//! | incidents and rejected items of one form (`ids`) | 1,000 |
//! | tags of one form (`tags`) | 100 values of 4,000 characters |
//! | values of any other name | 50 |
//! | characters of a comment (`body`) | 70,000, of which [`comment`](crate::operations::comment) takes 30,000 |
//! | characters of a mapping's sample and JSON (`sample`, `json`) | 400,000 |
//! | characters of any other value | 10,000 |
//! | files of one form | [`AT_ONCE`](crate::attachments::AT_ONCE), each as large as `--attachment-limit` says |
//!
//! What an operation takes is often less, and it says so at the field. An address is at most 64 KiB long,
//! and the queue reads 50 values of each filter from it ([`crate::queue`]).

use std::collections::HashMap;

use crate::error::FieldErrors;
use crate::operations::move_alerts;
use crate::text::thousands;

/// Most names with values in one form. A mapping with a hundred rules has some thousands.
pub const PAIRS: usize = 12_000;

/// How many values a name may have, and how many characters each.
struct Limit {
    name: &'static str,
    values: usize,
    characters: usize,
}

const fn limit(name: &'static str, values: usize, characters: usize) -> Limit {
    Limit { name, values, characters }
}

/// A number in decimal digits, with some room.
const NUMBER: usize = 40;

/// Longest name of a field in bytes.
const NAME: usize = 200;

/// Names that differ from [`ANY_OTHER`].
const LIMITS: [Limit; 7] = [
    limit("alerts", move_alerts::LIMIT, NUMBER),
    limit("from", move_alerts::LIMIT, NUMBER),
    limit("ids", 1_000, NUMBER),
    limit("tags", 100, 4_000),
    limit("body", 1, 70_000),
    limit("sample", 1, 400_000),
    limit("json", 1, 400_000),
];

/// Where errors are that no page shows at a field.
pub const AT_FORM: &str = "form";

/// The limit of all other names.
const ANY_OTHER: Limit = limit(AT_FORM, 50, 10_000);

/// Fields with the place where their pages show an error, where that is not at the form.
const SHOWN_AT: [(&str, &str); 9] = [
    ("from", "alerts"),
    ("name", "name"),
    ("resolving_note", "resolving_note"),
    ("comment", "comment"),
    ("add_tags", "tags"),
    ("remove_tags", "remove_tags"),
    ("target", "target"),
    ("reason", "reason"),
    ("query", "query"),
];

/// Names and values, in order.
pub type Pairs = Vec<(String, String)>;

/// Takes as much of a form as the limits allow, and says what is over them.
pub fn within_limits(pairs: impl Iterator<Item = (String, String)>) -> (Pairs, FieldErrors) {
    let (mut kept, mut errors, mut counts) = (Pairs::new(), FieldErrors::default(), HashMap::<String, usize>::new());
    for (name, value) in pairs {
        if kept.len() == PAIRS {
            errors.add(AT_FORM, format!("A form can have at most {} values.", thousands(PAIRS)));
            break;
        }
        let limit = LIMITS.iter().find(|limit| limit.name == name).unwrap_or(&ANY_OTHER);
        if name.len() > NAME {
            add(&mut errors, AT_FORM, "A field name is too long.".to_owned());
            continue;
        }
        let count = counts.entry(name.clone()).or_default();
        *count += 1;
        if *count > limit.values {
            add(&mut errors, field_of(&name), too_many(limit));
            continue;
        }
        let value = match cut(&value, limit.characters) {
            Some(cut) => {
                add(&mut errors, field_of(&name), too_long(limit));
                cut.to_owned()
            }
            None => value,
        };
        kept.push((name, value));
    }
    (kept, errors)
}

/// The first `most` characters of a text that has more.
fn cut(text: &str, most: usize) -> Option<&str> {
    text.char_indices().nth(most).and_then(|(end, _)| text.get(..end))
}

/// Where the error of a name is shown.
fn field_of(name: &str) -> &'static str {
    let own = LIMITS.iter().map(|limit| (limit.name, limit.name));
    SHOWN_AT.into_iter().chain(own).find(|(known, _)| *known == name).map_or(AT_FORM, |(_, place)| place)
}

/// Adds an error unless the field has one.
fn add(errors: &mut FieldErrors, field: &'static str, message: String) {
    if errors.at(field).is_none() {
        errors.add(field, message);
    }
}

fn too_many(limit: &Limit) -> String {
    let most = thousands(limit.values);
    match limit.name {
        "alerts" | "from" => format!("You can select at most {most} alerts at once."),
        "ids" => format!("You can select at most {most} one by one. Use a filter for more."),
        "tags" => format!("You can enter at most {most} tags at once."),
        _ => format!("A field can have at most {most} values."),
    }
}

fn too_long(limit: &Limit) -> String {
    format!("Enter at most {} characters.", thousands(limit.characters))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair(name: &str, value: impl Into<String>) -> (String, String) {
        (name.to_owned(), value.into())
    }

    #[test]
    fn a_form_within_the_limits_is_taken_as_it_is() {
        let form = vec![pair("tags", "a"), pair("tags", "b"), pair("body", "x".repeat(30_000)), pair("", "")];
        assert_eq!(within_limits(form.clone().into_iter()), (form, FieldErrors::default()));
    }

    #[test]
    fn what_is_over_a_limit_is_cut_and_said_at_its_field() {
        let tags = (0..40_000).map(|n| pair("tags", n.to_string()));
        let (kept, errors) = within_limits(tags.chain([pair("name", "é".repeat(10_001))]));
        assert_eq!(kept.len(), 101);
        assert_eq!(errors.at("tags"), Some("You can enter at most 100 tags at once."));
        assert_eq!(errors.at("name"), Some("Enter at most 10,000 characters."));
        assert_eq!(kept.last().map(|(_, value)| value.chars().count()), Some(10_000));
    }

    #[test]
    fn names_that_no_form_has_are_bounded_too() {
        let (kept, errors) = within_limits((0..40_000).map(|n| pair(&format!("n{n}"), "")));
        assert_eq!((kept.len(), errors.at("form")), (PAIRS, Some("A form can have at most 12,000 values.")));
        let (kept, errors) = within_limits(std::iter::once(pair(&"n".repeat(NAME + 1), "")));
        assert!(kept.is_empty() && errors.at("form").is_some());
    }
}
