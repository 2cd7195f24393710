//! Reading single values of the address into the fields of a filter, and writing them back.

/// Values of one parameter that are read; further ones are ignored.
const MOST_VALUES: usize = 50;
/// Longest text that is looked for, in characters.
const TEXT_LIMIT: usize = 200;

/// Adds a value if it is not there; false if it is `None` or the list is full.
pub(super) fn push<T: PartialEq>(list: &mut Vec<T>, value: Option<T>) -> bool {
    let Some(value) = value else { return false };
    if list.contains(&value) {
        return true;
    }
    let fits = list.len() < MOST_VALUES;
    if fits {
        list.push(value);
    }
    fits
}

/// Puts a value in place; false when there is none.
pub(super) fn set<T>(slot: &mut T, value: Option<T>) -> bool {
    let Some(value) = value else { return false };
    *slot = value;
    true
}

/// "me" and "none" in any case, or a user name.
pub(super) fn owner(value: &str) -> String {
    let word = ["me", "none"].into_iter().find(|word| word.eq_ignore_ascii_case(value));
    word.unwrap_or(value).to_owned()
}

pub(super) fn shortened(value: &str) -> String {
    value.chars().take(TEXT_LIMIT).collect()
}

pub(super) fn yes_or_no(value: &str) -> Option<bool> {
    match value {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    }
}

pub(super) fn as_yes_or_no(value: Option<bool>) -> Vec<String> {
    value.map(|yes| if yes { "yes" } else { "no" }.to_owned()).into_iter().collect()
}

pub(super) fn all_or_any(value: &str) -> Option<bool> {
    match value {
        "all" => Some(true),
        "any" => Some(false),
        _ => None,
    }
}

pub(super) fn unless_empty(text: &str) -> Vec<String> {
    if text.is_empty() { Vec::new() } else { vec![text.to_owned()] }
}
