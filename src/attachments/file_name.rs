//! Names of attached files. They come from other people's machines, and often from attackers.

use crate::text::one_line;

/// Longest name in characters. File systems take 255 bytes.
pub const MOST: usize = 200;
/// Longest extension that is kept when a name is cut.
const EXTENSION: usize = 20;

/// A name as it is stored and shown: without folders, control characters and characters that cannot be seen or turn the
/// text around them, in NFC, and not too long. Empty if nothing is left.
pub fn cleaned(sent: &str) -> String {
    let last = sent.rsplit(['/', '\\']).find(|part| !part.trim().is_empty()).unwrap_or_default();
    let name = one_line(last);
    // Windows drops dots and blanks at the end, which would make another name of it.
    let name = name.trim_end_matches(['.', ' ']);
    if name.chars().count() <= MOST {
        return name.to_owned();
    }
    let (stem, extension) = match name.rsplit_once('.') {
        Some((stem, extension)) if extension.chars().count() <= EXTENSION => (stem, format!(".{extension}")),
        _ => (name, String::new()),
    };
    let kept = MOST - extension.chars().count();
    format!("{}{extension}", stem.chars().take(kept).collect::<String>().trim_end())
}

/// The same as a name that every system can store.
pub fn storable(name: &str) -> String {
    name.chars().map(|c| if matches!(c, '<' | '>' | ':' | '"' | '|' | '?' | '*') { '_' } else { c }).collect()
}

/// What follows the last dot, in lower case; empty for nothing.
pub fn extension(name: &str) -> String {
    name.rsplit_once('.').map(|(_, extension)| extension.to_lowercase()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_no_folder_and_nothing_that_cannot_be_seen() {
        for (sent, name) in [
            ("mail.eml", "mail.eml"),
            ("../../etc/passwd", "passwd"),
            ("C:\\fakepath\\a b.txt", "a b.txt"),
            ("invoice\u{202e}fdp.exe", "invoicefdp.exe"),
            ("a\r\nSet-Cookie: b.txt", "a Set-Cookie: b.txt"),
            ("Cafe\u{301}.txt", "Caf\u{e9}.txt"),
            ("evil.exe. .", "evil.exe"),
            ("..", ""),
            ("../", ""),
            (" \u{200b}", ""),
            ("\0a", "a"),
        ] {
            assert_eq!(cleaned(sent), name, "{sent:?}");
        }
    }

    #[test]
    fn a_long_name_keeps_its_extension() {
        let name = cleaned(&format!("{}.pdf", "é".repeat(300)));
        assert_eq!((name.chars().count(), extension(&name).as_str()), (MOST, "pdf"));
        assert_eq!(cleaned(&"a".repeat(300)).len(), MOST);
        assert_eq!(cleaned(&format!("a.{}", "b".repeat(300))).len(), MOST);
    }

    #[test]
    fn what_windows_cannot_store_is_replaced() {
        assert_eq!(storable("a\"><b>|c?.txt"), "a___b__c_.txt");
    }
}
