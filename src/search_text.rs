//! Texts as they are searched: in lower case, on one line, with addresses as programs write them.

use crate::text::folded;

/// A text as it is searched, and as what is typed into a search is looked for: [`folded`], on one line, and with
/// defanged addresses as they are.
pub fn searchable(text: &str) -> String {
    let folded = folded(text);
    refanged(&folded.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// How people write addresses so that nothing makes a link of them, and what they mean.
const DEFANGED: [(&str, &str); 10] = [
    ("[.]", "."),
    ("(.)", "."),
    ("{.}", "."),
    ("[dot]", "."),
    ("(dot)", "."),
    ("[:]", ":"),
    ("[:/", ":/"),
    ("[@]", "@"),
    ("[at]", "@"),
    ("[/]", "/"),
];
/// The same of schemes.
const SCHEMES: [(&str, &str); 4] = [("hxxps:", "https:"), ("hxxp:", "http:"), ("h**p:", "http:"), ("fxp:", "ftp:")];

/// A text with its addresses as programs write them: "hxxp://evil[.]example" becomes "http://evil.example".
pub fn refanged(text: &str) -> String {
    replaced(&replaced(text, &DEFANGED), &SCHEMES)
}

/// Replaces some ASCII texts, in any case, in one pass.
fn replaced(text: &str, all: &[(&str, &str)]) -> String {
    let mut result = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(character) = rest.chars().next() {
        let begins = |(from, _): &&(&str, &str)| {
            rest.get(..from.len()).is_some_and(|beginning| beginning.eq_ignore_ascii_case(from))
        };
        let length = if let Some((from, to)) = all.iter().find(begins) {
            result.push_str(to);
            from.len()
        } else {
            result.push(character);
            character.len_utf8()
        };
        rest = rest.get(length..).unwrap_or_default();
    }
    result
}
