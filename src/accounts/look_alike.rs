//! Names that look like another's: an "а" of Cyrillic for an "a", "rn" for "m", characters that are not seen. Two
//! names look alike when their skeletons of UTS 39 are the same (Unicode Security Mechanisms, section 4).

use unicode_security::skeleton;

/// Whether a text has characters that are not seen: control characters, of no width, or for the direction of
/// writing.
pub fn has_invisible(text: &str) -> bool {
    let is_ignored = |c: char| skeleton(c.encode_utf8(&mut [0; 4])).next().is_none();
    text.chars().any(|c| c.is_control() || is_ignored(c))
}

/// Whether a person could take one name for the other, in any case.
pub fn look_alike(one: &str, other: &str) -> bool {
    skeleton_of(one) == skeleton_of(other) || skeleton_of(&one.to_lowercase()) == skeleton_of(&other.to_lowercase())
}

fn skeleton_of(name: &str) -> String {
    let blanks_as_one = name.split_whitespace().collect::<Vec<_>>().join(" ");
    skeleton(&blanks_as_one).collect()
}

#[cfg(test)]
mod tests {
    use super::{has_invisible, look_alike};

    #[test]
    fn names_that_look_alike_are_told() {
        for (one, other) in [
            ("dana", "d\u{430}na"),
            ("Dana Reyes", "Dana  Reyes"),
            ("Dana Reyes", "Dana\u{a0}Reyes"),
            ("dana", "DANA"),
            ("dana", "D\u{410}NA"),
            ("mei", "rnei"),
            ("Illa", "lIla"),
            ("dana", "da\u{200b}na"),
            ("Zo\u{eb}", "Zoe\u{308}"),
        ] {
            assert!(look_alike(one, other), "{one} {other}");
        }
        for (one, other) in [("dana", "dina"), ("omar", "omer"), ("Zo\u{eb}", "Zoe"), ("analyst1", "analyst2")] {
            assert!(!look_alike(one, other), "{one} {other}");
        }
    }

    #[test]
    fn characters_that_are_not_seen_are_told() {
        for text in ["da\u{200b}na", "\u{202e}anad", "da\u{ad}na", "\u{feff}dana", "da\u{2066}na", "da\tna", "\u{3164}"]
        {
            assert!(has_invisible(text), "{text:?}");
        }
        for text in ["dana", "Zo\u{eb} O'Neil-Å", "Дана", "達奈", "دانا"] {
            assert!(!has_invisible(text), "{text:?}");
        }
    }
}
