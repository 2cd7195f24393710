//! How many there are, counted up to a limit: counting on takes as long as there are rows.

use crate::text::{counted, thousands};

/// What is counted exactly.
pub const COUNTED: i64 = 1_000;

/// How many there are, up to [`COUNTED`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Count(i64);

impl Count {
    /// A count that is known, or ended one above the limit.
    pub fn up_to(count: i64) -> Self {
        Self(count.min(COUNTED + 1))
    }

    pub fn is_zero(self) -> bool {
        self.0 == 0
    }

    pub fn is_one(self) -> bool {
        self.0 == 1
    }

    /// What was counted; of more than the limit, one above it.
    pub fn counted(self) -> i64 {
        self.0
    }

    /// How many there are of two kinds together.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self::up_to(self.0 + other.0)
    }

    /// "12", or "1,000+".
    pub fn label(self) -> String {
        if self.0 > COUNTED { format!("{}+", thousands(COUNTED)) } else { thousands(self.0) }
    }

    /// "1 incident", "1,000+ incidents".
    pub fn of(self, noun: &str) -> String {
        if self.is_one() { counted(1, noun) } else { format!("{} {noun}s", self.label()) }
    }
}

#[cfg(test)]
mod tests {
    use super::Count;

    #[test]
    fn more_than_is_counted_is_said_to_be_more() {
        let said = [0, 1, 1_000, 1_001, 300_000].map(|count| Count::up_to(count).of("incident"));
        assert_eq!(said, ["0 incidents", "1 incident", "1,000 incidents", "1,000+ incidents", "1,000+ incidents"]);
        assert_eq!(Count::up_to(600).and(Count::up_to(600)).label(), "1,000+");
    }
}
