//! Value tables: translate a vendor's words and numbers to Watchdesk's words.

use std::collections::HashMap;

use crate::formats::building::clean_text::{TEXT_MAX, clean_line};
use crate::formats::mapping::document_field::Pairs;

/// Translates words, ignoring case: exact words first, then numbers and ranges of them, `*` last. A number that
/// falls between two ranges counts without its fraction: 3.5 belongs to `0-3` where the next is `4-6`.
#[derive(Debug, Clone, Default)]
pub struct ValueTable {
    exact: HashMap<String, String>,
    ranges: Vec<(Range, String)>,
    otherwise: Option<String>,
}

/// A range of numbers; an end may be infinite.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Range {
    from: f64,
    to: f64,
    /// Whether the ends are part of it.
    closed: bool,
}

impl ValueTable {
    /// Compiles entries: words, numbers, `0-3`, `>= 8`, `< 4` or `*`.
    pub fn compile(pairs: &Pairs) -> Result<Self, String> {
        let mut table = Self::default();
        for (word, ours) in &pairs.0 {
            let (word, ours) = (word.trim(), ours.trim().to_owned());
            if word.is_empty() || ours.is_empty() {
                return Err("Each line must be: their word = our word.".to_owned());
            }
            if word == "*" {
                table.otherwise = Some(ours);
            } else if let Some(range) = Range::parse(word)? {
                table.ranges.push((range, ours));
            } else {
                if let Some(number) = finite(word) {
                    table.ranges.insert(0, (Range { from: number, to: number, closed: true }, ours.clone()));
                }
                table.exact.insert(plain(word), ours);
            }
        }
        Ok(table)
    }

    /// The translation of a word; a word that is not in the table stays as it is.
    pub fn look_up(&self, word: &str) -> String {
        let in_range = |number: f64| self.ranges.iter().find(|(range, _)| range.holds(number)).map(|(_, ours)| ours);
        let by_number = || finite(word).and_then(|number| in_range(number).or_else(|| in_range(number.trunc())));
        let found = self.exact.get(&plain(word)).or_else(by_number).or(self.otherwise.as_ref());
        found.cloned().unwrap_or_else(|| word.trim().to_owned())
    }

    /// All translations, for checking them.
    pub fn results(&self) -> impl Iterator<Item = &str> {
        self.exact.values().chain(self.ranges.iter().map(|(_, ours)| ours)).chain(&self.otherwise).map(String::as_str)
    }
}

/// A word as it is compared: in lower case, without what cannot be seen and blanks around it.
fn plain(word: &str) -> String {
    clean_line(word, TEXT_MAX).to_lowercase()
}

fn finite(word: &str) -> Option<f64> {
    plain(word).parse().ok().filter(|number: &f64| number.is_finite())
}

impl Range {
    fn parse(word: &str) -> Result<Option<Self>, String> {
        for (sign, closed, above) in [(">=", true, true), ("<=", true, false), (">", false, true), ("<", false, false)]
        {
            let Some(number) = word.strip_prefix(sign) else { continue };
            let end: f64 = number.trim().parse().map_err(|_| format!("{word:?} has no number to compare with."))?;
            let (from, to) = if above { (end, f64::INFINITY) } else { (f64::NEG_INFINITY, end) };
            return Ok(Some(Self { from, to, closed }));
        }
        let dash = word.char_indices().skip(1).find(|(_, c)| *c == '-').map(|(index, _)| index);
        let connection = dash.and_then(|index| Some((word.get(..index)?, word.get(index + 1..)?)));
        let Some((from, to)) = connection else { return Ok(None) };
        let (Ok(from), Ok(to)) = (from.trim().parse::<f64>(), to.trim().parse::<f64>()) else { return Ok(None) };
        if from > to {
            return Err(format!("The range {word:?} ends before it begins."));
        }
        Ok(Some(Self { from, to, closed: true }))
    }

    fn holds(self, number: f64) -> bool {
        if self.closed { self.from <= number && number <= self.to } else { self.from < number && number < self.to }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn table(pairs: &[(&str, &str)]) -> Result<ValueTable, String> {
        ValueTable::compile(&Pairs(pairs.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect()))
    }

    #[test]
    fn words_ranges_and_the_rest_are_looked_up_in_this_order() {
        let table = table(&[("Crit", "high"), ("0-3", "low"), (">= 7.5", "high"), ("-5--1", "none"), ("*", "medium")]);
        let table = table.unwrap();
        for (word, ours) in
            [("CRIT", "high"), ("0", "low"), ("3.0", "low"), ("9", "high"), ("-2", "none"), ("5", "medium")]
        {
            assert_eq!(table.look_up(word), ours, "{word}");
        }
    }

    #[test]
    fn numbers_count_however_they_are_written() {
        let table = table(&[("0-3", "low"), ("4-6", "medium"), (">= 7", "high"), ("9.0", "informational")]).unwrap();
        for (word, ours) in [
            ("3.5", "low"),
            (" 6.9 ", "medium"),
            ("7.0", "high"),
            ("1e1", "high"),
            ("+4", "medium"),
            ("9", "informational"),
            ("5\u{200b}", "medium"),
            ("-1", "-1"),
            ("inf", "inf"),
            ("7/10", "7/10"),
        ] {
            assert_eq!(table.look_up(word), ours, "{word}");
        }
    }

    #[test]
    fn without_a_rest_an_unknown_word_stays() {
        let table = table(&[("a-b", "x"), ("< 3", "low")]).unwrap();
        assert_eq!(table.look_up(" P1 "), "P1");
        assert_eq!(table.look_up("A-B"), "x");
        assert_eq!(table.look_up("3"), "3");
    }

    #[test]
    fn a_table_that_cannot_be_right_is_refused() {
        assert!(table(&[("5-1", "low")]).unwrap_err().contains("ends before"));
        assert!(table(&[("> x", "low")]).unwrap_err().contains("no number"));
        assert!(table(&[("a", " ")]).unwrap_err().contains("their word"));
    }
}
