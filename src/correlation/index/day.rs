//! The detections on an entity on one day.

use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Most detections of a day that are kept one by one; further ones never count as routine.
const KEPT: usize = 500;

/// The detections of one entity on one day.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Day {
    /// Detections, each counted once an hour, routine ones left out.
    pub alerts: i64,
    /// The hours of each detection, one bit an hour.
    hours: BTreeMap<String, i64>,
}

impl Day {
    /// Reads what [`Day::text`] wrote.
    pub fn parse(alerts: i64, text: &str) -> Self {
        let hours = text
            .split(',')
            .filter_map(|part| part.split_once(':'))
            .filter_map(|(detection, bits)| Some((detection.to_owned(), i64::from_str_radix(bits, 16).ok()?)))
            .collect();
        Self { alerts, hours }
    }

    /// "hash:bits,hash:bits", the bits in hexadecimal.
    pub fn text(&self) -> String {
        let mut text = String::new();
        for (index, (detection, bits)) in self.hours.iter().enumerate() {
            let _ = write!(text, "{}{detection}:{bits:x}", if index == 0 { "" } else { "," });
        }
        text
    }

    /// The hours of a detection, one bit an hour.
    pub fn hours(&self, detection: &str) -> i64 {
        self.hours.get(detection).copied().unwrap_or(0)
    }

    /// Adds a detection in an hour; returns whether it is new.
    pub fn add(&mut self, detection: &str, hour: i64) -> bool {
        let bit = 1_i64 << hour;
        if let Some(hours) = self.hours.get_mut(detection) {
            let fresh = *hours & bit == 0;
            *hours |= bit;
            return fresh;
        }
        if self.hours.len() < KEPT {
            self.hours.insert(detection.to_owned(), bit);
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_what_it_was_after_it_was_written() {
        let mut day = Day { alerts: 3, ..Day::default() };
        assert!(day.add("00ff", 23) && day.add("00ff", 0) && day.add("abcd", 5));
        assert!(!day.add("00ff", 23), "once an hour");
        assert_eq!(Day::parse(3, &day.text()), day);
        assert_eq!(day.hours("00ff").count_ones(), 2);
        assert_eq!(Day::parse(0, ""), Day::default());
    }
}
