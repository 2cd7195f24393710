//! What of a long text is shown of a hit: what matches, and what stands around it.

use crate::text::folded;

/// Characters shown before and after what matches.
const AROUND: usize = 80;

/// The first place of a text in a longer one, with what stands around it.
pub fn around(text: &str, typed: &str) -> (String, String, String) {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let letters: Vec<char> = text.chars().collect();
    let wanted: Vec<char> = typed.chars().collect();
    let wanted_key = folded(typed);
    let matches = |window: &&[char]| folded(&window.iter().collect::<String>()) == wanted_key;
    let Some(at) = letters.windows(wanted.len().max(1)).position(|window| matches(&window)) else {
        return (letters.iter().take(2 * AROUND).collect(), String::new(), String::new());
    };
    let (start, end) = (at.saturating_sub(AROUND), at + wanted.len());
    let ellipsis = |cut: bool| if cut { "…" } else { "" };
    let part = |from: usize, to: usize| letters.iter().skip(from).take(to - from).collect::<String>();
    let last = (end + AROUND).min(letters.len());
    (
        format!("{}{}", ellipsis(start > 0), part(start, at)),
        part(at, end),
        format!("{}{}", part(end, last), ellipsis(last < letters.len())),
    )
}

#[cfg(test)]
mod tests {
    use super::around;

    #[test]
    fn what_matches_is_shown_with_what_stands_around_it() {
        let parts = |(a, b, c): (String, String, String)| format!("{a}[{b}]{c}");
        assert_eq!(parts(around("Asked Ben, he\nknows it", "BEN")), "Asked [Ben], he knows it");
        assert_eq!(parts(around("nothing", "ben")), "nothing[]");
        let long = format!("{} needle {}", "a".repeat(500), "b".repeat(500));
        let (before, found, after) = around(&long, "needle");
        assert!(before.starts_with('…') && after.ends_with('…') && found == "needle");
        assert!(before.chars().count() < 100 && after.chars().count() < 100);
    }
}
