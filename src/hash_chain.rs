//! Hash chains: the hash of each entry covers the hash of the entry before it, so that no entry can be changed,
//! removed, added or moved without changing every hash after it.

use sha2::{Digest, Sha256};

use crate::hash::hex;

/// What the first entry of a chain follows.
pub const START: &str = "";

/// The hash of one entry while its fields are added. Each field is preceded by its length, so that no two entries
/// have the same bytes.
pub struct Link(Sha256);

impl Link {
    /// An entry after the one with this hash; [`START`] for the first.
    pub fn after(previous: &str) -> Self {
        Self(Sha256::new()).text(previous)
    }

    #[must_use]
    pub fn text(mut self, text: &str) -> Self {
        self.0.update((text.len() as u64).to_be_bytes());
        self.0.update(text.as_bytes());
        self
    }

    #[must_use]
    pub fn number(mut self, number: i64) -> Self {
        self.0.update(8_u64.to_be_bytes());
        self.0.update(number.to_be_bytes());
        self
    }

    /// A text that may be missing, which is not the same as an empty one.
    #[must_use]
    pub fn optional_text(self, text: Option<&str>) -> Self {
        match text {
            Some(text) => self.text(text),
            None => self.missing(),
        }
    }

    #[must_use]
    pub fn optional_number(self, number: Option<i64>) -> Self {
        match number {
            Some(number) => self.number(number),
            None => self.missing(),
        }
    }

    /// A length that no field has.
    fn missing(mut self) -> Self {
        self.0.update(u64::MAX.to_be_bytes());
        self
    }

    /// 64 hexadecimal digits.
    pub fn hash(self) -> String {
        hex(&self.0.finalize())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_a_field_ends_changes_the_hash() {
        let hash = |one: &str, other: &str| Link::after(START).text(one).text(other).hash();
        assert_ne!(hash("ab", "c"), hash("a", "bc"));
    }

    #[test]
    fn missing_and_empty_are_different() {
        let hash = |text| Link::after(START).optional_text(text).hash();
        assert_ne!(hash(None), hash(Some("")));
    }

    #[test]
    fn the_entry_before_changes_the_hash() {
        let hash = |previous| Link::after(previous).number(1).hash();
        assert_ne!(hash(START), hash("0"));
    }
}
