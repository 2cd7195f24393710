//! Lists whose order a person chooses.

/// Moves what `is_it` finds in a list by one place, not beyond the ends.
pub fn shift<T>(list: &mut [T], is_it: impl Fn(&T) -> bool, up: bool) {
    let Some(index) = list.iter().position(is_it) else { return };
    let other = if up { index.checked_sub(1) } else { Some(index + 1) };
    if let Some(other) = other.filter(|other| *other < list.len()) {
        list.swap(index, other);
    }
}
