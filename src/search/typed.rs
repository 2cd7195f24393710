//! What somebody typed, as it is looked for.

use crate::search_text::refanged;
use crate::text::{composed, folded};

/// Characters that are looked for.
const MOST: usize = 200;

/// What was typed: without the spaces around it, at most 200 characters, and with defanged addresses as they are.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Typed {
    text: String,
}

impl Typed {
    pub fn read(typed: &str) -> Self {
        // A character may be written with five.
        let beginning: String = typed.chars().take(5 * MOST).collect();
        let words = beginning.split_whitespace().collect::<Vec<_>>().join(" ");
        let text: String = refanged(&composed(&words)).chars().take(MOST).collect();
        Self { text: text.trim().to_owned() }
    }

    pub fn as_str(&self) -> &str {
        &self.text
    }

    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// How well a text in lower case matches: 0 for the same, 1 for one that begins with it, 2 for any other.
    pub(super) fn closeness(&self, key: &str) -> u8 {
        let typed = folded(&self.text);
        if key == typed { 0 } else { 2 - u8::from(key.starts_with(&typed)) }
    }
}

#[cfg(test)]
mod tests {
    use super::Typed;

    #[test]
    fn defanged_addresses_are_looked_for_as_they_are() {
        for (typed, meant) in [
            ("hxxps://evil[.]example/a", "https://evil.example/a"),
            ("HXXP://EVIL(.)EXAMPLE", "http://EVIL.EXAMPLE"),
            ("203[.]0[.]113[.]7", "203.0.113.7"),
            ("ana[@]contoso[dot]example", "ana@contoso.example"),
            ("hxxp[:]//evil[.]example", "http://evil.example"),
            ("  two   words ", "two words"),
            ("C:\\Temp\\a.exe", "C:\\Temp\\a.exe"),
            ("a[0]", "a[0]"),
        ] {
            assert_eq!(Typed::read(typed).as_str(), meant, "{typed}");
        }
        assert_eq!(Typed::read(&"a".repeat(1_000)).as_str().len(), 200);
        assert_eq!(Typed::read("cafe\u{301}").as_str(), "caf\u{e9}", "NFC");
    }

    #[test]
    fn the_same_text_is_closer_than_one_that_begins_with_it() {
        let typed = Typed::read("Web");
        assert_eq!(["web", "web-01", "my-web"].map(|key| typed.closeness(key)), [0, 1, 2]);
    }
}
