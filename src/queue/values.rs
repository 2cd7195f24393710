//! Reading single values of the address into the fields of a filter, and writing them back.

/// Values of one parameter that are read; further ones are ignored.
pub(super) const MOST_VALUES: usize = 50;
/// Parts of names that are looked for by one parameter: each is looked up by itself.
pub(super) const MOST_PARTS_OF_NAMES: usize = 20;
/// Longest value of a filter, in characters.
pub(super) const LONGEST_VALUE: usize = 200;
/// Longest title of an alert.
pub(super) const LONGEST_TITLE: usize = 500;
/// Most characters of all values of an address: every link of the page repeats them.
pub(super) const MOST_CHARACTERS: usize = 6_000;

/// Adds a value if it is not there; false if it is `None` or the list is full.
pub(super) fn push<T: PartialEq>(list: &mut Vec<T>, value: Option<T>) -> bool {
    push_at_most(MOST_VALUES, list, value)
}

/// [`push`] for parts of names.
pub(super) fn push_part_of_name(list: &mut Vec<String>, value: &str) -> bool {
    push_at_most(MOST_PARTS_OF_NAMES, list, Some(value.to_owned()))
}

fn push_at_most<T: PartialEq>(most: usize, list: &mut Vec<T>, value: Option<T>) -> bool {
    let Some(value) = value else { return false };
    if list.contains(&value) {
        return true;
    }
    let fits = list.len() < most;
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
