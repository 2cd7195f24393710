//! Cleans texts: removes invisible characters and limits the length.

use crate::text::{composed, is_invisible};

/// Longest title, in characters.
pub(crate) const TITLE_MAX: usize = 500;

/// Longest description, recommendation or comment.
pub(crate) const LONG_MAX: usize = 32_768;

/// Longest identifier, and longest name of evidence.
pub(crate) const ID_MAX: usize = 500;

/// Longest other text.
pub(crate) const TEXT_MAX: usize = 1_000;

/// Removes control characters and zero-width characters, composes accents with their letters (NFC), trims, and
/// cuts at `max` characters. Line feeds and tabs stay.
pub(crate) fn clean(text: &str, max: usize) -> String {
    bounded(composed(text).chars(), max)
}

/// [`clean`] for a text of one line: line feeds and tabs become blanks.
pub(crate) fn clean_line(text: &str, max: usize) -> String {
    let flat = |c: char| if matches!(c, '\n' | '\t') { ' ' } else { c };
    bounded(composed(text).chars().map(flat), max)
}

fn bounded(chars: impl Iterator<Item = char>, max: usize) -> String {
    let mut kept: String = chars.filter(|&c| !is_unwanted(c)).skip_while(|c| c.is_whitespace()).take(max).collect();
    kept.truncate(kept.trim_end().len());
    kept
}

fn is_unwanted(c: char) -> bool {
    (c.is_control() && !matches!(c, '\n' | '\t')) || is_invisible(c)
}

/// Whether a text is what exporters write for a missing value.
pub(crate) fn is_missing(text: &str) -> bool {
    matches!(text, "" | "-" | "N/A" | "n/a" | "null" | "(null)" | "NULL" | "<NA>")
}

/// The first text that is not empty.
pub(crate) fn first_nonempty<'a>(texts: &[&'a str]) -> Option<&'a str> {
    texts.iter().copied().find(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clean_removes_what_cannot_be_seen() {
        assert_eq!(clean(" a\0b\u{7}\r\n\tc\u{200b}\u{feff} ", 99), "ab\n\tc");
        assert_eq!(clean_line("a\tb\r\nc", 99), "a b c");
        assert_eq!(clean("\u{200b}", 99), "");
        assert_eq!(clean("Cafe\u{301}", 99), "Caf\u{e9}");
    }

    #[test]
    fn clean_cuts_between_characters() {
        assert_eq!(clean("äöü", 2), "äö");
        assert_eq!(clean("  ab cd", 3), "ab");
    }
}
