//! What of a long text is shown of a hit: what matches, and what stands around it.

use crate::search_text::refanged;
use crate::text::{composed, folded};

/// Characters shown before and after what matches.
const AROUND: usize = 80;

/// The first place of a text in a longer one, with what stands around it. A defanged address that matches is shown as
/// it is looked for.
pub fn around(text: &str, typed: &str) -> (String, String, String) {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let wanted = folded(typed);
    parts(&text, &wanted).or_else(|| parts(&refanged(&text), &wanted)).unwrap_or_else(|| {
        let beginning = text.chars().take(2 * AROUND).collect();
        (beginning, String::new(), String::new())
    })
}

fn parts(text: &str, wanted: &str) -> Option<(String, String, String)> {
    let text = composed(text);
    let mut key = String::with_capacity(text.len());
    // The place in the text of each byte of the key.
    let mut places = Vec::with_capacity(text.len() + 1);
    for (place, character) in text.char_indices() {
        key.extend(character.to_lowercase());
        places.resize(key.len(), place);
    }
    places.push(text.len());
    let found = key.find(wanted)?;
    let (start, end) = (*places.get(found)?, *places.get(found + wanted.len())?);
    let (before, matching, after) = (text.get(..start)?, text.get(start..end)?, text.get(end..)?);
    let first = before.char_indices().rev().nth(AROUND - 1).map_or(0, |(place, _)| place);
    let last = after.char_indices().nth(AROUND).map_or(after.len(), |(place, _)| place);
    let ellipsis = |cut: bool| if cut { "…" } else { "" };
    Some((
        format!("{}{}", ellipsis(first > 0), before.get(first..)?),
        matching.to_owned(),
        format!("{}{}", after.get(..last)?, ellipsis(last < after.len())),
    ))
}

#[cfg(test)]
mod tests {
    use super::around;

    #[test]
    fn what_matches_is_shown_with_what_stands_around_it() {
        let parts = |(a, b, c): (String, String, String)| format!("{a}[{b}]{c}");
        assert_eq!(parts(around("Asked Ben, he\nknows it", "BEN")), "Asked [Ben], he knows it");
        assert_eq!(parts(around("nothing", "ben")), "nothing[]");
        assert_eq!(parts(around("Blocked hxxp://Evil[.]example", "evil.example")), "Blocked http://[Evil.example]");
        assert_eq!(parts(around("Bo\u{e9} \u{130}a B", "a b")), "Bo\u{e9} \u{130}[a B]");
        let long = format!("{} needle {}", "a".repeat(500), "b".repeat(500));
        let (before, found, after) = around(&long, "needle");
        assert!(before.starts_with('…') && after.ends_with('…') && found == "needle");
        assert!(before.chars().count() < 100 && after.chars().count() < 100);
    }
}
